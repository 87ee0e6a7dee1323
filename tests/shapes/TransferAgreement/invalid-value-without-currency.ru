#+ change: the value has no currency
#+ results:
#+ - severity: Violation
#+   rule: tts:TransferAgreementShape-agreementUnit
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:agreementValue
#+   value: '50000'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:agreementUnit <concept/unit/CNY> }
