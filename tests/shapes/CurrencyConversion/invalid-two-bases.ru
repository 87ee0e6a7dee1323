#+ change: a second rate basis
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-rateBasis
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:rateBasis

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/conversion/value> tt:rateBasis code:rate-stated }
