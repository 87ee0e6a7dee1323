"""Texts and identifiers as they are compared: in one case, without marks, in words; Chinese and its like in bigrams.

Names in the index and what a person types take the same way, so both may be written as their writer likes. Folding
goes too far rather than not far enough: what it joins wrongly stands further down, what it fails to join is not found.

Notes
-----
SQLite's tokenizers are not used for more than splitting at spaces: ``unicode61`` knows the characters of Unicode 6.1,
takes a line of Chinese for one word, and its trigrams find no name of two characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

START = "\ue000"
"""Begins the token that says with which word a name begins; of the private use area, so that no folded text has it."""
FACET = "\ue001"
"""Begins the tokens of facets."""

_LETTERS = {
    **dict.fromkeys("øǿ", "o"), **dict.fromkeys("æǽ", "ae"), **dict.fromkeys("đð", "d"),
    "œ": "oe", "ł": "l", "ħ": "h", "ŧ": "t", "þ": "th", "ı": "i", "ĸ": "k", "ŋ": "n", "ə": "e", "ʻ": "", "ʼ": "",
    "’": "", "'": "", "‘": "", "`": "", "´": "",
    "ـ": "",  # tatweel, which only makes an Arabic word longer
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه",
    "ς": "σ",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "",
}  # fmt: skip
"""Letters that have no mark to be taken off (Unicode, chapter 7), the Arabic ones that keyboards mix up, and what is
not to part words: apostrophes, soft hyphens, joiners."""
_DIGITS = {chr(first + n): str(n) for first in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50) for n in range(10)}
_TABLE = str.maketrans(_LETTERS | _DIGITS)
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
"""Marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters. Those of Indic scripts are vowels, those of Japanese make
another letter: they stay."""
_ELISION = re.compile(r"\b([cdjlmnst]|qu|un|(?:d|n)ell|dall|all|sull)['’](?=[aeiouyh])")
"""Articles and prepositions that French and Italian put before a vowel: no part of the word; the O of O'Connor is."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_UMLAUT = re.compile("[äöüåø]")
_WRITTEN_OUT = re.compile("ae|oe|ue|aa")

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts that put no spaces between words, and Hangul, which glues words together."""
_WORD = re.compile(
    rf"[{_UNSPACED}]+"
    rf"|(?:(?![{_UNSPACED}])[^\W_]|[\u0610-\u061a\u0900-\u0963\u0966-\u0dff\u0f18-\u0f39\u0f71-\u0fbc])+"
)
_RUN = re.compile(f"[{_UNSPACED}]")

_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.|dx\.)?", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:doi|ror|isni|orcid|grid|wikidata|wd|lei|handle|hdl|urn:[a-z]+):\s*(?=\S)", re.IGNORECASE)
_GAPS = re.compile(r"[\s\-‐‑–—_]+")
_CODE = re.compile(r"\d|^[A-Z]{2,4}$")
"""What the end of an address has that means something alone: others are words that many things may be called by."""
LONGEST_IDENTIFIER = 200


def fold(text: str) -> str:
    """A text in the form in which texts are compared (NFKC, full case folding, then marks and letters as above).

    Examples
    --------
    >>> fold("Ｚürich ÉTH Straße"), fold("Łódź"), fold("الجامعة"), fold("서울")
    ('zurich eth strasse', 'lodz', 'الجامعه', '서울')
    """
    return _folded(text)[0]


def _folded(text: str) -> tuple[str, str]:
    """The text folded, and before its marks were taken off."""
    if text.isascii():
        return _plain(text.lower()), text.lower()
    marked = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = _MARKS.sub("", unicodedata.normalize("NFD", marked))
    return unicodedata.normalize("NFC", _plain(bare)), marked


def _plain(text: str) -> str:
    if "'" in text or "’" in text:
        text = _ELISION.sub(r"\1 ", text)
    return text.translate(_TABLE)


def words(text: str) -> list[str]:
    """The words of a text, folded; a run of Chinese, Japanese, Korean or Thai is one word.

    Examples
    --------
    >>> words("Max-Planck-Institut für Physik, 清华大学")
    ['max', 'planck', 'institut', 'fur', 'physik', '清华大学']
    """
    return _WORD.findall(fold(text))


def is_run(word: str) -> bool:
    """Whether a word is of a script without spaces."""
    return _RUN.match(word) is not None


def bigrams(run: str) -> list[str]:
    """The pairs of neighbours in a run; of a single character itself.

    Examples
    --------
    >>> bigrams("清华大学"), bigrams("清")
    (['清华', '华大', '大学'], ['清'])
    """
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


@lru_cache(maxsize=65_536)
def tokens_of_word(word: str) -> tuple[str, ...]:
    """What stands in the index for a folded word: itself; of a run its pairs and its last character.

    The last character is there so that one character is found anywhere: at the beginning of a pair, or at the end.
    """
    return (*bigrams(word), *word[-1:]) if is_run(word) and len(word) > 1 else (word,)


def tokens(text: str) -> Iterator[str]:
    """All tokens of a text: those of its words, and those of words with umlauts written out as well.

    Examples
    --------
    >>> list(tokens("Universität")), list(tokens("大学"))
    (['universitat', 'universitaet'], ['大学', '学'])
    """
    yield from analysed(text)[1]


def analysed(text: str) -> tuple[list[str], list[str]]:
    """The words and the tokens of a text, at the cost of one: 6 CPU µs for a name."""
    folded, marked = _folded(text)
    found = _WORD.findall(folded)
    return found, [*(token for word in found for token in tokens_of_word(word)), *_written_out(marked).values()]


def written_out(text: str) -> dict[str, str]:
    """The words of a text that have an umlaut: folded, and so after it was written as on a keyboard that has none.

    Examples
    --------
    >>> written_out("Universität Zürich, ETH")
    {'universitat': 'universitaet', 'zurich': 'zuerich'}
    """
    return _written_out(_folded(text)[1])


def _written_out(marked: str) -> dict[str, str]:
    if not _UMLAUT.search(marked):
        return {}
    found = [word for word in marked.split() if _UMLAUT.search(word)]
    pairs = ((words(word), words(word.translate(_UMLAUTS))) for word in found)
    return {bare: out for folded, written in pairs for bare, out in zip(folded, written, strict=False) if bare != out}


def spellings(word: str) -> tuple[str, ...]:
    """A folded word, and how an umlaut that may be written out in it is folded.

    Examples
    --------
    >>> spellings("muenchen"), spellings("oslo")
    (('muenchen', 'munchen'), ('oslo',))
    """
    bare = _WRITTEN_OUT.sub(lambda found: found[0][0], word)
    return (word,) if bare == word else (word, bare)


def identifier(text: str) -> str:
    """An identifier as it is compared: without the name of its scheme, gaps and case; of an address without ``https://``.

    Examples
    --------
    >>> identifier("ISNI: 0000 0001 2355-7002"), identifier("https://doi.org/10.1000/X_1"), identifier("ROR:03cve4549")
    ('0000000123557002', 'doi.org/10.1000/x1', '03cve4549')
    """
    text = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    bare = _ADDRESS.sub("", _SCHEME.sub("", text) if ":" in text else text)
    return _GAPS.sub("", bare).casefold()[:LONGEST_IDENTIFIER]


def identifiers(text: str) -> tuple[str, ...]:
    """The forms in which an identifier is looked for: whole; of an address also a DOI, and the code that it ends with.

    Examples
    --------
    >>> identifiers("https://ror.org/03cve4549")
    ('ror.org/03cve4549', '03cve4549')
    >>> identifiers("https://doi.org/10.1000/x"), identifiers("https://example.org/area/CN")
    (('doi.org/10.1000/x', '10.1000/x'), ('example.org/area/cn', 'cn'))
    """
    whole = identifier(text)
    if not text.startswith(("http://", "https://")):
        return (whole,) if whole else ()
    path, last = whole.partition("/")[2], text[max(text.rfind("/"), text.rfind("#")) + 1 :]
    told = (whole, path if path.startswith("10.") else "", identifier(last) if _CODE.search(last) else "")
    return tuple(dict.fromkeys(form for form in told if form))
