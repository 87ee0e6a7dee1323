"""Growth along a series: from the level of one year to that of the next, whichever documents give them.

Within one document `kg.derivation.rules` does this already. Across documents one value a cell has to be chosen, and it
is chosen as queries for a chart choose: by status, quality of the source, precision, date of issue (ontology-design
section 6). Where documents contradict each other on a level there is nothing to choose from, and no growth. The result
is growth of totals: its basis says so, and it is never compared with growth that a source states on another basis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from kg import iris
from kg.derivation.figures import LEVEL, Figure, Key
from kg.derivation.rules import Derived, growth
from kg.store.base import Store, text_of
from kg.vocabulary import DCTERMS, TT

STATUS = tuple(iris.concept(f"code/{name}") for name in ("restated", "reported", "estimated"))
QUALITY = tuple(iris.concept(f"code/{name}") for name in ("official", "press", "seed", "mirror"))

Rank = tuple[int, int, float, str, str]
"""What makes one figure of a cell come before another: the smaller, the better."""

_DOCUMENTS = f"""SELECT ?document ?quality ?issued WHERE {{
  ?document a <{TT.Document}> .
  OPTIONAL {{ ?document <{TT.sourceQuality}> ?quality }}
  OPTIONAL {{ ?document <{DCTERMS.issued}> ?issued }}
}}"""


def across(operands: Iterable[Figure], rank: Callable[[Figure], Rank]) -> Iterator[Derived]:
    """Growth between the chosen levels of successive years, where no single document gives both.

    Parameters
    ----------
    operands
        Current figures of all documents.
    rank
        See `ranking`.
    """
    cells: dict[tuple[Key, str], list[Figure]] = {}
    for figure in sorted(operands, key=rank):
        if figure.key.transformation == LEVEL:
            cells.setdefault((figure.key, figure.unit), []).append(figure)
    for (key, unit), claims in cells.items():
        earlier = cells.get((replace(key, period=iris.year_before(key.period)), unit), [])
        if earlier and _agree(claims) and _agree(earlier) and not _contexts(claims) & _contexts(earlier):
            yield from growth(claims[0], earlier[0])


def _agree(claims: Sequence[Figure]) -> bool:
    """Whether the claims on one cell, the best first, all allow what the best one does."""
    return all(claim.interval.meets(claims[0].interval) for claim in claims)


def _contexts(claims: Iterable[Figure]) -> set[tuple[str, str]]:
    return {claim.context for claim in claims}


def ranking(store: Store, graphs: Sequence[str]) -> Callable[[Figure], Rank]:
    """The order of figures of one cell, from what the graph knows of their documents."""
    known: dict[str, tuple[int, str]] = {}
    for row in store.select(_DOCUMENTS, graphs=graphs):
        document, quality, issued = (text_of(row.get(name)) for name in ("document", "quality", "issued"))
        known[document] = (_place(QUALITY, quality), _later_first(issued))

    def rank(figure: Figure) -> Rank:
        quality, issued = known.get(figure.document, (len(QUALITY), ""))
        width = float(figure.interval.high - figure.interval.low)
        return _place(STATUS, figure.status), quality, width, issued, figure.iri

    return rank


def _place(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _later_first(issued: str) -> str:
    """A text that sorts later dates before earlier ones, and a missing date last."""
    return "".join(str(9 - int(digit)) for digit in issued if digit.isdigit()) or "~"
