#+ change: no cell
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cell
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:cell

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:cell <id/cell/value> }
