#+ change: the last day is a text, which cannot be compared with the first either
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-firstDay
#+   component: sh:LessThanOrEqualsConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:firstDay
#+   value: '2020-03-20'
#+ - severity: Violation
#+   rule: tts:PeriodShape-lastDay
#+   component: sh:DatatypeConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:lastDay
#+   value: '2020-06-20'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <https://example.org/period/spring> tt:lastDay "2020-06-20"^^xsd:date } ;
INSERT DATA { <https://example.org/period/spring> tt:lastDay "2020-06-20" }
