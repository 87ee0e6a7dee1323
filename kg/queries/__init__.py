"""Named queries: files of SPARQL with a typed header, loaded, checked, bound to values and run on any store."""

from kg.queries.asking import asked
from kg.queries.files import find, load, read, typed
from kg.queries.forms import FORMS, frame, written
from kg.queries.named import Column, NamedQuery
from kg.queries.paging import Held, Page, Place, cursor_release, page, place
from kg.queries.parameters import Parameter
from kg.queries.table import Table, to_csv, to_json, to_rows
from kg.queries.values import choices, resolved

__all__ = [
    "FORMS",
    "Column",
    "Held",
    "NamedQuery",
    "Page",
    "Parameter",
    "Place",
    "Table",
    "asked",
    "choices",
    "cursor_release",
    "find",
    "frame",
    "load",
    "page",
    "place",
    "read",
    "resolved",
    "to_csv",
    "to_json",
    "to_rows",
    "typed",
    "written",
]
