"""Whether a literal is one of a datatype, as a SPARQL expression: the type and the lexical form (SHACL, section 4.1.2).

An engine may keep ill-formed literals, so the form is checked too: by a cast where SPARQL 1.1 has one, which is cheap
for an engine that keeps numbers as numbers, and by a regular expression for what the cast does not take, such as
integers beyond 64 bits.
"""

from __future__ import annotations

from kg.vocabulary import XSD

_CAST = {
    "boolean": "(true|false|0|1)",
    "integer": "[+-]?[0-9]+",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "float": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "double": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "dateTime": "",
}
_ZONE = "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_MONTH, _DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_SPAN = r"([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?"
_TIME = r"T([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S)"
_FORM = {
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "time": rf"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?){_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "duration": rf"-?P(([0-9]+Y([0-9]+M)?([0-9]+D)?|[0-9]+M([0-9]+D)?|[0-9]+D)({_TIME})?|{_TIME})",
    "yearMonthDuration": "-?P([0-9]+Y([0-9]+M)?|[0-9]+M)",
    "dayTimeDuration": rf"-?P([0-9]+D({_TIME})?|{_TIME})",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
}
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}


def has_datatype(variable: str, datatype: str) -> str:
    """The expression that is true of well-formed literals of a datatype and false of all other terms.

    Notes
    -----
    Oxigraph keeps the types that are derived from ``xsd:integer`` as ``xsd:integer``, in data as in queries. So the
    query asks for the type of a literal of the datatype: what the engine takes it for is what the data can have.
    """
    name = datatype.removeprefix(XSD.namespace) if datatype.startswith(XSD.namespace) else ""
    own = f'DATATYPE("1"^^<{datatype}>)' if name in _BOUNDS else f"<{datatype}>"
    conditions = [f"isLiteral({variable})", f"DATATYPE({variable}) = {own}", *_well_formed(variable, name)]
    return f"({' && '.join(conditions)})"


def _well_formed(variable: str, name: str) -> list[str]:
    text = f"STR({variable})"
    if name in _CAST:
        otherwise = f'REGEX({text}, "^({_escaped(_CAST[name])})$")' if _CAST[name] else "false"
        return [f"COALESCE(isLiteral(<{XSD.namespace}{name}>({variable})), {otherwise})"]
    if name in _BOUNDS:
        return [f'REGEX({text}, "^[+-]?[0-9]+$")', *_within(f"<{XSD.decimal}>({text})", *_BOUNDS[name])]
    if name == "date":  # the calendar is that of the cast: no 30th of February
        calendar = f'<{XSD.dateTime}>(CONCAT(REPLACE({text}, "(Z|[+-][0-9:]{{5}})$", ""), "T00:00:00"))'
        return [f'REGEX({text}, "^{_FORM[name]}$")', f"COALESCE(isLiteral({calendar}), false)"]
    return [f'REGEX({text}, "^({_escaped(_FORM[name])})$")'] if name in _FORM else []


def _within(number: str, least: int | None, most: int | None) -> list[str]:
    bounds = [f"COALESCE({number} >= {least}, false)"] if least is not None else []
    return [*bounds, f"COALESCE({number} <= {most}, false)"] if most is not None else bounds


def _escaped(pattern: str) -> str:
    return pattern.replace("\\", "\\\\")
