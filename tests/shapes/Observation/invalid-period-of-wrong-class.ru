#+ change: the period is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-refPeriod
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:refPeriod
#+   value: id:period/2020-12-31

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/period/2020-12-31> a tt:Period }
