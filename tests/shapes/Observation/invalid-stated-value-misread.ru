#+ change: a digit of the stated value is wrong
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-statedValue
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:value
#+   value: '18248'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/staff> tt:statedValue 18248.0 } ;
INSERT DATA { <id/obs/source/staff> tt:statedValue 18284.0 }
