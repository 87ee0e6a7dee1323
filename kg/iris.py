"""How things are named: the base, the patterns of ontology-design section 2, and what a period's name says of its days.

Everything that mints or reads one of our IRIs does so here. Tables build theirs from key columns by the same patterns.
Nothing here touches a store.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

BASE = "https://w3id.org/techtransfer/"

ONTOLOGY = f"{BASE}ontology#"
SHAPES = f"{BASE}shapes#"
CONCEPT = f"{BASE}concept/"
ID = f"{BASE}id/"
GRAPH = f"{BASE}graph/"
QUERY = f"{BASE}queries/"
SCHEMAS = f"{BASE}schemas/"
GENID = f"{BASE}.well-known/genid/"

GRAPH_ONTOLOGY = f"{GRAPH}ontology"
GRAPH_ALIGNMENT = f"{GRAPH}alignment"
GRAPH_CONCEPTS = f"{GRAPH}concepts"
GRAPH_REGISTRY = f"{GRAPH}registry"
GRAPH_JUDGEMENTS = f"{GRAPH}judgements"
GRAPH_DERIVED = f"{GRAPH}derived"
GRAPH_META = f"{GRAPH}meta"

GRAPH_RELEASE = f"{GRAPH}release"
"""On a SPARQL server elsewhere: which release it holds. It belongs to no release."""
GRAPH_MERGED = f"{GRAPH}merged"
"""There as well: each triple of a release once, where some triple stands in two of its graphs."""
GRAPHS_STAGED = f"{GRAPH}staging/"
"""There as well: where graphs lie until they are moved into place."""


def graph(name: str) -> str:
    """The IRI of one of our named graphs: ``graph("source/seed-articles")``."""
    return f"{GRAPH}{name}"


def source_graph(source: str) -> str:
    """The graph that holds all that one source states."""
    return graph(f"source/{source}")


def rows_graph(graph: str) -> str:
    """The graph beside that of a register which says in which rows of which files its records stand."""
    return f"{graph}/rows"


def identifier(path: str) -> str:
    """The IRI of a thing from its path below ``id/``: ``identifier("org/ncste")``."""
    return f"{ID}{path}"


def concept(path: str) -> str:
    """The IRI of a concept from its path below ``concept/``: ``concept("channel/six-ways")``."""
    return f"{CONCEPT}{path}"


def local(iri: str) -> str:
    """The last path segment of an IRI, after its last slash or hash."""
    return re.split(r"[/#]", iri)[-1]


def short_hash(*parts: str) -> str:
    """The first 16 hex digits of the SHA-256 of the parts joined by newlines.

    The same parts give the same name on every machine and in every release; with 16 digits the chance that two of
    190,000 names meet is one in 10^9 (birthday bound).
    """
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def cell_iri(key: str) -> str:
    """The IRI of the statistical cell with this canonical key (ontology-design section 5)."""
    return identifier(f"cell/{short_hash(key)}")


def derived_observation_iri(operation: str, *operands: str) -> str:
    """The IRI of the observation that an operation makes from its operands, in the order given."""
    return identifier(f"obs/derived/{short_hash(operation, *operands)}")


def derivation_iri(operation: str, *operands: str) -> str:
    """The IRI of the activity that made a derived observation."""
    return identifier(f"derivation/{short_hash(operation, *operands)}")


@dataclass(frozen=True)
class Days:
    """The closed interval of days that a period's name stands for.

    ``nominal`` is true where the name does not fix the days: each respondent's own fiscal year, say.
    """

    first: date
    last: date
    nominal: bool = False


_DAY = r"(\d{4})-(\d{2})-(\d{2})"
_PERIODS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Days]], ...] = (
    (re.compile(r"CY(\d{4})"), lambda m: _year(m[1])),
    (re.compile(r"FY(\d{4})"), lambda m: Days(*_bounds(_year(m[1])), nominal=True)),
    (re.compile(r"FY(\d{4})-end"), lambda m: Days(_year(m[1]).last, _year(m[1]).last, nominal=True)),
    (re.compile(rf"{_DAY}_{_DAY}"), lambda m: Days(_date(m, 1), _date(m, 4))),
    (re.compile(_DAY), lambda m: Days(_date(m, 1), _date(m, 1))),
)


def period_days(iri: str) -> Days:
    """The days that the IRI of a period names.

    Raises
    ------
    ValueError
        The name follows none of the patterns ``CY2020``, ``2019-08-01_2020-07-31``, ``2024-12-31``, ``FY2013``,
        ``FY2013-end``, names a day that does not exist, ends before it begins, or writes a calendar year as two days.
    """
    name = iri.removeprefix(f"{ID}period/")
    for pattern, days in _PERIODS:
        if match := pattern.fullmatch(name):
            return _checked(name, days(match))
    known = "CY2020, 2019-08-01_2020-07-31, 2024-12-31, FY2013, FY2013-end"
    raise ValueError(f"{name!r} is not the name of a period (known forms: {known})")


def is_period(iri: str) -> bool:
    """Whether the IRI names a period."""
    try:
        period_days(iri)
    except ValueError:
        return False
    return True


def _checked(name: str, days: Days) -> Days:
    if days.first > days.last:
        raise ValueError(f"{name!r} ends before it begins")
    if "_" in name and days == _year(str(days.first.year)):
        raise ValueError(f"{name!r} is a calendar year and must be written CY{days.first.year}")
    return days


def _year(year: str) -> Days:
    return Days(date(int(year), 1, 1), date(int(year), 12, 31))


def _bounds(days: Days) -> tuple[date, date]:
    return days.first, days.last


def _date(match: re.Match[str], group: int) -> date:
    return date(int(match[group]), int(match[group + 1]), int(match[group + 2]))


def year_before(period: str) -> str:
    """The IRI of the period one year earlier, in the same form; 29 February becomes 28 February.

    Raises
    ------
    ValueError
        The IRI does not name a period.
    """
    days = period_days(period)
    name = period.removeprefix(f"{ID}period/")
    if name.startswith(("CY", "FY")):
        return identifier(f"period/{name[:2]}{days.first.year - 1}{name[6:]}")
    ends = [_minus_a_year(day).isoformat() for day in (days.first, days.last)]
    return identifier(f"period/{'_'.join(ends if '_' in name else ends[:1])}")


def last_day(period: str) -> str:
    """The IRI of the period that is the last day of another, in the same form: that of a fiscal year is its end.

    Raises
    ------
    ValueError
        The IRI does not name a period.
    """
    days = period_days(period)
    name = f"FY{days.last.year}-end" if days.nominal else days.last.isoformat()
    return identifier(f"period/{name}")


def _minus_a_year(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
