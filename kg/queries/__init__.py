"""Named queries: files of SPARQL with a typed header, loaded, checked, bound to values and run on any store."""

from kg.queries.files import find, load, read
from kg.queries.named import Column, NamedQuery
from kg.queries.parameters import Parameter
from kg.queries.table import Table, to_csv, to_json, to_rows

__all__ = ["Column", "NamedQuery", "Parameter", "Table", "find", "load", "read", "to_csv", "to_json", "to_rows"]
