"""Which metadata belongs to a table: the order of search that the standard lays down.

Metadata that the user names comes first, then that of a ``Link`` header, then the places that the site's
``/.well-known/csvm`` names, or ``{+url}-metadata.json`` and ``csv-metadata.json`` beside the table where it names none.
Metadata that was found and does not describe the table is passed over with a warning.

References
----------
W3C, Model for Tabular Data and Metadata, section 5, Locating Metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from kg.csvw.document import NoJsonError, Notes
from kg.csvw.metadata import TableGroup
from kg.csvw.places import Places
from kg.csvw.reading import read_at
from kg.errors import SourceUnavailableError

DEFAULT_PLACES = ("{+url}-metadata.json", "csv-metadata.json")
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s;,"]+))*)')
_TYPES = ("application/csvm+json", "application/ld+json", "application/json")


def metadata_of(address: str, places: Places, notes: Notes, *, link: str = "") -> TableGroup | None:
    """The metadata that describes the table at an address; None if there is none.

    Parameters
    ----------
    link
        The ``Link`` header that came with the table.
    """
    for candidate in (*linked(link), *_site_wide(address, places)):
        found = _read(urljoin(address, candidate), places, notes)
        if found is None:
            continue
        if any(table.address == address for table in found.tables):
            return found
        notes.warn(f"{urljoin(address, candidate)}: does not describe {address} (ignored)")
    return None


def linked(header: str) -> Iterator[str]:
    """The addresses of metadata in a Link header (RFC 8288), the last one first, as the standard has it."""
    found = []
    for target, parameters in _LINK.findall(header):
        given = dict(re.findall(r';\s*([\w*-]+)\s*=\s*"?([^";,]*)"?', parameters))
        if "describedby" in given.get("rel", "").split() and given.get("type", _TYPES[0]) in _TYPES:
            found.append(target)
    yield from reversed(found)


def _site_wide(address: str, places: Places) -> list[str]:
    """The places that the site names, or the standard's; without the fragment of the address (RFC 6570, level 2)."""
    url = address.partition("#")[0]
    try:
        patterns = places.find("/.well-known/csvm", address).path.read_text(encoding="utf-8").split()
    except (ValueError, OSError):
        patterns = list(DEFAULT_PLACES)
    return [pattern.replace("{+url}", url).replace("{url}", url) for pattern in patterns]


def _read(address: str, places: Places, notes: Notes) -> TableGroup | None:
    try:
        return read_at(places.find("", address), places, notes)
    except (ValueError, SourceUnavailableError, NoJsonError):  # many servers answer any address with some page
        return None
