#+ change: the cell has the label of another
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:cell
#+   value: id:cell/staff

BASE <https://w3id.org/techtransfer/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE DATA { <id/cell/staff> rdfs:label "full-time-staff|2020-12-31|CN|filers|six-ways|level" } ;
INSERT DATA { <id/cell/staff> rdfs:label "full-time-staff|2020-12-31|CN|filers|all|level" }
