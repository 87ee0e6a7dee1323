#+ change: no area
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:refArea

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:refArea <id/area/CN> }
