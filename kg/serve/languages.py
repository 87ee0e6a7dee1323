"""The languages of pages: which one a client wants, for names from the data and for the words around them.

Names come in whatever languages the data has, so any may be asked for; the words around them are in those of
`INTERFACES`. ``?lang=`` in the address wins over ``Accept-Language`` and is kept in the links of the page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from urllib.parse import quote, urlencode

from starlette.requests import Request as HttpRequest

from kg.errors import ParameterError
from kg.queries.labels import ENGLISH
from kg.serve.negotiation import weighted

INTERFACES: Mapping[str, str] = MappingProxyType({ENGLISH: "English", "zh": "中文"})
"""Languages of the words around the data, by tag, each in its own name."""
PARAMETER = "lang"

_SAFE = frozenset({"GET", "HEAD"})
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}")


@dataclass(frozen=True)
class Wish:
    """What a client wants to read.

    Attributes
    ----------
    names
        The language of names from the data, as a tag in lower case; where there is none in it, English, else any.
    words
        The language of everything else, a key of `INTERFACES`.
    asked
        What the address says; None if it says nothing.
    address
        Path and query of the page, without its language; empty where the page is an answer to what was posted.
    """

    names: str = ENGLISH
    words: str = ENGLISH
    asked: str | None = None
    address: str = ""

    @property
    def alternates(self) -> list[tuple[str, str, str]]:
        """The same page in each language of the interface: tag, name of the language, address."""
        if not self.address:
            return []
        joined = f"{self.address}{'&' if '?' in self.address else '?'}{PARAMETER}="
        return [(tag, name, f"{joined}{tag}") for tag, name in INTERFACES.items()]


def wish(http: HttpRequest) -> Wish:
    """The languages for an answer.

    Raises
    ------
    ParameterError
        The address asks for what is no language.
    """
    asked = http.query_params.get(PARAMETER)
    address = _address(http) if http.method in _SAFE else ""
    if asked is not None:
        if not _TAG.fullmatch(asked):
            raise ParameterError(PARAMETER, "a language tag as in en or zh-Hant")
        words = _primary(asked) if _primary(asked) in INTERFACES else ENGLISH
        return Wish(asked.lower(), words, asked, address)
    liked = _liked(http.headers.get("accept-language", ""))
    words = next((_primary(tag) for tag in liked if _primary(tag) in INTERFACES), ENGLISH)
    return Wish(liked[0] if liked else ENGLISH, words, None, address)


def wish_at_least(http: HttpRequest) -> Wish:
    """The languages for an answer that says what was wrong, so that it may be the language."""
    try:
        return wish(http)
    except ParameterError:
        return Wish()


def _address(http: HttpRequest) -> str:
    pairs = [pair for pair in http.query_params.multi_items() if pair[0] != PARAMETER]
    path = quote(http.url.path, safe="/%:@!$&'()*+,;=-._~")
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _liked(header: str) -> list[str]:
    """The languages of an ``Accept-Language`` header, the best first; what is no language is passed over."""
    weights = [(tag, weight) for tag, weight in weighted(header) if _TAG.fullmatch(tag) and weight > 0]
    return [tag for tag, _ in sorted(weights, key=lambda pair: -pair[1])]


def _primary(tag: str) -> str:
    return tag.lower().partition("-")[0]


def translated(text: str, language: str) -> str:
    """A text of the pages, written in English in their templates, in another language; itself where there is none."""
    return _texts(language).get(text, text)


@cache
def _texts(language: str) -> Mapping[str, str]:
    """Texts by the English one: ``translations/<tag>.toml`` beside this module."""
    file = resources.files("kg.serve").joinpath("translations", f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if language != ENGLISH else {}
