#+ change: no last day
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-lastDay
#+   component: sh:MinCountConstraintComponent
#+   focus: id:period/CY2020
#+   path: tt:lastDay

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/CY2020> tt:lastDay "2020-12-31"^^xsd:date }
