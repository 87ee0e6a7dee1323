#+ change: a second status
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-status
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:status

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/obs/source/value> tt:status code:estimated }
