#+ change: the derived observation is called reported
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:statedIn
#+   value: id:obs/derived/0123456789abcdef

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/obs/derived/0123456789abcdef> tt:status code:derived } ;
INSERT DATA { <id/obs/derived/0123456789abcdef> tt:status code:reported }
