"""What is asked: a text in words, what to choose by, and what of it is said to the index.

A person's text never is a query language here. It is cut into words, which hold nothing but letters and digits, and
each goes to FTS5 in quotation marks: so no text means anything to FTS5, and none can be wrong but for its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kg.errors import ParameterError
from kg.search.building import KINDS, facet, whole
from kg.search.folding import START, bigrams, identifier, is_run, spellings, words, written_out
from kg.vocabulary import PREFIXES

LONGEST = 300
"""Characters of a text that is looked for."""
MOST_YEARS = 200
_YEARS = re.compile(r"(\d{4})(?:\s*(?:-|–|\.\.)\s*(\d{4}))?")
FACETS = KINDS


@dataclass(frozen=True)
class Word:
    """A word of a question: folded, with what may stand for it, and whether it may be the beginning of a longer one.

    Attributes
    ----------
    written
        The same with its umlauts written out.
    instead
        Words that are near to it.
    """

    text: str
    written: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    open: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """All that may stand there."""
        return (*self.spelt, *self.instead)

    @property
    def spelt(self) -> tuple[str, ...]:
        """The word in all its spellings."""
        return (*spellings(self.text), *self.written)

    def expression(self) -> str:
        """What the index has to have."""
        if is_run(self.text) and not self.instead:
            if len(self.text) == 1:
                return f'"{self.text}"*'
            return " AND ".join(f'"{pair}"' for pair in dict.fromkeys(bigrams(self.text)))
        any_of = " OR ".join(f'"{form}"{"*" if self.open else ""}' for form in self.forms)
        return f"({any_of})" if " OR " in any_of else any_of

    def start(self) -> str:
        """What the index has to have of a name that begins with it."""
        goes_on = "*" if self.open or is_run(self.text) else ""
        any_of = " OR ".join(f'"{START}{form}"{goes_on}' for form in self.spelt)
        return f"({any_of})"


@dataclass(frozen=True)
class Question:
    """A text and what to choose by.

    Attributes
    ----------
    classes, countries, years
        A thing has to have one of each that is not empty.
    """

    text: str = ""
    words: tuple[Word, ...] = ()
    classes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()

    @cached_property
    def wholes(self) -> tuple[str, ...]:
        """The text as whole names are compared, and with umlauts that were written out."""
        folded = whole(self.text)
        spelt = (spellings(word)[-1] for word in folded.split()), (self._written(word) for word in folded.split())
        return tuple(dict.fromkeys((folded, *map(" ".join, spelt))))

    def _written(self, word: str) -> str:
        return next((each.written[0] for each in self.words if each.text == word and each.written), word)

    @cached_property
    def identifier(self) -> str:
        """The text as identifiers are compared; a CURIE is the IRI that it stands for."""
        prefix, _, name = self.text.strip().partition(":")
        known = prefix in PREFIXES and bool(name.strip()) and not name.startswith("//")
        return identifier(f"{PREFIXES[prefix]}{name}" if known else self.text)

    @property
    def open(self) -> Question:
        """The same, where the last word may be the beginning of a longer one."""
        return replace(self, words=(*self.words[:-1], replace(self.words[-1], open=True))) if self.words else self

    def chosen(self, *, but: str = "") -> str:
        """What the index has to have beside words, without one of `FACETS`; empty for nothing."""
        return " AND ".join(
            f"({' OR '.join(_quoted(facet(kind, str(value))) for value in values)})"
            for kind, values in zip(FACETS, (self.classes, self.countries, self.years), strict=True)
            if values and kind != but
        )

    def expression(self, *, but: str = "") -> str:
        """All that the index has to have."""
        return _all([word.expression() for word in self.words], self.chosen(but=but))

    def beginning(self) -> str:
        """The same of things with a name that begins with the first word."""
        return _all([self.words[0].start(), *(word.expression() for word in self.words)], self.chosen())


def question(
    text: str,
    *,
    classes: Iterable[str] = (),
    countries: Iterable[str] = (),
    years: Iterable[str] = (),
) -> Question:
    """What is asked, from what a person typed.

    Parameters
    ----------
    classes
        IRIs, CURIEs, or names of classes of the project.
    countries
        Codes such as ``CN``, or names of areas such as ``europe``, in any case.
    years
        ``2020``, or ``2018-2022`` for all from the first to the last.

    Raises
    ------
    ParameterError
        The text is longer than `LONGEST` characters; a year is none.
    """
    if len(text) > LONGEST:
        raise ParameterError("q", f"at most {LONGEST} characters, not {len(text):,}: a few words are enough")
    text = text.encode(errors="replace").decode()  # half a pair of surrogates is no character
    written = written_out(text)
    return Question(
        text,
        tuple(Word(word, (written[word],) if word in written else ()) for word in dict.fromkeys(words(text))),
        tuple(dict.fromkeys(map(class_iri, classes))),
        tuple(dict.fromkeys(map(_area, countries))),
        tuple(dict.fromkeys(year for given in years for year in _years(given))),
    )


def class_iri(given: str) -> str:
    """The IRI of a class.

    Examples
    --------
    >>> class_iri("Policy") == class_iri("tt:Policy") == class_iri(PREFIXES["tt"] + "Policy")
    True
    """
    prefix, colon, name = given.strip().partition(":")
    if not colon:
        return f"{PREFIXES['tt']}{prefix}"
    return f"{PREFIXES[prefix]}{name}" if prefix in PREFIXES and not name.startswith("//") else given.strip()


def _area(given: str) -> str:
    code = given.strip()
    return code.upper() if len(code) == len("CN") else code.lower()


def _years(given: str) -> Sequence[int]:
    expected = f"a year such as 2020, or the first and the last of at most {MOST_YEARS}, such as 2018-2022"
    if not (found := _YEARS.fullmatch(given.strip())):
        raise ParameterError("year", expected)
    first, last = int(found[1]), int(found[2] or found[1])
    if not 0 <= last - first < MOST_YEARS:
        raise ParameterError("year", expected)
    return range(first, last + 1)


def _all(parts: Iterable[str], chosen: str) -> str:
    return " AND ".join([*parts, *([chosen] if chosen else [])])


def _quoted(token: str) -> str:
    return f'"{token}"'
