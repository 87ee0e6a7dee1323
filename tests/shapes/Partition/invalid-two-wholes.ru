#+ change: a second whole
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-partitionWhole
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:partition/rewards
#+   path: tt:partitionWhole

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/partition/rewards> tt:partitionWhole <id/indicator/income> }
