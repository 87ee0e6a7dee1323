#+ change: no recipient
#+ results:
#+ - severity: Warning
#+   rule: tts:TransferAgreementAdvice-recipient
#+   component: sh:MinCountConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:recipient

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:recipient <id/org/company> }
