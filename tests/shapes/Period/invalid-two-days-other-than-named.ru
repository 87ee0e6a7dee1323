#+ change: the first day is another than the name says
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-name
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:period/2019-08-01_2020-07-31
#+   value: id:period/2019-08-01_2020-07-31

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/2019-08-01_2020-07-31> tt:firstDay "2019-08-01"^^xsd:date } ;
INSERT DATA { <id/period/2019-08-01_2020-07-31> tt:firstDay "2019-09-01"^^xsd:date }
