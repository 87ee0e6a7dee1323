#+ change: the project of one organization is of another type
#+ results:
#+ - severity: Warning
#+   rule: tts:CollaborationAdvice-alone
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/register/2
#+   value: org-id:a

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/collaboration/register/2> tt:collaborationType code:funded-project } ;
INSERT DATA { <id/collaboration/register/2> tt:collaborationType code:other }
