"""What is to be found: the things of a release that have a name, a text or an identifier, read from its statements.

In come frames of `kg.export.columns`, which hold subjects whole, so nothing is kept from one to the next but counts of
links, and those on disk (`kg.search.building`). A graph of any kind works: besides the project's own terms those of
SKOS, Dublin Core, FOAF and schema.org are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from kg import iris
from kg.vocabulary import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, TT

_SCHEMA_ORG = ("http://schema.org/", "https://schema.org/")
_DC = "http://purl.org/dc/elements/1.1/"

NAME, TITLE, OTHER = range(3)
"""Kinds of names: the one to show, a title, which stands in for it, and any other."""
NAMES = {
    **dict.fromkeys((RDFS.label, SKOS.prefLabel, FOAF.name, *(f"{space}name" for space in _SCHEMA_ORG)), NAME),
    **dict.fromkeys((DCTERMS.title, f"{_DC}title"), TITLE),
    **dict.fromkeys(
        (
            SKOS.altLabel,
            f"{SKOS.namespace}hiddenLabel",
            f"{DCTERMS.namespace}alternative",
            *(f"{space}alternateName" for space in _SCHEMA_ORG),
        ),
        OTHER,
    ),
}
TEXTS = (
    *(DCTERMS.description, SKOS.definition, RDFS.comment, TT.rationale, f"{_DC}description"),
    *(f"{SKOS.namespace}{note}" for note in ("note", "scopeNote", "example")),
    *(f"{DCTERMS.namespace}abstract", *(f"{space}description" for space in _SCHEMA_ORG)),
)
IDENTIFIERS = (
    *(DCTERMS.identifier, f"{_DC}identifier", SKOS.notation, SKOS.exactMatch, OWL.sameAs),
    *(f"{space}{name}" for space in _SCHEMA_ORG for name in ("identifier", "sameAs")),
)
AREAS = (
    *(TT.homeArea, TT.refArea, TT.jurisdiction, TT.heldIn, TT.withinArea, TT.concernsArea),
    f"{DCTERMS.namespace}spatial",
)
YEARS = (
    *(DCTERMS.issued, f"{DCTERMS.namespace}date", TT.editionYear, TT.established, TT.agreedOn, TT.inForceFrom),
    *(TT.refPeriod, TT.duringPeriod, TT.heldDuring, TT.firstDay),
)
_FADED = {
    f"{iris.CONCEPT}code/withdrawn": 3.0,
    f"{iris.CONCEPT}code/inactive": 1.0,
}
"""What is said of things that are no more, and by how much they stand further down."""
_FADES = (TT.organizationStatus, TT.succeededBy, f"{DCTERMS.namespace}isReplacedBy")
_SUCCEEDED = 1.0
_CELL, _TYPE, _STATUS = TT.StatisticalCell, RDF.type, TT.organizationStatus
_READ = (*NAMES, *TEXTS, *IDENTIFIERS, *AREAS, *YEARS, *_FADES, RDF.type)
_LONGEST = 2_000
"""Characters of a name or a text that are looked at."""
_YEAR = re.compile(r"-?\d{4}")
_COUNTRY = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?")
_NEVER_FOUND = (f"{iris.BASE}.well-known/",)


@dataclass
class Thing:
    """What an index knows of a thing.

    Attributes
    ----------
    names
        Text, language tag (empty for none) and kind of each.
    areas
        Codes of countries, or the last part of the IRI of another area.
    faded
        By how much it stands further down than others of its class.
    """

    iri: str
    names: list[tuple[str, str, int]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    faded: float = 0.0

    @property
    def found(self) -> bool:
        """Whether there is anything by which to find it, but its IRI."""
        return bool(self.names or self.texts or self.identifiers)


def things(frame: pl.DataFrame) -> Iterator[Thing]:
    """The things of a frame that are to be found, sorted by IRI. Costs 3 CPU µs a statement that is read."""
    rows = (
        frame.lazy()
        .filter(pl.col("graph") != iris.GRAPH_META, pl.col("predicate").is_in(_READ), pl.col("kind") != "triple")
        .select("subject", "predicate", "value", pl.col("language").fill_null(""))
        .unique(maintain_order=True)
        .collect()
        .iter_rows()
    )
    thing = Thing("")
    for subject, predicate, value, language in rows:
        if subject != thing.iri:
            yield from _complete(thing)
            thing = Thing(subject)
        if not subject.startswith(_NEVER_FOUND):
            _take(thing, predicate, value, language)
    yield from _complete(thing)


def _complete(thing: Thing) -> Iterator[Thing]:
    """A thing of which all is known, if it is to be found."""
    if _CELL in thing.classes:  # its label is a key: to be found as a whole, not by its words
        thing.identifiers += [text for text, _, _ in thing.names]
        thing.names = []
    if thing.found:
        yield thing


def _take(thing: Thing, predicate: str, value: str, language: str) -> None:
    """Note what a statement says."""
    if predicate in NAMES:
        if text := value[:_LONGEST].strip():
            thing.names.append((text, language, NAMES[predicate]))
    elif predicate == _TYPE:
        thing.classes.append(value)
    elif predicate in IDENTIFIERS:
        thing.identifiers.append(value)
    elif predicate in TEXTS:
        thing.texts.append((value[:_LONGEST], language))
    elif predicate in AREAS:
        if (area := area_of(value)) not in thing.areas:
            thing.areas.append(area)
    elif predicate in YEARS:
        if (year := year_of(value)) is not None and year not in thing.years:
            thing.years.append(year)
    else:
        thing.faded += _FADED.get(value, 0.0 if predicate == _STATUS else _SUCCEEDED)


def area_of(value: str) -> str:
    """The code of an area: of a part of a country that of the country.

    Examples
    --------
    >>> area_of(f"{iris.ID}area/CN-GD"), area_of(f"{iris.ID}area/europe"), area_of("DE")
    ('CN', 'europe', 'DE')
    """
    code = iris.local(value)
    return country[1] if (country := _COUNTRY.fullmatch(code)) else code[:60]


def country_of(area: str, wider: Mapping[str, str]) -> str:
    """The country that an area lies in, however far up; the area itself where it lies in none that is known.

    Examples
    --------
    >>> country_of("geonames-1", {"geonames-1": "geonames-2", "geonames-2": "FR"}), country_of("europe", {})
    ('FR', 'europe')
    """
    place, seen = area, {""}
    while place not in seen and not _COUNTRY.fullmatch(place):
        seen.add(place)
        place = wider.get(place, "")
    return place or area


def year_of(value: str) -> int | None:
    """The year of a date, or in which a period begins; None if it has none.

    Examples
    --------
    >>> year_of("2021-03-04"), year_of("0987"), year_of(f"{iris.ID}period/FY2013-end"), year_of("soon")
    (2021, 987, 2013, None)
    """
    try:
        return iris.period_days(value).first.year if value.startswith(iris.ID) else int(_YEAR.match(value)[0])  # type: ignore[index]
    except (TypeError, ValueError):
        return None
