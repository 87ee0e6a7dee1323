"""SPARQL as text: what a query or an update says, read before an engine gets it."""
