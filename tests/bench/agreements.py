"""The made-up register of contracts that is shipped, with faults in known places: what `shacl` measures.

Agreements, the institutions that provide, and the registers that state them, as our shapes want them: the class of each
agreement, seven statements on it, and its row in the register. The same number gives the same register every time.
The metadata of the shipped source would refuse most faults before a shape sees them, so there is other metadata here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kg import iris
from kg.sources.base import Source
from kg.sources.contracts import sample
from kg.vocabulary import SH, TT

from . import data

EACH = 125
FAULTS = {
    "no provider": ("TransferAgreementShape-provider", "MinCount"),
    "its own recipient": ("TransferAgreementShape-provider", "Disjoint"),
    "no channel": ("TransferAgreementShape-channel", "MinCount"),
    "negative value": ("TransferAgreementShape-agreementValue", "MinInclusive"),
    "no currency": ("TransferAgreementShape-agreementUnit", "SPARQL"),
    "asset in words": ("TransferAgreementShape-asset", "NodeKind"),
    "unknown channel": ("ConceptValueShape-scheme", "SPARQL"),
    "no register": ("RecordShape-statedIn", "SPARQL"),
}
"""Kinds of faults: the local name of the rule, and the component, that must find each."""

_AGREEMENT = f"{iris.ID}agreement/"
_YEARS = range(2015, 2024)
_CELLS = {
    "no provider": {"provider": ""},
    "no channel": {"channel": ""},
    "negative value": {"value": "-5"},
    "no currency": {"currency": ""},
    "asset in words": {"asset": "a patent"},
    "unknown channel": {"channel": "unheard-of"},
    "no register": {"document": ""},
}
_HEADER = "key,provider,recipient,channel,value,currency,signed,document,row,asset"
_COLUMNS = [
    {"name": "key", "required": True, "suppressOutput": True},
    data.link("provider", "provider", "id/org/{provider}"),
    data.link("recipient", "recipient", "id/org/{recipient}"),
    data.link("channel", "channel", "concept/channel/{channel}"),
    {"name": "value", "datatype": "decimal", "propertyUrl": TT.agreementValue},
    data.link("currency", "agreementUnit", "concept/unit/{currency}"),
    {"name": "signed", "datatype": "date", "propertyUrl": TT.agreedOn},
    data.link("document", "statedIn", "id/doc/{document}"),
    data.link("row", "evidence", "id/doc/{+row}"),
    {"name": "asset", "propertyUrl": TT.asset},
    {"name": "class", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": TT.TransferAgreement},
]
_TABLE = data.table("agreements", {"aboutUrl": f"{_AGREEMENT}{{key}}", "columns": _COLUMNS, "primaryKey": "key"})


def register(folder: Path, number: int) -> Source:
    """A source of so many agreements with their institutions and the `planted` faults."""
    made = sample.register(max(number, sample.FEWEST))
    wrong = {n: kind for kind, places in _places(number).items() for n in places}
    providers = made.organizations.filter(made.organizations["population"] != "").select("key", "name", "type")
    institutions = (f"{key},{name},,,,{kind},CN," for key, name, kind in providers.iter_rows())
    documents = (f"register-{year},register of {year},,,zh,official,,,,{year},{year:064x},,,," for year in _YEARS)
    tables = {
        "agreements": (_HEADER, _rows(made, range(number), wrong)),
        "organizations": (data.ORGANIZATIONS, institutions),
        "documents": (data.DOCUMENTS, documents),
    }
    described = [
        _TABLE,
        data.table("organizations", f"{iris.SCHEMAS}organizations.json", f"{iris.ID}org/{{key}}"),
        data.table("documents", f"{iris.SCHEMAS}documents.json"),
    ]
    return data.source(folder / "bench-register", tables, described)


def correction(folder: Path, first: int, number: int, edition: int) -> Source:
    """A source of so many agreements that are in no register; each edition has other values and channels."""
    rows = _rows(sample.register(seed=edition, contracts=sample.FEWEST), range(first, first + number), {})
    place = folder / f"edition-{edition}" / "bench-correction"
    return data.source(place, {"agreements": (_HEADER, rows)}, [_TABLE])


def planted(number: int) -> set[tuple[str, str, str]]:
    """The faults of a register: rule, component and focus node of each result that there must be."""
    return {
        (f"{iris.SHAPES}{rule}", f"{SH.namespace}{component}ConstraintComponent", f"{_AGREEMENT}c{n}")
        for kind, places in _places(number).items()
        for n in places
        for rule, component in [FAULTS[kind]]
    }


def _places(number: int) -> dict[str, range]:
    """The rows of each kind of fault, spread over the register; fewer than `EACH` where there are few rows."""
    kinds = len(FAULTS)
    each = min(EACH, number // (2 * kinds))
    step = number // (each * kinds)
    return {kind: range(n * step, (n + each * kinds) * step, kinds * step) for n, kind in enumerate(FAULTS)}


def _rows(made: sample.Register, numbers: range, faults: Mapping[int, str]) -> Iterator[str]:
    """The first contracts of a register under these numbers, some with faults."""
    for n, contract in zip(numbers, made.contracts.iter_rows(named=True), strict=False):
        yield _row(n, contract, faults.get(n))


def _row(n: int, contract: Mapping[str, object], fault: str | None) -> str:
    provider, year = contract["provider"], _YEARS[n % len(_YEARS)]
    cells = {
        "key": f"c{n}",
        "provider": provider,
        "recipient": provider if fault == "its own recipient" else contract["client"],
        "channel": contract["channel"],
        "value": contract["value"],
        "currency": contract["currency"],
        "signed": contract["date"],
        "document": f"register-{year}",
        "row": f"register-{year}#row={n + 2}",
        "asset": "",
    }
    return ",".join(map(str, (cells | _CELLS.get(fault or "", {})).values()))
