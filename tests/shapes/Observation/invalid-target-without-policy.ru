#+ change: the target is attributed to nothing
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-target
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/target
#+   path: tt:attributedTo
#+   value: id:obs/source/target

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/target> tt:attributedTo <id/policy/plan> }
