"""Figures from records: what rules give is known again as long as nothing that they read has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyoxigraph as ox
import pytest

from kg import iris
from kg.derivation import derive, records
from kg.store.base import Row
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import SKOS, TT

GRAPHS = {
    "register": """
      made:1 tt:provider org:a , org:b ; tt:channel ch:consulting ; tt:agreedOn "2020-02-03"^^xsd:date ;
        tt:agreementValue 500 ; tt:agreementUnit ccy:CNY .
      made:2 tt:provider org:a ; tt:channel ch:licensing ; tt:agreedOn "2020-05-06"^^xsd:date .
      org:a tt:inPopulation pop:p ; tt:homeArea area:CN .
      org:b tt:inPopulation pop:p ; tt:homeArea area:CN .""",
    "concepts": """
      ch:consulting skos:inScheme <https://w3id.org/techtransfer/concept/channel> ; skos:broader ch:all .
      ch:licensing skos:inScheme <https://w3id.org/techtransfer/concept/channel> ; skos:broader ch:all .""",
    "report": """
      obs:x tt:indicator ind:organizations-above-threshold ; tt:thresholdComparator code:above ;
        tt:thresholdValue 100 ; tt:thresholdUnit ccy:CNY ; tt:status code:reported .""",
    "else": 'org:c rdfs:label "an institution that signed nothing" .',
}
PATHS = {"org": "org", "pop": "population", "area": "area", "ind": "indicator", "obs": "obs", "made": "agreement"}
PREFIXES = "".join(
    f"@prefix {prefix}: <{name}> . "
    for prefix, name in {
        **{name: f"{iris.ID}{path}/" for name, path in PATHS.items()},
        "tt": iris.ONTOLOGY,
        "skos": SKOS.namespace,
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        **{name: f"{iris.CONCEPT}{path}/" for name, path in {"ch": "channel", "code": "code", "ccy": "unit"}.items()},
    }.items()
)


class Watched(EmbeddedStore):
    """A store that remembers what it was asked."""

    asked: list[str]

    def select(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[Row]:
        self.asked.append(query)
        return super().select(query, graphs=graphs)


def store(**changed: str) -> Watched:
    """The graphs, with others in the place of some."""
    made = Watched(ox.Store())
    made.asked = []
    for name, turtle in {**GRAPHS, **changed}.items():
        made.database.load(
            f"{PREFIXES}{turtle}".encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph(name))
        )
    return made


def graph(name: str) -> str:
    return f"{iris.GRAPH}source/{name}"


def state(of: EmbeddedStore) -> str | None:
    """The state of a store; the digest of each graph is what stands in it."""
    return records.state(of, {name: "\n".join(sorted(map(str, of.quads(name)))) for name in of.graphs()})


def rules_asked(of: Watched) -> int:
    return sum(file.read_text("utf-8") in of.asked for file in records.files())


def test_what_rules_gave_is_read_back_and_nothing_is_asked_again() -> None:
    first = store()
    made = list(derive(first))
    assert rules_asked(first) == len(records.files())
    second = store()
    second.apply(made, [])
    known = list(records.known(second))
    assert set(known) == set(records.counted(first, first.graphs()))
    assert {figure.figure.key.indicator.rpartition("/")[2] for figure in known} == {
        "contract-count",
        "contract-value",
        "filers",
        "organizations-above-threshold",
    }
    assert set(derive(second, counted=known)) == set(made)
    assert rules_asked(second) == 0


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("register", "tt:agreementValue 500", "tt:agreementValue 50"),
        ("register", "ch:licensing", "ch:consulting"),
        ("concepts", "ch:consulting skos:inScheme", "ch:assignment skos:inScheme"),
        ("report", "tt:thresholdValue 100", "tt:thresholdValue 1000"),
        ("report", "code:above", "code:below"),
        ("else", "rdfs:label", "tt:inPopulation pop:q ; tt:homeArea area:CN ; rdfs:label"),
        ("else", "org:c", "area:CN tt:withinArea area:WORLD . org:c"),
        ("else", "org:c", "pop:p tt:partOfPopulation pop:q . org:c"),
    ],
)
def test_a_change_of_what_rules_read_is_noticed(name: str, old: str, new: str) -> None:
    assert old in GRAPHS[name]
    assert state(store(**{name: GRAPHS[name].replace(old, new)})) not in (state(store()), None)


def test_any_other_change_leaves_the_state_as_it_was() -> None:
    assert state(store(**{"else": GRAPHS["else"].replace("nothing", "nothing yet")})) == state(store())
    derived = store()
    derived.apply(derive(store()), [])
    digests = {name: "\n".join(sorted(map(str, derived.quads(name)))) for name in map(graph, GRAPHS)}
    assert records.state(derived, digests) == state(store())


def test_without_a_register_there_is_no_state() -> None:
    assert state(store(register="", concepts="")) is None


def test_a_threshold_that_nobody_publishes_any_more_is_forgotten() -> None:
    before = store()
    after = store(report="")
    after.apply(derive(before), [])
    found = {each.figure.key.threshold for each in records.counted(after, after.graphs())}
    assert found == {""}
    assert {each.figure.key.threshold for each in records.counted(before, before.graphs())} == {"", "above:100:CNY"}


def test_rules_read_nothing_that_the_state_leaves_out() -> None:
    prefixes = {"tt": iris.ONTOLOGY, "skos": SKOS.namespace}
    for file in records.files():
        text = re.sub("#.*", "", file.read_text("utf-8"))
        used = {prefixes[name] + local for name, local in re.findall(r"\b(tt|skos):([A-Za-z]+)", text)}
        assert used <= records.properties() | {TT.status}, file.name
