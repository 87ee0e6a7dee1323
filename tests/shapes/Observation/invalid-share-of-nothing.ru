#+ change: the whole is lost
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-whole
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   value: id:obs/derived/0123456789abcdef

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/0123456789abcdef> tt:wholeChannel <concept/channel/six-ways> }
