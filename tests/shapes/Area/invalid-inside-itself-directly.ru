#+ change: an area lies in itself
#+ results:
#+ - severity: Violation
#+   rule: tts:AreaShape-cycle
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:area/EU
#+   path: tt:withinArea
#+   value: id:area/EU

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/area/EU> tt:withinArea <id/area/EU> }
