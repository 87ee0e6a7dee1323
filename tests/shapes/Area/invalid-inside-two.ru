#+ change: an area lies in two others
#+ results:
#+ - severity: Violation
#+   rule: tts:AreaShape-withinArea
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:area/FR-IDF
#+   path: tt:withinArea

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/area/FR-IDF> tt:withinArea <id/area/EU> }
