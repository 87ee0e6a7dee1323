#+ change: the number of parts is not given
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-partCount
#+   component: sh:MinCountConstraintComponent
#+   focus: id:partition/six-ways
#+   path: tt:partCount

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/partition/six-ways> tt:partCount 2 }
