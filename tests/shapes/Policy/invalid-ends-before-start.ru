#+ change: in force until the day before it starts
#+ results:
#+ - severity: Violation
#+   rule: tts:PolicyShape-inForceFrom
#+   component: sh:LessThanOrEqualsConstraintComponent
#+   focus: id:policy/plan
#+   path: tt:inForceFrom
#+   value: '2021-01-01'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/policy/plan> tt:inForceUntil "2025-12-31"^^xsd:date } ;
INSERT DATA { <id/policy/plan> tt:inForceUntil "2020-12-31"^^xsd:date }
