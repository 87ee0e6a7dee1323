#+ change: no language
#+ results:
#+ - severity: Warning
#+   rule: tts:DocumentAdvice-language
#+   component: sh:MinCountConstraintComponent
#+   focus: id:doc/report
#+   path: dcterms:language

BASE <https://w3id.org/techtransfer/>
PREFIX dcterms: <http://purl.org/dc/terms/>

DELETE DATA { <id/doc/report> dcterms:language "en" }
