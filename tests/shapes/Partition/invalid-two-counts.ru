#+ change: a second number of parts
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-partCount
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:partition/six-ways
#+   path: tt:partCount
#+ - severity: Violation
#+   rule: tts:PartitionShape-parts
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/six-ways
#+   path: tt:partCount
#+   value: '3'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/partition/six-ways> tt:partCount 3 }
