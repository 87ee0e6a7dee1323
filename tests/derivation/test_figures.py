"""What is read from a store as figures: whole observations, whichever graphs describe them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import iris
from kg.derivation import figures
from kg.derivation.figures import Figure
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

PREFIX = "".join(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
WHOLE = """<urn:o> a tt:Observation ; tt:indicator ind:contracts-above-threshold ;
  tt:refPeriod <https://w3id.org/techtransfer/id/period/CY2020> ;
  tt:refArea <urn:area/CN> ; tt:observedUnit <urn:org/a> ; tt:channel ch:all ; tt:transformation code:level ;
  tt:value 261.0 ; tt:unit <urn:unit/CNY> ; tt:status code:reported ; tt:statedIn <urn:doc/a> ."""
THRESHOLD = "<urn:o> tt:thresholdComparator code:above ; tt:thresholdValue 5.0 ; tt:thresholdUnit <urn:unit/CNY> ."


def read(**graphs: str) -> list[Figure]:
    store = EmbeddedStore.in_memory()
    for name, content in graphs.items():
        store.database.load(
            (PREFIX + content).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"urn:{name}")
        )
    return figures.read(store, [f"urn:{name}" for name in graphs if name != "derived"])


def test_an_observation_is_read_from_all_graphs_that_describe_it() -> None:
    (figure,) = read(one=WHOLE, two=THRESHOLD, derived="<urn:o> tt:counterpart <urn:nobody> .")
    assert figure.key.text == "contracts-above-threshold|CY2020|CN|a|all|level|threshold=above:5:CNY"


@pytest.mark.parametrize("lost", ["tt:refArea <urn:area/CN> ;", "tt:value 261.0 ;", "a tt:Observation ;"])
def test_without_a_dimension_its_value_or_its_class_it_is_no_figure(lost: str) -> None:
    assert read(one=WHOLE.replace(lost, "")) == []


@pytest.mark.parametrize("second", ["CY2019", "CY2021"])
def test_of_two_values_the_first_is_taken_whatever_graph_they_stand_in(second: str) -> None:
    other = f"<urn:o> tt:refPeriod <https://w3id.org/techtransfer/id/period/{second}> ."
    (figure,) = read(one=WHOLE, two=other)
    assert read(two=WHOLE, one=other) == [figure]
    assert iris.local(figure.key.period) == min("CY2020", second)


def test_figures_come_in_the_order_of_their_names() -> None:
    other = WHOLE.replace("urn:o>", "urn:n>")
    assert [figure.iri for figure in read(one=WHOLE, two=other)] == ["urn:n", "urn:o"]
