#+ change: a second derivation
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-derivedBy
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:derivedBy

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/derived/0123456789abcdef> tt:derivedBy <id/derivation/fedcba9876543210> }
