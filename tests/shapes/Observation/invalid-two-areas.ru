#+ change: a second area
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:cell
#+   value: id:cell/value
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:refArea

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:refArea <id/area/FR> }
