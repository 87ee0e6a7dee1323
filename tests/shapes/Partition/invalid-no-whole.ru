#+ change: no whole
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-partitionWhole
#+   component: sh:MinCountConstraintComponent
#+   focus: id:partition/rewards
#+   path: tt:partitionWhole

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/partition/rewards> tt:partitionWhole <id/indicator/rewards> }
