#+ change: the channel is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-channel
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:channel
#+   value: ch:rights-based

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA { <concept/channel/rights-based> a skos:Concept }
