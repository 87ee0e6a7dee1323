#+ change: a calendar year ends in November
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-name
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:period/CY2020
#+   value: id:period/CY2020

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/CY2020> tt:lastDay "2020-12-31"^^xsd:date } ;
INSERT DATA { <id/period/CY2020> tt:lastDay "2020-11-30"^^xsd:date }
