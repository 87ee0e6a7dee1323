#+ change: the value lies below its bounds
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-lowerBound
#+   component: sh:LessThanOrEqualsConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:lowerBound
#+   value: '18248.5'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/staff> tt:lowerBound 18248.0 } ;
INSERT DATA { <id/obs/source/staff> tt:lowerBound 18248.5 }
