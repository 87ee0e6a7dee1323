"""What a statement rests on, and whether it still stands there.

`places` says what a place in a text is and recomputes what is recorded, `records` tells of a record its documents, the
outlets between them and the origin, and its places, `rows` and `checking` compare a document that somebody has with
those places. No text of a document is in the graph: whoever has it can check, and nobody else can copy.
"""

from kg.evidence.places import (
    Outcome,
    RecordedDocument,
    RecordedSpan,
    Result,
    Span,
    digest,
    find,
    paragraph,
    recorded,
    span,
    verify,
)

__all__ = [
    "Outcome",
    "RecordedDocument",
    "RecordedSpan",
    "Result",
    "Span",
    "digest",
    "find",
    "paragraph",
    "recorded",
    "span",
    "verify",
]
