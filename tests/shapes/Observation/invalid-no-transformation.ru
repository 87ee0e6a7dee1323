#+ change: no transformation
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-transformation
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:transformation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/obs/source/value> tt:transformation code:level }
