#+ change: the compiler is removed
#+ results:
#+ - severity: Violation
#+   rule: tts:EditionStatementShape-says
#+   component: sh:MinCountConstraintComponent
#+   focus: id:edition-statement/source/2021
#+   path: tt:saysCompiler|tt:saysGuide|tt:saysReleasedBy|tt:saysReleasedIn|tt:saysReleasedAt

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/edition-statement/source/2021> tt:saysCompiler <id/org/institute> }
