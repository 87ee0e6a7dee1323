#+ change: a count of records loses its rule
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-records
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/count
#+   path: tt:operation
#+   value: code:count-records

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/derivation/count> tt:derivationRule <queries/rules/contract-count> }
