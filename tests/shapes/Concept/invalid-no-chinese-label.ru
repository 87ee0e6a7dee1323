#+ change: no Chinese label
#+ results:
#+ - severity: Warning
#+   rule: tts:ConceptAdvice-prefLabel
#+   component: sh:SPARQLConstraintComponent
#+   focus: ch:licensing
#+   path: skos:prefLabel
#+   value: ch:licensing

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA { <concept/channel/licensing> skos:prefLabel "许可"@zh }
