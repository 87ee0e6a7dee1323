#+ change: the value is a floating-point number
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-value
#+   component: sh:DatatypeConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:value
#+   value: '125600000000'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:value 125600000000.0 } ;
INSERT DATA { <id/obs/source/value> tt:value 125600000000.0e0 }
