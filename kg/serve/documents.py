"""Documents about the service, which name its own address, written once for whatever address they are asked under.

A client says under which address it knows the service (``Host``), and may say what it likes. So a document is written
for an address that nobody has, and kept; whoever asks gets it with their own put in, which costs as good as nothing.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable, Hashable

from kg.export.naming import Place

_NOWHERE = Place("https://service.invalid/")
"""RFC 2606, section 2: nothing is ever called that."""
_XML = "application/rdf+xml"


class Documents:
    """The latest documents, each in one syntax of RDF; to be used in one event loop.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[tuple[Hashable, str], bytes] = {}

    async def get(self, key: Hashable, media_type: str, place: Place, write: Callable[[Place], bytes]) -> bytes:
        """A document for an address.

        Parameters
        ----------
        key
            All that the document depends on, but for its syntax and the address.
        write
            Writes it for an address; called in a thread, if it is not kept.

        Raises
        ------
        ValueError
            The address is no IRI.
        """
        own = str(place.of("").value)
        if (text := self._kept.get((key, media_type))) is None:
            text = await asyncio.to_thread(write, _NOWHERE)
            while len(self._kept) >= self._most:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key, media_type] = text
        return text.replace(_NOWHERE.root.encode(), (html.escape(own) if media_type == _XML else own).encode())
