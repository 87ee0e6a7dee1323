#+ change: no period
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-refPeriod
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:refPeriod

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:refPeriod <id/period/CY2020> }
