#+ change: no definition
#+ results:
#+ - severity: Violation
#+   rule: tts:PopulationShape-definition
#+   component: sh:MinCountConstraintComponent
#+   focus: id:population/filers
#+   path: skos:definition

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA { <id/population/filers> skos:definition "institutions that filed for the reference year"@en }
