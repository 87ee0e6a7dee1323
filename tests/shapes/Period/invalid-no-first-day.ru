#+ change: no first day
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-firstDay
#+   component: sh:MinCountConstraintComponent
#+   focus: id:period/CY2020
#+   path: tt:firstDay

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/CY2020> tt:firstDay "2020-01-01"^^xsd:date }
