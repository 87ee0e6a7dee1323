"""Shapes to SPARQL: a query for many constraints and all focus nodes. The flow is in `kg.validation.compiler.plan`."""
