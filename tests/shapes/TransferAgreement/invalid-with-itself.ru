#+ change: the provider is the recipient
#+ results:
#+ - severity: Violation
#+   rule: tts:TransferAgreementShape-provider
#+   component: sh:DisjointConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:provider
#+   value: org-id:company

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:provider <id/org/university> } ;
INSERT DATA { <id/agreement/register/1> tt:provider <id/org/company> }
