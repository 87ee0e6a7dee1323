#+ change: the unit is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-unit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:unit
#+   value: ccy:person

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <concept/unit/person> a tt:Unit }
