#+ change: the one who has the share is lost, and nothing else says of what
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/sme-share
#+   path: tt:cell
#+   value: id:cell/sme-share
#+ - severity: Violation
#+   rule: tts:ObservationShape-whole
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/sme-share
#+   value: id:obs/source/sme-share

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/sme-share> tt:counterpart <concept/counterpart/sme> }
