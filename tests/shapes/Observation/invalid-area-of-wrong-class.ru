#+ change: the area is described as a period
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:refArea
#+   value: id:area/CN
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:refArea
#+   value: id:area/CN
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/sme-share
#+   path: tt:refArea
#+   value: id:area/CN
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:refArea
#+   value: id:area/CN
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/target
#+   path: tt:refArea
#+   value: id:area/CN
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/threshold
#+   path: tt:refArea
#+   value: id:area/CN
#+ - severity: Violation
#+   rule: tts:ObservationShape-refArea
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:refArea
#+   value: id:area/CN

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/area/CN> a tt:Area } ;
INSERT DATA { <id/area/CN> a tt:Period }
