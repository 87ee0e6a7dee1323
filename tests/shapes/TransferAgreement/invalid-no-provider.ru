#+ change: no provider
#+ results:
#+ - severity: Violation
#+   rule: tts:TransferAgreementShape-provider
#+   component: sh:MinCountConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:provider

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:provider <id/org/university> }
