#+ change: a second first day
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-firstDay
#+   component: sh:MaxCountConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:firstDay

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://example.org/period/spring> tt:firstDay "2020-03-21"^^xsd:date }
