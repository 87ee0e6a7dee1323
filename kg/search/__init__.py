"""Full-text search over a release: an index of its own, made when it is published, asked without the database.

`kg.search.folding` says what counts as equal, `kg.search.things` what is found, `kg.search.building` what the index
holds, `kg.search.finding` in which order hits come.
"""

from kg.search.finding import Hit, Page, search, suggest
from kg.search.index import Index, prepare, ready
from kg.search.questions import Question, question
from kg.search.telling import Choice, Told, as_json, choices, told

__all__ = [
    "Choice",
    "Hit",
    "Index",
    "Page",
    "Question",
    "Told",
    "as_json",
    "choices",
    "prepare",
    "question",
    "ready",
    "search",
    "suggest",
    "told",
]
