#+ change: refersTo is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:MentionShape-refersTo
#+   component: sh:NodeKindConstraintComponent
#+   focus: id:mention/source/1
#+   path: tt:refersTo
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/mention/source/1> tt:refersTo "wrong" }
