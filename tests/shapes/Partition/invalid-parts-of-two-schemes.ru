#+ change: a part is in another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-kinds
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/six-ways
#+   path: tt:partitionPart
#+   value: ch:commissioned-work

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA { <concept/channel/rights-based> skos:inScheme <concept/channel> } ;
INSERT DATA { <concept/channel/rights-based> skos:inScheme <concept/theme> }
