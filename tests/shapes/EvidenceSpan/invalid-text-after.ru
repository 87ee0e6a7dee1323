#+ change: the text after the span is quoted
#+ results:
#+ - severity: Violation
#+   rule: tts:QuotationShape-suffix
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: oa:suffix

BASE <https://w3id.org/techtransfer/>
PREFIX oa: <http://www.w3.org/ns/oa#>

INSERT DATA { <id/doc/report/span/204-222> oa:suffix "in" }
