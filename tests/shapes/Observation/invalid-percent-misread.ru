#+ change: percent become per mille
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-statedValue
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:value
#+   value: '0.126'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/growth> tt:unitMultiplier -2 } ;
INSERT DATA { <id/obs/source/growth> tt:unitMultiplier -3 }
