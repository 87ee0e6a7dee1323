#+ change: a second last day
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-lastDay
#+   component: sh:MaxCountConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:lastDay

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://example.org/period/spring> tt:lastDay "2020-06-21"^^xsd:date }
