#+ change: a nominal end of year begins the day before
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-name
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:period/FY2013-end
#+   value: id:period/FY2013-end

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/FY2013-end> tt:firstDay "2013-12-31"^^xsd:date } ;
INSERT DATA { <id/period/FY2013-end> tt:firstDay "2013-12-30"^^xsd:date }
