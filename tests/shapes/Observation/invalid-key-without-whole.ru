#+ change: the cell of the share is labelled as one of a level
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:cell
#+   value: id:cell/share

BASE <https://w3id.org/techtransfer/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE DATA { <id/cell/share> rdfs:label "contract-value|CY2020|CN|filers|rights-based|share|of=value" } ;
INSERT DATA { <id/cell/share> rdfs:label "contract-value|CY2020|CN|filers|rights-based|share" }
