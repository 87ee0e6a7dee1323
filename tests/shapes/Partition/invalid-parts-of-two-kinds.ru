#+ change: a part is an area
#+ results:
#+ - severity: Violation
#+   rule: tts:PartitionShape-kinds
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/rewards
#+   path: tt:partitionPart
#+   value: ind:cash-rewards

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/indicator/cash-rewards> a tt:Indicator } ;
INSERT DATA { <id/indicator/cash-rewards> a tt:Area }
