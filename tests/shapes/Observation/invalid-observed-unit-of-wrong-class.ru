#+ change: the observed unit is described as a document
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:observedUnit
#+   value: id:population/filers
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:observedUnit
#+   value: id:population/filers
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/sme-share
#+   path: tt:observedUnit
#+   value: id:population/filers
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:observedUnit
#+   value: id:population/filers
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/target
#+   path: tt:observedUnit
#+   value: id:population/filers
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/threshold
#+   path: tt:observedUnit
#+   value: id:population/filers
#+ - severity: Violation
#+   rule: tts:ObservationShape-observedUnit
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:observedUnit
#+   value: id:population/filers

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/population/filers> a tt:Population } ;
INSERT DATA { <id/population/filers> a tt:Document }
