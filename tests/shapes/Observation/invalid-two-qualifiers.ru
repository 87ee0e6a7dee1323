#+ change: a second qualifier
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-qualifier
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:qualifier

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/obs/source/value> tt:qualifier code:over }
