#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/a/value
#+   path: tt:channel
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/a/value> tt:channel <concept/channel/licence-exclusive> } ;
INSERT DATA { <id/obs/a/value> tt:channel <concept/theme/talent> }
