#+ change: the share is given in yuan
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-unitKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:unit
#+   value: ccy:CNY

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/0123456789abcdef> tt:unit <concept/unit/ratio> } ;
INSERT DATA { <id/obs/derived/0123456789abcdef> tt:unit <concept/unit/CNY> }
