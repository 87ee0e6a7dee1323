#+ change: the derivation is lost
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-derivation
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:derivedBy
#+   value: id:obs/derived/0123456789abcdef

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/0123456789abcdef> tt:derivedBy <id/derivation/0123456789abcdef> }
