#+ change: no date
#+ results:
#+ - severity: Warning
#+   rule: tts:PolicyAdvice-date
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:policy/notice
#+   path: dcterms:issued
#+   value: id:policy/notice

BASE <https://w3id.org/techtransfer/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/policy/notice> dcterms:issued "2021"^^xsd:gYear }
