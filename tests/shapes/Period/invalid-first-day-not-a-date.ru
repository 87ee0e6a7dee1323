#+ change: the first day has no type
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-firstDay
#+   component: sh:DatatypeConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:firstDay
#+   value: '2020-03-20'
#+ - severity: Violation
#+   rule: tts:PeriodShape-firstDay
#+   component: sh:LessThanOrEqualsConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:firstDay
#+   value: '2020-03-20'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <https://example.org/period/spring> tt:firstDay "2020-03-20"^^xsd:date } ;
INSERT DATA { <https://example.org/period/spring> tt:firstDay "2020-03-20" }
