#+ change: a day begins the day before
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-name
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:period/2024-12-31
#+   value: id:period/2024-12-31

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/2024-12-31> tt:firstDay "2024-12-31"^^xsd:date } ;
INSERT DATA { <id/period/2024-12-31> tt:firstDay "2024-12-30"^^xsd:date }
