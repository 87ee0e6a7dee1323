#+ change: the same concept is also a broader one
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptShape-exactMatch
#+   component: sh:DisjointConstraintComponent
#+   focus: ch:licence-exclusive
#+   path: skos:exactMatch
#+   value: https://example.org/exclusive

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { <concept/channel/licence-exclusive> skos:broadMatch <https://example.org/exclusive> }
