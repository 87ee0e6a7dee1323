#+ change: the other document is a mirror, too
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-onlyMirrors
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/mirrored
#+   value: id:obs/a/mirrored

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/a/mirrored> tt:statedIn <id/doc/official> } ;
INSERT DATA { <id/obs/a/mirrored> tt:statedIn <id/doc/mirror> }
