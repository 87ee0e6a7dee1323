#+ change: the earlier period ends with the later one
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-earlierPeriod
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:comparisonPeriod
#+   value: id:period/CY2019

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/CY2019> tt:lastDay "2019-12-31"^^xsd:date } ;
INSERT DATA { <id/period/CY2019> tt:lastDay "2020-12-31"^^xsd:date }
