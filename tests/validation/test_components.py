"""Custom constraint components: which validator, which arguments, which results."""

from __future__ import annotations

import pytest

from kg.errors import ConfigError
from kg.validation.compiler import sparql

from .queries import component, results, shapes


@pytest.mark.parametrize(
    ("ask", "path", "expected"),
    [
        ("ASK { FILTER(?value = $wanted) }", "e:p", {"a 1", "a x", "b 3"}),
        ("ASK { FILTER(?value < $wanted) }", "e:p", {"a 2", "a x", "b 3", "_ 2"}),
        (
            "ASK { FILTER(?value < $wanted) FILTER(bound($wanted) && !bound($most)) }",
            "e:p",
            {"a 2", "a x", "b 3", "_ 2"},
        ),
        ("ASK { FILTER(COALESCE($most, 1) = ?value) }", "e:p", {"a 2", "a x", "b 3", "_ 2"}),
        ("ASK { { ?other e:q $value } UNION { $value e:p 3 } }", "e:r", {"c x"}),
        ("ASK { FILTER NOT EXISTS { $value e:p $wanted } }", "e:r", {"a a"}),
        ("ASK { $value e:p ?n { SELECT $this $value $wanted $most { $this e:r $value } } }", "e:r", {"c x"}),
        ("ASK { FILTER(isIRI($value) && STRLEN(STR($value)) = 7) }", "", {"x x", "_ _", "absent absent"}),
        (
            "ASK { FILTER(?value != $this) }",
            "[ sh:zeroOrMorePath e:r ]",
            {f"{n} {n}" for n in ["a", "b", "c", "_", "x", "absent"]},
        ),
        ("ASK { FILTER(STR($value)) }", "e:q", {"c _"}),
        ("ASK { FILTER($value) }", "e:q", {"a b", "b c", "c a", "c _"}),
    ],
)
def test_validators_ask_about_value_nodes(ask: str, path: str, expected: set[str]) -> None:
    def name(term: object) -> str:
        text = str(getattr(term, "value", term)).removeprefix("urn:e:")
        return text if len(text) < 8 else "_"

    found = results(component(ask, path))
    assert {f"{name(result.focus)} {name(result.value)}" for result in found} == expected
    assert {result.component for result in found} <= {"urn:e:Component"}


@pytest.mark.parametrize(
    ("select", "arguments", "expected"),
    [
        ("SELECT $this { $this e:p $wanted }", "e:wanted 1", ["urn:e:a"]),
        (
            "SELECT $this $wanted ?most { $this e:p ?most FILTER(?most > $wanted) }",
            "e:wanted 1",
            ["_", "urn:e:a", "urn:e:b"],
        ),
        ("SELECT $this { $this e:p ?x } GROUP BY $this $wanted HAVING(COUNT(?x) > $wanted)", "e:wanted 2", ["urn:e:a"]),
        ("SELECT $this { $this $wanted ?x FILTER(?x = $most) }", "e:wanted e:p ; e:most 3", ["urn:e:b"]),
    ],
)
def test_validators_select_with_parameters(select: str, arguments: str, expected: list[str]) -> None:
    found = results(component(select, arguments=arguments, role="nodeValidator"))
    names = {getattr(result.focus, "value", "") for result in found}
    assert sorted(name if ":" in name else "_" for name in names) == expected


def test_messages_name_parameters() -> None:
    (result, *_) = results(component("ASK { FILTER($value != $wanted) }", "e:p"))
    assert result.message == "wants 2"


def test_several_values_of_an_only_parameter_are_several_constraints() -> None:
    found = shapes("""
        e:Component a sh:ConstraintComponent ; sh:validator e:validator ; sh:parameter [ sh:path e:wanted ] .
        e:validator sh:message "not {$wanted}" ; sh:ask "ASK { FILTER($value != $wanted) }" .
        e:shape a sh:PropertyShape ; sh:path e:p ; sh:targetNode e:a ; e:wanted 1 , 2 .""")
    assert [str(result) for result in results(found)] == ["urn:e:a: not 1", "urn:e:a: not 2"]
    with pytest.raises(ConfigError, match="a shape has one urn:e:wanted, this one 2"):
        component("ASK { FILTER($value != $wanted) }", arguments="e:wanted 1 , 2")


@pytest.mark.parametrize(
    ("role", "path", "count"),
    [
        ("nodeValidator", "", 1),
        ("nodeValidator", "e:p", 0),
        ("propertyValidator", "e:p", 1),
        ("propertyValidator", "", 0),
    ],
)
def test_the_kind_of_shape_chooses_the_validator(role: str, path: str, count: int) -> None:
    found = component("SELECT $this { $this e:p $wanted }", path, role=role)
    (shape,) = (shape for shape in found.shapes if shape.targets)
    assert len(shape.constraints) == count


def test_without_its_parameter_a_component_is_silent() -> None:
    found = component("ASK { FILTER($value != $wanted) }", arguments="e:most 1")
    assert not any(shape.constraints for shape in found.shapes)


@pytest.mark.parametrize("name", ["e:value", "e:PATH", "e:a-b", "e:", "[ sh:inversePath e:x ]"])
def test_parameters_need_a_name_that_variables_can_have(name: str) -> None:
    with pytest.raises(ConfigError, match="urn:e:Component: a parameter needs"):
        shapes(f"e:Component a sh:ConstraintComponent ; sh:parameter [ sh:path {name} ] . e:s a sh:NodeShape .")


def test_a_validator_must_not_reassign_the_value() -> None:
    with pytest.raises(ConfigError, match=r"AS \?value is not allowed"):
        component("ASK { BIND(true AS ?value) }")


@pytest.mark.parametrize(
    ("select", "arguments", "reason"),
    [
        ("SELECT $this { $this $wanted ?x }", "e:wanted 1", "no place for its value"),
        ("SELECT $this { $this e:p $wanted }", "e:wanted ( 1 2 )", "$wanted is a blank node"),
    ],
)
def test_arguments_that_cannot_be_written_are_left_to_another(select: str, arguments: str, reason: str) -> None:
    found = component(select, arguments=arguments, role="nodeValidator")
    (shape,) = (shape for shape in found.shapes if shape.targets)
    assert reason in sparql.uncompiled(shape, shape.constraints[0])
