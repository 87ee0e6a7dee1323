#+ change: the outermost area lies in one of its parts
#+ results:
#+ - severity: Violation
#+   rule: tts:AreaShape-cycle
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:area/EU
#+   path: tt:withinArea
#+   value: id:area/FR
#+ - severity: Violation
#+   rule: tts:AreaShape-cycle
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:area/FR
#+   path: tt:withinArea
#+   value: id:area/EU

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/area/EU> tt:withinArea <id/area/FR> }
