#+ change: the cell is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cell
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:cell
#+   value: id:cell/staff

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/cell/staff> a tt:StatisticalCell }
