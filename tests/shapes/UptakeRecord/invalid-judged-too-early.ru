#+ change: judged in the month before the edition was issued
#+ results:
#+ - severity: Violation
#+   rule: tts:UptakeRecordShape-afterEdition
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:judgedOn
#+   value: '2022-05-31'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/uptake/1> tt:judgedOn "2022-06-01"^^xsd:date } ;
INSERT DATA { <id/uptake/1> tt:judgedOn "2022-05-31"^^xsd:date }
