"""One test, put to a server: by its class, as the W3C's manifests name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import httpx

from . import datasets, description, evaluation, exchanges, syntaxes
from .manifests import Entry
from .servers import Server

Check = Callable[[Entry, Server], str]

CHECKS: dict[str, Check] = {
    "QueryEvaluationTest": evaluation.query,
    "CSVResultFormatTest": evaluation.query,
    "UpdateEvaluationTest": evaluation.update,
    "PositiveSyntaxTest": evaluation.syntax,
    "PositiveSyntaxTest11": evaluation.syntax,
    "PositiveUpdateSyntaxTest11": evaluation.syntax,
    "NegativeSyntaxTest": evaluation.syntax,
    "NegativeSyntaxTest11": evaluation.syntax,
    "NegativeUpdateSyntaxTest11": evaluation.syntax,
    "ProtocolTest": exchanges.exchange,
    "GraphStoreProtocolTest": exchanges.exchange,
    "ServiceDescriptionTest": description.description,
    "TestTurtleEval": syntaxes.document,
    "TestTurtlePositiveSyntax": syntaxes.document,
    "TestTurtleNegativeSyntax": syntaxes.document,
    "TestNTriplesPositiveSyntax": syntaxes.document,
    "TestNTriplesNegativeSyntax": syntaxes.document,
    "TestTrigEval": syntaxes.dataset,
    "TestTrigPositiveSyntax": syntaxes.dataset,
    "TestTrigNegativeSyntax": syntaxes.dataset,
    "TestNQuadsPositiveSyntax": syntaxes.dataset,
    "TestNQuadsNegativeSyntax": syntaxes.dataset,
    "TestXMLEval": syntaxes.document,
    "TestXMLNegativeSyntax": syntaxes.document,
}


def in_turn(entries: Iterable[Entry]) -> list[Entry]:
    """Tests in an order in which the dataset is seldom replaced."""
    return sorted(entries, key=lambda entry: (entry.kind, datasets.files(entry)))


def missed(entry: Entry, server: Server) -> str:
    """What a server does otherwise than the test says; empty if it passes."""
    try:
        return CHECKS[entry.kind](entry, server)
    except (SyntaxError, ValueError, httpx.HTTPError) as error:  # an answer that is not what it says, or none
        return f"{type(error).__name__}: {error}"
