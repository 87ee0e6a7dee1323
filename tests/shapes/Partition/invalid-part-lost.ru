#+ change: a part is lost
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-parts
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/rewards
#+   path: tt:partCount
#+   value: '2'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/partition/rewards> tt:partitionPart <id/indicator/cash-rewards> }
