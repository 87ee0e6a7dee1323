#+ change: the value lies above its bounds
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-value
#+   component: sh:LessThanOrEqualsConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:value
#+   value: '18248'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/staff> tt:upperBound 18248.0 } ;
INSERT DATA { <id/obs/source/staff> tt:upperBound 18247.5 }
