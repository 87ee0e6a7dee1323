#+ change: billions become hundreds of millions
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-statedValue
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:value
#+   value: '125600000000'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:unitMultiplier 9 } ;
INSERT DATA { <id/obs/source/value> tt:unitMultiplier 8 }
