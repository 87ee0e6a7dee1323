"""What can be asked of a graph, wherever it lies; what differs is in `kg.client.local` and `kg.client.remote`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kg import queries
from kg.client.results import Result
from kg.client.stating import as_rdflib, stated
from kg.client.values import Value, meanings, typed
from kg.errors import StoreError
from kg.explore import naming
from kg.queries import NamedQuery
from kg.store.base import Store

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.analysis.network import Network
    from kg.analysis.rows import Place

_FIGURES = "figures/claims"


class Graph(ABC):
    """A graph to be asked; made by `kg.open`, and closed by `close` or the end of a ``with``.

    Attributes
    ----------
    release
        The id of the release; empty where that is not known.
    queries
        The named queries, by name.
    """

    def __init__(self, store: Store, named: Mapping[str, NamedQuery], *, release: str, kept: ExitStack) -> None:
        self.release = release
        self.queries = named
        self._held: Store | None = store
        self._kept = kept

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the release, or hang up; to do so again is no error."""
        self._held = None
        self._kept.close()

    def query(self, name: str, /, **params: Value | None) -> Result:
        """The answer to a named query, a query file (``.rq``), or a SELECT query in SPARQL.

        Parameters
        ----------
        name
            ``family/name`` of one of `queries`; the path of a file; or the text itself.
        params
            Values of its parameters: an IRI, a CURIE, the end of an IRI or what a thing is called, or the value itself.
            None is left out.

        Raises
        ------
        UnknownQueryError
            There is no query of this name; the text says which ones come close.
        ParameterError, AmbiguousError
            A parameter is unknown, missing, or its value is of the wrong kind or names nothing, or several things.
        QueryError
            The text is no SELECT query, or calls SERVICE.
        """
        chosen = self._chosen(name)
        text = chosen.bind(queries.asked(self._store, queries.resolved(chosen, typed(params))))
        table = chosen.answer(self._store, text)
        return Result(queries.frame(table, chosen.kinds), meanings(chosen.columns), self.release, text)

    def figures(
        self,
        indicator: str = "contract-value",
        *,
        area: str | None = None,
        year: int | str | None = None,
        channel: str | None = None,
    ) -> Result:
        """Claims about an indicator with intervals, sources and the number of claims that each conflicts with.

        Parameters
        ----------
        indicator, area, channel
            IRIs, CURIEs, ends of IRIs, or names: ``contract-value``, ``CN``, ``licensing``.
        year
            In which the period begins.

        Raises
        ------
        ParameterError, AmbiguousError
            As for `query`.

        Notes
        -----
        The query is ``figures/claims``; ``checks/claims-in-conflict`` has the pairs that conflict.
        """
        return self.query(_FIGURES, indicator=indicator, area=area, year=year, channel=channel)

    def network(self, name: str, /, *, language: str = "en", **params: Value | None) -> nx.Graph[str]:
        """A network as networkx has it: nodes by IRI with their attributes, edges with ``weight`` and ``records``.

        Parameters
        ----------
        name
            As ``kg network list`` has it, or the path of a query file.
        language
            Of labels, where there are any in it.
        params
            Values as ``kg network show NAME -p`` takes them; ``from_`` stands for ``from``.

        Returns
        -------
        A Graph, or a DiGraph where the network has directions; ``graph.graph`` says what it was made from.

        Raises
        ------
        UnknownQueryError, ParameterError
            As for `query`.
        NetworkError, NetworkTooLargeError
            The rows make no network; it would be too large.
        """
        return self._network(name, language, params).graph()

    def measure(
        self,
        name: str,
        measure: str,
        /,
        *,
        settings: Mapping[str, Value] | None = None,
        engine: str = "",
        language: str = "en",
        **params: Value | None,
    ) -> Result:
        """The values of a measure of a network: a row for each node or edge, or one for the network.

        Parameters
        ----------
        name, language, params
            Which network, as for `network`.
        measure
            As ``kg network measure`` lists them: ``betweenness``.
        settings
            Parameters of the measure itself.
        engine
            What computes it; the best that is there where none is named.

        Raises
        ------
        AnalysisError
            It is not defined for this network, did not converge, or would take too long.
        UnknownQueryError, ParameterError, NetworkError
            As for `network`; the measure or a setting is unknown.
        """
        from kg.analysis import measures  # noqa: PLC0415 - 0.3 s, and not all need it

        network = self._network(name, language, params)
        measured = measures.measure(network, measure, dict(settings or {}), engine=engine)  # type: ignore[arg-type]
        return Result(measured.values, {}, self.release, told=measured.provenance())

    def describe(self, iri: str, *, incoming: bool = False, most: int = 10_000) -> rdflib.Graph:
        """All that is stated of a thing, as rdflib has it.

        Parameters
        ----------
        iri
            An IRI, a CURIE such as ``org-id:ncste``, or a path such as ``org/ncste``.
        incoming
            What is stated of others with this thing as its value, too.
        most
            Statements that may be given in each direction.

        Raises
        ------
        ParameterError
            It is no name of a thing.
        NotFoundError
            Nothing is stated of it, and no other thing refers to it.
        ResultTooLargeError
            There are more statements than that.
        """
        return as_rdflib(stated(self._store, naming.thing(str(iri)), incoming=incoming, most=most))

    @abstractmethod
    def search(
        self,
        text: str = "",
        *,
        classes: Iterable[str] = (),
        countries: Iterable[str] = (),
        years: Iterable[str | int] = (),
        limit: int = 20,
        language: str = "en",
    ) -> Result:
        """Things found by their words, the best match first: iri, label, match, classes, countries, years, description.

        Parameters
        ----------
        text
            Words in any language, or an identifier; without, all things that are chosen.
        classes, countries, years
            Only these: ``Policy``, ``CN``, ``2020`` or ``2018-2022``.
        limit
            Rows, 1 to 100; ``told["total"]`` says how many there are in all.

        Raises
        ------
        ParameterError
            There is nothing to look for, or the limit is out of bounds.
        NotFoundError
            There is no search there: at a SPARQL endpoint that is no `kg serve`, and in a plain folder.
        """

    @property
    @abstractmethod
    def _place(self) -> Place:
        """What networks are projected from."""

    @property
    def _store(self) -> Store:
        if self._held is None:
            raise StoreError("this graph was closed; open it again with kg.open()")
        return self._held

    def _chosen(self, name: str) -> NamedQuery:
        if "{" in name:
            return queries.typed(name)
        if name.endswith(".rq"):
            return queries.read(Path(name))
        return queries.find(self.queries, name, lists="sorted(graph.queries)")

    def _network(self, name: str, language: str, params: Mapping[str, Value | None]) -> Network:
        from kg.analysis import definitions, networks  # noqa: PLC0415 - 0.3 s, and not all need it

        given = {key.rstrip("_"): value for key, value in typed(params).items()}
        return networks.Asking.of(self._place, definitions.find(name), given, language=language).network()
