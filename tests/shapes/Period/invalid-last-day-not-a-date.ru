#+ change: the last day is a time of day, too
#+ results:
#+ - severity: Violation
#+   rule: tts:PeriodShape-lastDay
#+   component: sh:DatatypeConstraintComponent
#+   focus: https://example.org/period/spring
#+   path: tt:lastDay
#+   value: '2020-06-20T00:00:00'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <https://example.org/period/spring> tt:lastDay "2020-06-20"^^xsd:date } ;
INSERT DATA { <https://example.org/period/spring> tt:lastDay "2020-06-20T00:00:00"^^xsd:dateTime }
