#+ change: no unit
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-unit
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:unit

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:unit <concept/unit/CNY> }
