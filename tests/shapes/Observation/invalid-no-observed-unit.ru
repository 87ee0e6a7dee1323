#+ change: no observed unit
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:observedUnit

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:observedUnit <id/population/filers> }
