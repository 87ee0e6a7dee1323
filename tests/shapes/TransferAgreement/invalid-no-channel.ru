#+ change: no channel
#+ results:
#+ - severity: Violation
#+   rule: tts:TransferAgreementShape-channel
#+   component: sh:MinCountConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:channel

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:channel <concept/channel/licence-exclusive> }
