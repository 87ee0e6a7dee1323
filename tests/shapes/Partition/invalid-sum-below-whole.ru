#+ change: the parts add up to less
#+ results:
#+ - severity: Warning
#+   rule: tts:PartitionAdvice-sum
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/six-ways
#+   value: id:obs/source/contracts

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/sum> tt:upperBound 466882.0 } ;
INSERT DATA { <id/obs/derived/sum> tt:upperBound 466881.0 }
