#+ change: asset is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:TransferAgreementShape-asset
#+   component: sh:NodeKindConstraintComponent
#+   focus: id:agreement/register/1
#+   path: tt:asset
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/agreement/register/1> tt:asset "wrong" }
