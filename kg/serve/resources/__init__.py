"""Things of the graph by their own addresses: where each is told, in which format and language, and what leads on.

`addresses` says which path stands for which IRI, `description` asks what the graph holds of it, `documents` writes that
in a syntax of RDF, `links` says what belongs together, and `routes` answers requests; `vocabularies` are the documents
of terms.
"""
