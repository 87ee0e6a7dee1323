"""Made-up tables of any size, the same every time: what the benchmarks read.

They are source folders as a user would write them, so what is measured takes the way that real tables take.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from pathlib import Path

from kg import iris
from kg.sources import register
from kg.sources.base import Source

CHANNELS = ("assignment", "licensing", "equity-by-valuation", "technology-development", "consulting", "services")
YEARS = (2022, 2023)
DOCUMENTS = (
    "key,label_en,label_zh,publisher,language,quality,url,issued_day,issued_month,issued_year"
    ",digest,bytes,characters,reports_on,relays"
)
ORGANIZATIONS = "key,label_en,label_zh,also_en,also_zh,type,area,exact_match"
"""Headers of tables that the schemas of the sources describe."""
PER_ORGANIZATION = 2 * len(CHANNELS) * len(YEARS)
"""Figures of one organization: number and value of contracts by each channel in each year."""

_ONTOLOGY, _ID, _SCHEMAS = iris.ONTOLOGY, iris.ID, iris.SCHEMAS
_AGREEMENT = f"{_ID}agreement/{{key}}"


def contracts(folder: Path, rows: int) -> Source:
    """A register of contracts: six columns, seven triples a row."""
    lines = (
        f"c{n},office-{n % 997},{CHANNELS[n % len(CHANNELS)]},{n * 7919 % 10_000_000}.{n * 25 % 100:02},CNY,{_day(n)}"
        for n in range(rows)
    )
    columns = [
        {"name": "key", "required": True, "propertyUrl": "dcterms:identifier"},
        link("provider", "provider", "id/org/{provider}"),
        link("channel", "channel", "concept/channel/{channel}"),
        {"name": "value", "datatype": "decimal", "propertyUrl": f"{_ONTOLOGY}agreementValue"},
        link("currency", "agreementUnit", "concept/unit/{currency}"),
        {"name": "signed", "datatype": "date", "propertyUrl": f"{_ONTOLOGY}agreedOn"},
        {"name": "class", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": f"{_ONTOLOGY}TransferAgreement"},
    ]
    schema = {"aboutUrl": _AGREEMENT, "columns": columns, "primaryKey": "key"}
    header = "key,provider,channel,value,currency,signed"
    return source(folder / "bench-contracts", {"contracts": (header, lines)}, [table("contracts", schema)])


def figures(folder: Path, number: int, *, faults: int = 0) -> Source:
    """A survey: one document that states so many figures, `PER_ORGANIZATION` of each organization.

    The first ``faults`` organizations have one figure each that is not what its stated value and multiplier give.
    """
    organizations = -(-number // PER_ORGANIZATION)
    header = "key,indicator,period,area,observed,channel,transformation,comparison_period,comparison_basis,value,unit"
    header += (
        ",qualifier,stated_value,multiplier,precision,superlative,status,document,start,end,attributed_to,relayed_by"
    )
    tables = {
        "documents": (DOCUMENTS, ["bench-survey,a survey,一项调查,,en,official,,,,2024,,,,,"]),
        "organizations": (ORGANIZATIONS, (f"office-{n},office {n},办公室{n},,,,CN," for n in range(organizations))),
        "observations": (header, islice(_observations(organizations, faults), number)),
    }
    described = [
        table("documents", f"{_SCHEMAS}documents.json"),
        table("organizations", f"{_SCHEMAS}organizations.json", f"{_ID}org/{{key}}"),
        table("observations", f"{_SCHEMAS}observations.json", f"{_ID}obs/bench-figures/{{key}}"),
    ]
    return source(folder / "bench-figures", tables, described)


def _observations(organizations: int, faults: int) -> Iterator[str]:
    for n, channel, year in product(range(organizations), CHANNELS, YEARS):
        about = f"CY{year},CN,org/office-{n},{channel},level,,"
        count = 10 + (n * 31 + year * 7 + len(channel)) % 90
        value = count * 1000 + n % 100
        multiplier = 4 if n < faults and (channel, year) == (CHANNELS[0], YEARS[0]) else 3
        key = f"o{n}-{channel}-{year}"
        yield f"{key}-count,contract-count,{about},{count},count,,{count},0,1,,,bench-survey,,,,"
        yield f"{key}-value,contract-value,{about},{value}000,CNY,,{value},{multiplier},1000,,,bench-survey,,,,"


def _day(number: int) -> str:
    return f"{2015 + number % 9}-{1 + number % 12:02}-{1 + number % 28:02}"


def link(name: str, term: str, value: str) -> dict[str, str]:
    """A column whose cells name things: the term of the ontology, and how its IRIs are made, below the base."""
    return {"name": name, "propertyUrl": f"{_ONTOLOGY}{term}", "valueUrl": f"{iris.BASE}{value}"}


def table(name: str, schema: object, about: str = "") -> dict[str, object]:
    """What CSVW says of a table: a schema, or where one is, and the template of its subjects if the schema has none."""
    return {"url": f"{name}.csv", "tableSchema": schema, **({"aboutUrl": about} if about else {})}


def source(folder: Path, tables: Mapping[str, tuple[str, Iterable[str]]], described: list[dict[str, object]]) -> Source:
    """A source folder of tables, each with its header and rows, and what CSVW says of them."""
    place = folder / "tables"
    place.mkdir(parents=True)
    (folder / "source.toml").write_text('title = "Made up"\npublisher = "Nobody"\nlicence = "CC0-1.0"\n', "utf-8")
    for name, (header, rows) in tables.items():
        with (place / f"{name}.csv").open("w", encoding="utf-8") as file:
            file.write(f"{header}\n")
            file.writelines(f"{row}\n" for row in rows)
    group = {"@context": "http://www.w3.org/ns/csvw", "tables": described}
    (place / "csv-metadata.json").write_text(json.dumps(group, indent=1), "utf-8")
    return register.find(folder.name, [folder.parent])
