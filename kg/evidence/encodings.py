"""The encodings that documents have, which whoever sends one may name."""

from __future__ import annotations

import codecs

from kg.errors import SourceFormatError

ENCODINGS = frozenset(
    codecs.lookup(name).name
    for name in (
        *("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *("gb18030", "gbk", "gb2312", "hz", "big5", "big5hkscs", "cp950"),
        *("euc-jp", "iso-2022-jp", "shift_jis", "cp932", "euc-kr", "cp949", "koi8-r", "koi8-u", "cp866", "cp874"),
        *("mac-roman", "mac-cyrillic", *(f"iso-8859-{part}" for part in range(1, 17) if part != 12)),  # noqa: PLR2004
        *(f"cp{page}" for page in range(1250, 1259)),
    )
)
"""Those of the WHATWG Encoding Standard, UTF-32 and some that Chinese sites name. Others that Python
knows are no encodings of texts (``hex``), or make of bytes what is no Unicode (``unicode_escape``, ``utf-7``)."""


def decoded(content: bytes, charset: str) -> str:
    """The text of a document, nothing stripped or normalised.

    Raises
    ------
    SourceFormatError
        The encoding is none that documents have, or the bytes are no text in it.
    """
    try:
        name = codecs.lookup(charset).name
        if name not in ENCODINGS:
            raise LookupError("no encoding that documents have")
        return content.decode(name)
    except (LookupError, ValueError) as error:  # of names with NUL it is the latter
        text = f"cannot be read as {charset!a} ({error}); say how it is encoded: text/plain; charset=gb18030"
        raise SourceFormatError(text, file="the document") from error
