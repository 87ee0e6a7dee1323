#+ change: a count of records loses its graph
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-records
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/count
#+   path: tt:operation
#+   value: code:count-records

BASE <https://w3id.org/techtransfer/>
PREFIX prov: <http://www.w3.org/ns/prov#>

DELETE DATA { <id/derivation/count> prov:used <graph/source/register> }
