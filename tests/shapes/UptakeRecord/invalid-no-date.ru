#+ change: no date
#+ results:
#+ - severity: Violation
#+   rule: tts:UptakeRecordShape-judgedOn
#+   component: sh:MinCountConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:judgedOn

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/uptake/1> tt:judgedOn "2022-06-01"^^xsd:date }
