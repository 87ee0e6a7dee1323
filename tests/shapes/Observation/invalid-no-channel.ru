#+ change: no channel
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-channel
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:channel

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:channel <concept/channel/six-ways> }
