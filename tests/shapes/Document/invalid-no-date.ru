#+ change: no date of issue
#+ results:
#+ - severity: Info
#+   rule: tts:DocumentNote-issued
#+   component: sh:MinCountConstraintComponent
#+   focus: id:doc/report
#+   path: dcterms:issued

BASE <https://w3id.org/techtransfer/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/doc/report> dcterms:issued "2022-07"^^xsd:gYearMonth }
