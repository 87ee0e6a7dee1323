#+ change: the missed target is called reported
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/target
#+   value: id:obs/a/target

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/obs/plan/target> tt:status code:target } ;
INSERT DATA { <id/obs/plan/target> tt:status code:reported }
