#+ change: the series has another lag
#+ results:
#+ - severity: Warning
#+   rule: tts:ReportEditionAdvice-editionLag
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:edition/report-2021
#+   path: tt:editionYear
#+   value: '2021'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/series/report> tt:editionLag 1 } ;
INSERT DATA { <id/series/report> tt:editionLag 0 }
