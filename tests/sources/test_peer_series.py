"""The series of other countries: what is judged is there, and what was restated names what it replaces."""

from __future__ import annotations

from kg import iris
from kg.derivation import derive
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

TT = f"PREFIX tt: <{PREFIXES['tt']}>"


def test_derived_observations_that_are_judged_are_derived(graph: EmbeddedStore) -> None:
    """The names of derived observations come from their operands: a renamed row would leave a judgement empty."""
    query = f"{TT} SELECT ?o {{ ?a tt:assesses|tt:comparedWith ?o FILTER(CONTAINS(STR(?o), '/obs/derived/')) }}"
    judged = {row["o"].value for row in graph.select(query)}
    assert judged
    assert judged <= {quad.subject.value for quad in derive(graph)}


def test_the_restated_year_takes_the_place_of_the_first_release(graph: EmbeddedStore) -> None:
    query = f"""{TT} PREFIX code: <{iris.CONCEPT}code/> SELECT ?new ?old {{
      ?new tt:revises ?old ; tt:status code:restated ; tt:statedIn ?later ; tt:indicator ?i ; tt:channel ?c ;
        tt:refPeriod ?p .
      ?old tt:statedIn <{iris.identifier("doc/hesa13")}> ; tt:indicator ?i ; tt:channel ?c ; tt:refPeriod ?p }}"""
    rows = graph.select(query)
    channels = {"consulting", "development-commissioned", "facility-access", "regeneration"}
    found = {iris.local(row["old"].value) for row in rows}
    assert found == {f"knowledge-exchange-income-{channel}-2011-12-hesa13" for channel in channels}


def test_restated_figures_name_what_they_restate_where_it_is_known(graph: EmbeddedStore) -> None:
    """Of the others no source read states an earlier figure; the first release has the two parts of one sum only."""
    query = f"""{TT} PREFIX code: <{iris.CONCEPT}code/> SELECT ?o {{
      ?o tt:status code:restated FILTER NOT EXISTS {{ ?o tt:revises ?old }} }} ORDER BY ?o"""
    assert [iris.local(row["o"].value) for row in graph.select(query)] == [
        "intellectual-property-income-2011-12-hesa1314",
        "knowledge-exchange-income-development-cooperative-2011-12-hesa1314",
        "knowledge-exchange-income-training-2011-12-hesa1314",
        "contract-count-six-ways-2019-panjin",
        "contract-count-six-ways-2019-yahui",
        "contract-value-six-ways-2019-panjin",
        "contract-value-six-ways-2019-yahui",
    ]
