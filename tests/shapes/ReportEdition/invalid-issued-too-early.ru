#+ change: issued on a day of the year covered
#+ results:
#+ - severity: Warning
#+   rule: tts:ReportEditionAdvice-issued
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:edition/report-2021
#+   path: dcterms:issued
#+   value: '2020-12-28'

BASE <https://w3id.org/techtransfer/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/edition/report-2021> dcterms:issued "2022-06-29"^^xsd:date } ;
INSERT DATA { <id/edition/report-2021> dcterms:issued "2020-12-28"^^xsd:date }
