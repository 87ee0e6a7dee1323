#+ change: the channel is a group
#+ results:
#+ - severity: Warning
#+   rule: tts:TransferAgreementAdvice-groupChannel
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:channel
#+   value: ch:licensing

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:channel <concept/channel/licence-exclusive> } ;
INSERT DATA { <id/agreement/register/1> tt:channel <concept/channel/licensing> }
