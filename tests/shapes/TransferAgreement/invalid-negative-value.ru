#+ change: the value is negative
#+ results:
#+ - severity: Violation
#+   rule: tts:TransferAgreementShape-agreementValue
#+   component: sh:MinInclusiveConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:agreementValue
#+   value: '-50000'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:agreementValue 50000.0 } ;
INSERT DATA { <id/agreement/register/1> tt:agreementValue -50000.0 }
