#+ change: only the year is given
#+ results:
#+ - severity: Violation
#+   rule: tts:UptakeRecordShape-judgedOn
#+   component: sh:DatatypeConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:judgedOn
#+   value: '2023'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/uptake/1> tt:judgedOn "2022-06-01"^^xsd:date } ;
INSERT DATA { <id/uptake/1> tt:judgedOn "2023"^^xsd:gYear }
