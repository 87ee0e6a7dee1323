#+ change: the text is quoted
#+ results:
#+ - severity: Violation
#+   rule: tts:QuotationShape-exact
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: oa:exact

BASE <https://w3id.org/techtransfer/>
PREFIX oa: <http://www.w3.org/ns/oa#>

INSERT DATA { <id/doc/report/span/204-222> oa:exact "125.6 billion yuan" }
