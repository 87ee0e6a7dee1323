#+ change: the text before the span is quoted
#+ results:
#+ - severity: Violation
#+   rule: tts:QuotationShape-prefix
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: oa:prefix

BASE <https://w3id.org/techtransfer/>
PREFIX oa: <http://www.w3.org/ns/oa#>

INSERT DATA { <id/doc/report/span/204-222> oa:prefix "of" }
