#+ change: the group lies below its member
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptShape-cycle
#+   component: sh:SPARQLConstraintComponent
#+   focus: ch:licence-exclusive
#+   path: skos:broader
#+   value: ch:licensing
#+ - severity: Violation
#+   rule: tts:ConceptShape-cycle
#+   component: sh:SPARQLConstraintComponent
#+   focus: ch:licensing
#+   path: skos:broader
#+   value: ch:licence-exclusive

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { <concept/channel/licensing> skos:broader <concept/channel/licence-exclusive> }
