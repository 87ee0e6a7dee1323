#+ change: the whole is reported lower
#+ results:
#+ - severity: Warning
#+   rule: tts:PartitionAdvice-sum
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/six-ways
#+   value: id:obs/source/contracts

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/contracts> tt:upperBound 466882.0 } ;
INSERT DATA { <id/obs/source/contracts> tt:upperBound 466881.0 }
