#+ change: the growth is given in yuan
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-unitKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:unit
#+   value: ccy:CNY

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/growth> tt:unit <concept/unit/ratio> } ;
INSERT DATA { <id/obs/source/growth> tt:unit <concept/unit/CNY> }
