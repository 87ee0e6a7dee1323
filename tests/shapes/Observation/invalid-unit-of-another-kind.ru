#+ change: the indicator counts what is given as money
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-unitKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/threshold
#+   path: tt:unit
#+   value: ccy:count

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/indicator/organizations-above-threshold> tt:unitKind code:count } ;
INSERT DATA { <id/indicator/organizations-above-threshold> tt:unitKind code:money }
