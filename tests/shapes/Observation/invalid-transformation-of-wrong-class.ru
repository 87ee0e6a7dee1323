#+ change: the transformation is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-transformation
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:transformation
#+   value: code:growth

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA { <concept/code/growth> a skos:Concept }
