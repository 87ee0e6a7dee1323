#+ change: a nominal fiscal year begins in April
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-name
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:period/FY2013
#+   value: id:period/FY2013

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/FY2013> tt:firstDay "2013-01-01"^^xsd:date } ;
INSERT DATA { <id/period/FY2013> tt:firstDay "2013-04-01"^^xsd:date }
