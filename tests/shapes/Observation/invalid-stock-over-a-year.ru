#+ change: the period of the stock begins in January
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-stock
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:refPeriod
#+   value: id:period/2020-12-31

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE DATA { <id/period/2020-12-31> tt:firstDay "2020-12-31"^^xsd:date } ;
INSERT DATA { <id/period/2020-12-31> tt:firstDay "2020-01-01"^^xsd:date }
