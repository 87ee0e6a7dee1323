#+ change: no date
#+ results:
#+ - severity: Warning
#+   rule: tts:TransferAgreementAdvice-agreedOn
#+   component: sh:MinCountConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:agreedOn

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/agreement/register/1> tt:agreedOn "2020-05-04"^^xsd:date }
