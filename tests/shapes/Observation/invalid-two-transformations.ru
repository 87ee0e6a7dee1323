#+ change: a second transformation
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:cell
#+   value: id:cell/staff
#+ - severity: Violation
#+   rule: tts:ObservationShape-comparison
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   value: id:obs/source/staff
#+ - severity: Violation
#+   rule: tts:ObservationShape-transformation
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:transformation
#+ - severity: Violation
#+   rule: tts:ObservationShape-unitKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:unit
#+   value: ccy:person

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/obs/source/staff> tt:transformation code:growth }
