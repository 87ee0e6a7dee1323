"""Groups that are written otherwise over many nodes, and some close to them that must stay as they are."""

from __future__ import annotations

READ = [
    "$this e:q ?value",
    "$this e:q/e:q/e:p ?value",
    "$this e:q|e:r ?value",
    "$this a e:C ; e:q ?value . ?value e:q ?x , ?y FILTER(?x = ?y)",
    "$this e:q ?x . ?value e:q ?x",
    'BIND(1 AS ?one) $this e:p ?one OPTIONAL { $this e:r ?value FILTER(?value != "x") }',
    "$this e:p 1 , ?x ; e:q ?y . ?y e:q ?z . ?z e:q ?value",
]
"""Triples that are joined as a whole."""

NOT_READ = [
    "$this ?p ?value",
    "$this e:q* ?value",
    "$this ^e:q ?value",
    "$this e:q [ e:q ?value ]",
    "$this e:q _:x FILTER(isIRI($this)) _:x e:q ?value FILTER NOT EXISTS { $this e:r 9 }",
    "?other e:q $this ; e:r ?value",
    "$this e:p 1.0 , ?value",
    "{ $this e:q ?value } UNION { $this e:r ?value }",
    "OPTIONAL { $this e:q ?value }",
]
"""Triples that stay: no single predicate, blank nodes, a way that leads backwards, or not all must be there."""

APART = [
    "FILTER NOT EXISTS { $this e:q ?x . ?x e:p ?y FILTER(?y = 3) }",
    "FILTER NOT EXISTS { $this e:q/e:q ?x }",
    "$this e:q ?value FILTER NOT EXISTS { $this e:p ?x FILTER(?x = 1 && ?value = e:b) }",
    "$this e:q ?x . ?x e:q ?value FILTER NOT EXISTS { $this e:r ?y FILTER(?y = ?value || ?y = 'x') }",
    "$this e:q ?value FILTER NOT EXISTS { ?value e:p ?x FILTER(bound(?nothing) || ?x = 3) }",
    "$this e:r ?value FILTER NOT EXISTS { $this e:p ?x FILTER(?x < ?value) }",
    "BIND(IF(isIRI($this), IRI(REPLACE(STR($this), 'a$', 'b')), $this + 1) AS ?value) "
    "FILTER NOT EXISTS { ?value e:q ?x FILTER(!sameTerm(?x, $this)) }",
    "$this e:p ?value BIND(?value + 1 AS ?next) FILTER NOT EXISTS { $this e:p ?next }",
    "$this e:p ?value BIND(?value + 1 AS ?next) FILTER NOT EXISTS { $this e:q ?x FILTER(bound(?next) && isIRI(?x)) }",
    "FILTER NOT EXISTS { $this e:p 3 } OPTIONAL { $this e:p ?value }",
    "{ $this e:q ?value } UNION { $this e:r ?value FILTER NOT EXISTS { $this e:p ?x FILTER(?x = 1) } }",
]
"""What must not exist, set apart."""

NOT_APART = [
    "$this a e:C OPTIONAL { $this e:q ?value } FILTER NOT EXISTS { ?value e:p ?x FILTER(?x = 3) }",
    "{ SELECT $this ?value { $this a e:C OPTIONAL { $this e:q ?value } } } FILTER NOT EXISTS { ?value e:p ?x }",
    "$this e:q ?value FILTER NOT EXISTS { ?other e:p ?x FILTER(?x = 2) }",
    "$this e:q ?value FILTER NOT EXISTS { ?other e:p ?x FILTER(?x = 3 && $this = e:a) }",
    "$this e:q ?value FILTER NOT EXISTS { $this ?p ?x FILTER(?x = 2) }",
    "$this e:q ?value FILTER NOT EXISTS { $this e:p ?x FILTER EXISTS { ?value e:p ?x } }",
    "$this e:q ?value FILTER NOT EXISTS { { $this e:p ?x } UNION { ?x e:p 2 } }",
    "OPTIONAL { $this e:r ?x } BIND(?x AS ?value) FILTER NOT EXISTS { $this e:q ?y FILTER(?y = ?value) }",
    "BIND(EXISTS { $this e:p 1 } AS ?value) FILTER NOT EXISTS { $this e:q ?y FILTER(?value) }",
    "?value e:r $this FILTER NOT EXISTS { $this e:q ?x . ?x e:q ?y FILTER(?y = ?value) }",
    "$this e:q ?value FILTER NOT EXISTS { $this e:q/e:q/e:q/e:q/e:q ?value }",
    "$this e:q ?value FILTER EXISTS { $this e:p ?x FILTER(?x = 1) }",
]
"""What has a value that may be missing, is not tied to the nodes, or more in it than triples and filters."""

AT_ONCE = [*READ, *NOT_READ, *APART, *NOT_APART]
