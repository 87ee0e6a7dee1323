"""What the endpoint is, in RDF: languages, formats, features, and every graph with its number of triples.

Comes in: the live release and what the service was started with. The numbers stand in release.json where a segment has
one graph; the others are counted once for each release. https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.export import void
from kg.export.statistics import Statistics
from kg.store.manifest import Manifest
from kg.store.querying.base import Pool
from kg.store.querying.requests import Request

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_VOID = "http://rdfs.org/ns/void#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PREFIXES = {"sd": _SD, "formats": _FORMATS, "void": _VOID, "rdfs": _RDFS, "xsd": _XSD}

_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML")

_MERGE = (
    "The default graph is the RDF merge of all named graphs: a triple that stands in two of them counts once. That of"
    " FROM and default-graph-uri is the merge of the graphs stated. A graph that is not here is an error: nothing is"
    " fetched."
)
_OWN = (
    "The default graph is a graph of its own. That of FROM and default-graph-uri is the RDF merge of the graphs stated."
    " A graph that is not here is empty: nothing is fetched."
)
_LARGEST = 256 * 1024 * 1024

Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True)
class Counts:
    """Triples of the default graph, and of each named graph by its IRI."""

    default: int
    named: Mapping[str, int]


Counted = Callable[[], Statistics | None]
"""What tells the statistics of the live release, once they have been counted."""


def _nothing() -> None:
    """No statistics."""


class ServiceDescription:
    """The description of one endpoint.

    Parameters
    ----------
    writable
        Whether updates are taken.
    federated
        Whether there are hosts that SERVICE may call.
    counted
        What else is to be told of the dataset: its partitions by class and property, and its links, in VoID.
    """

    def __init__(
        self, pool: Pool, *, writable: bool = False, federated: bool = False, counted: Counted = _nothing
    ) -> None:
        self._pool = pool
        self._writable = writable
        self._federated = federated
        self._statistics = counted
        self._counted: tuple[str, Counts] | None = None

    async def response(self, endpoint: str, media_type: str, http: HttpRequest) -> Response:
        """The description in a format of RDF, or 304 to a client that has it.

        Raises
        ------
        HTTPException
            The address asked for is no IRI (400).
        KgError
            As `Pool.answer`, where graphs must be counted.
        """
        manifest, counts = await self._counts()
        syntax = ox.RdfFormat.from_media_type(media_type)
        try:
            triples = self._triples(endpoint, manifest, counts)
            content = ox.serialize(triples, format=syntax, prefixes=_PREFIXES) or b""
        except ValueError as error:
            raise HTTPException(400, f"{endpoint} is no IRI") from error
        tag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
        if tag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, 200, headers, media_type)

    def _triples(self, endpoint: str, manifest: Manifest, counts: Counts) -> Iterator[ox.Triple]:
        service, dataset = ox.NamedNode(f"{endpoint}#service"), ox.NamedNode(f"{endpoint}#dataset")
        yield from _resource(service, "Service", endpoint=ox.NamedNode(endpoint), defaultDataset=dataset)
        yield ox.Triple(service, _sd("availableGraphs"), dataset)
        yield ox.Triple(service, _sd("defaultEntailmentRegime"), ox.NamedNode("http://www.w3.org/ns/entailment/Simple"))
        for name, values in self._abilities(manifest).items():
            for value in values:
                yield ox.Triple(service, _sd(name), ox.NamedNode(value))
        yield from _resource(dataset, "Dataset")
        comment = ox.Literal(_OWN if manifest.plain else _MERGE, language="en")
        yield ox.Triple(dataset, ox.NamedNode(f"{_RDFS}comment"), comment)
        yield ox.Triple(dataset, ox.NamedNode(f"{_RDFS}seeAlso"), ox.NamedNode(urljoin(endpoint, "/.well-known/void")))
        if statistics := self._statistics():
            yield from void.counted(dataset, statistics)
            yield from void.parts(dataset, manifest, statistics)
        default = ox.NamedNode(f"{endpoint}#default-graph")
        yield ox.Triple(dataset, _sd("defaultGraph"), default)
        yield from _graph(default, counts.default)
        for number, (name, triples) in enumerate(sorted(counts.named.items())):
            entry, graph = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
            yield ox.Triple(dataset, _sd("namedGraph"), entry)
            yield from _resource(entry, "NamedGraph", name=ox.NamedNode(name), graph=graph)
            yield from _graph(graph, triples)

    def _abilities(self, manifest: Manifest) -> dict[str, list[str]]:
        languages = ["SPARQL10Query", "SPARQL11Query", *["SPARQL11Update"] * self._writable]
        features = ["EmptyGraphs"] if manifest.plain else ["UnionDefaultGraph"]
        return {
            "supportedLanguage": [f"{_SD}{name}" for name in languages],
            "feature": [f"{_SD}{name}" for name in features + ["BasicFederatedQuery"] * self._federated],
            "resultFormat": [f"{_FORMATS}{name}" for name in (*_RESULTS, *_RDF)],
            "inputFormat": [f"{_FORMATS}{name}" for name in _RDF if self._writable],
        }

    async def _counts(self) -> tuple[Manifest, Counts]:
        manifest = self._pool.release.manifest
        if self._counted is None or self._counted[0] != manifest.id:
            known = {part.graphs[0]: part.quads for part in manifest.segments.values() if len(part.graphs) == 1}
            others = [graph for part in manifest.segments.values() for graph in part.graphs if graph not in known]
            named = known | await self._counted_graphs(others if manifest.segments else None)
            default = manifest.quads if manifest.segments and manifest.default_graph == "union" else None
            self._counted = manifest.id, Counts(await self._default() if default is None else default, named)
        return manifest, self._counted[1]

    async def _counted_graphs(self, graphs: list[str] | None) -> dict[str, int]:
        """The numbers of triples of some graphs, of all if it is None."""
        if graphs == []:
            return {}
        some = f"VALUES ?g {{ {' '.join(f'<{graph}>' for graph in graphs)} }}" if graphs else ""
        query = f"SELECT ?g (COUNT(?s) AS ?n) {{ {some} GRAPH ?g {{ OPTIONAL {{ ?s ?p ?o }} }} }} GROUP BY ?g"
        return {row["g"]["value"]: int(row["n"]["value"]) for row in await self._rows(query)}

    async def _default(self) -> int:
        (row,) = await self._rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        return int(row["n"]["value"])

    async def _rows(self, query: str) -> list[dict[str, dict[str, str]]]:
        async with self._pool.answer(Request(query=query)) as answer:
            rows: list[dict[str, dict[str, str]]] = json.loads(await answer.read(_LARGEST))["results"]["bindings"]
            return rows


def _graph(node: Node, triples: int) -> Iterator[ox.Triple]:
    yield from _resource(node, "Graph")
    yield ox.Triple(node, ox.NamedNode(f"{_VOID}triples"), ox.Literal(triples))


def _resource(node: Node, kind: str, **values: Node) -> Iterator[ox.Triple]:
    yield ox.Triple(node, _TYPE, _sd(kind))
    for name, value in values.items():
        yield ox.Triple(node, _sd(name), value)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{_SD}{name}")
