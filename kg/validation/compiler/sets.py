"""Shapes as sets: the nodes of a domain that break a shape, written as graph patterns of SPARQL 1.1.

What nests in SHACL is set algebra here: ``sh:not`` takes the failing set from the domain, ``sh:and`` unites failing
sets, ``sh:or`` intersects them, ``sh:node`` looks at the values that fail. Every such set is a sub-select that can be
evaluated by itself, from the inside out; none stands inside ``EXISTS``, where engines differ in what an outer variable
means to it.

Two ways lead from nodes to values. *Looking up* starts at the nodes of the domain. *Scanning* reads all values of a
path, keeps those at fault, and asks of these whether their node belongs to the domain; there are few as a rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, count

from kg.validation.compiler import sparql
from kg.validation.compiler.domains import INSTANCE, NODE, Domain, Sizes, instances, nullable
from kg.validation.compiler.expressions import NotCompiledError, conjunction, constant, holds
from kg.validation.compiler.limits import COUNTS, limits, within_limit
from kg.validation.model import Constraint, Shape

QUERIES = frozenset({"sparql", "component"})
_FURTHER = {"lessThan": "<", "lessThanOrEquals": "<="}


class Sets:
    """Writes patterns for the queries of one shape; a variable that it makes up stands in no other pattern of it."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self._numbers = count()

    def fails(self, shape: Shape, node: str, domain: Domain) -> str:
        """The group that binds ``node`` to the nodes of the domain that do not conform to the shape, each once."""
        groups = [f"{{ {content} }}" for content in self._failing(shape, node, domain)]
        inner = " UNION ".join(groups) or f"{domain.at(node)} FILTER(false)"
        return within_limit(f"{{ SELECT DISTINCT {node} {{ {inner} }} }}")

    def values(
        self, shape: Shape, node: str, value: str, domain: Domain, condition: str = "", *, scan: bool = True
    ) -> str:
        """What binds a node of the domain and each of its values that meets a condition (a filter, MINUS or group)."""
        path = shape.path
        if path is None:
            return f"{domain.at(node)} . {condition}"
        if scan and self._sizes.scanned(domain, path):
            return f"{{ SELECT {node} {value} {{ {node} {path.sparql} {value} . {condition} }} }} {domain.at(node)}"
        if nullable(path):
            itself = f"{{ {domain.at(node)} BIND({node} AS {value}) }}"
            return f"{{ {domain.at(node)} . {node} {path.sparql} {value} }} UNION {itself} {condition}"
        return f"{domain.at(node)} . {node} {path.sparql} {value} . {condition}"

    def counted(self, shape: Shape, node: str, domain: Domain, least: int, most: int | None) -> str:
        """What binds a node of the domain that has fewer or more values than allowed (section 4.2)."""
        if shape.path is None:
            raise NotCompiledError("a node shape has no values to count")
        value, path = self.fresh(), shape.path
        scanned = self._sizes.scanned(domain, path)
        if least == 1 and most is None and not nullable(path):
            way = "MINUS" if scanned else "FILTER NOT EXISTS"
            return f"{domain.at(node)} {way} {{ {node} {path.sparql} {value} }}"
        fits = [f"COUNT(DISTINCT {value}) >= {least}"] * (least > 0)
        fits += [] if most is None else [f"COUNT(DISTINCT {value}) <= {most}"]
        wrong = f"GROUP BY {node} HAVING(!({' && '.join(fits)}))"
        if not scanned:
            inner = self.values(shape, node, value, domain)
            if least and not nullable(path):
                inner = f"{domain.at(node)} OPTIONAL {{ {node} {path.sparql} {value} }}"
            return f"{{ SELECT {node} {{ {inner} }} {wrong} }}"
        if not least:
            return f"{{ SELECT {node} {{ {node} {path.sparql} {value} }} {wrong} }} {domain.at(node)}"
        right = f"GROUP BY {node} HAVING({' && '.join(fits)})"
        return f"{domain.at(node)} MINUS {{ SELECT {node} {{ {node} {path.sparql} {value} }} {right} }}"

    def violations(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        """What binds the nodes and values that break a constraint.

        ``value`` stays unbound where SHACL reports no value; of a node shape ``node`` is its own value, and the two
        variables must be one.
        """
        written = {
            "class": self._class,
            "in": self._in,
            "hasValue": self._has_value,
            "equals": self._equals,
            "disjoint": self._disjoint,
            "lessThan": self._less,
            "lessThanOrEquals": self._less,
            "uniqueLang": self._unique,
            "closed": self._closed,
            "qualifiedMinCount": self._qualified,
            "qualifiedMaxCount": self._qualified,
        }.get(constraint.name, self._nested)
        return written(constraint, shape, node, value, domain)

    def _reported(self, node: str) -> str:
        """The variable of a value that is no value node: ``?value`` for the report, or one that nobody reads."""
        return "?value" if node == "?this" else self.fresh()

    def fresh(self) -> str:
        """A variable that no other pattern has."""
        return f"?v{next(self._numbers)}"

    def domain_of_values(self, shape: Shape, domain: Domain, *, exact: bool = False) -> Domain:
        """The values of a property shape over a domain, as a domain; of a node shape, the domain itself.

        Where values are scanned it may hold values of other nodes as well, unless it is to be exact.
        """
        if shape.path is None:
            return domain
        other = self.fresh()
        if not exact and self._sizes.scanned(domain, shape.path):
            inner = f"{other} {shape.path.sparql} {NODE}"
            return Domain(f"{{ SELECT DISTINCT {NODE} {{ {inner} }} }}", self._sizes.of(shape.path))
        inner = self.values(shape, other, NODE, domain, scan=False)
        return Domain(f"{{ SELECT DISTINCT {NODE} {{ {inner} }} }}", domain.size)

    def _failing(self, shape: Shape, node: str, domain: Domain) -> Iterator[str]:
        value = node if shape.path is None else self.fresh()
        local = [holds(constraint, value, on_property=bool(shape.path)) for constraint in shape.constraints]
        if any(local):
            simple = conjunction(part for part in local if part)
            yield self.values(shape, node, value, domain, f"FILTER(!{simple})")
        counts = {constraint.name: constraint for constraint in shape.constraints if constraint.name in COUNTS}
        least, most = limits(counts)
        if least or most is not None:
            yield self.counted(shape, node, domain, least, most)
        for constraint, part in zip(shape.constraints, local, strict=True):
            if part is None and constraint.name not in COUNTS:
                yield self.violations(constraint, shape, node, value, domain)

    def _nested(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        if constraint.name in QUERIES:
            return self._queried(constraint, shape, node, domain)
        values = self.domain_of_values(shape, domain)
        if constraint.name == "property" and shape.path is None:
            return self.fails(constraint.shapes[0], node, domain)
        return self.values(shape, node, value, domain, self._logical(constraint, value, values))

    def _logical(self, constraint: Constraint, value: str, values: Domain) -> str:
        """The group that binds the values that fail a constraint made of shapes (sections 4.6 and 4.7)."""
        failing = [self.fails(shape, value, values) for shape in constraint.shapes]
        if constraint.name == "not":
            return f"{{ {values.at(value)} MINUS {failing[0]} }}"
        if constraint.name == "or":
            return " ".join(failing)
        if constraint.name == "xone":
            none = f"{{ {' '.join(failing)} }}"
            pairs = (f"{{ {values.at(value)} MINUS {a} MINUS {b} }}" for a, b in combinations(failing, 2))
            return f"{{ {' UNION '.join([none, *pairs])} }}"
        return f"{{ {' UNION '.join(failing)} }}"

    def _class(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        """Instances are set apart in one go where there are many values, else looked up (section 4.1.1)."""
        many = domain.size >= self._sizes.known.get(instances(constraint.term), 0)
        way = "MINUS" if many else "FILTER NOT EXISTS"
        return self.values(shape, node, value, domain, f"{way} {{ {value} {INSTANCE} {constraint.term} }}")

    def _in(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        known = " ".join(map(constant, constraint.terms))
        return self.values(shape, node, value, domain, f"MINUS {{ VALUES {value} {{ {known} }} }}")

    def _has_value(self, constraint: Constraint, shape: Shape, node: str, _: str, domain: Domain) -> str:
        """The wanted value is looked for backwards from it; of a path with no step the node itself may be it."""
        wanted, path = constant(constraint.term), shape.path
        if path is None:
            return f"{domain.at(node)} FILTER(!sameTerm({node}, {wanted}))"
        if nullable(path):
            value = self.fresh()
            has = self.values(shape, node, value, domain, f"FILTER(sameTerm({value}, {wanted}))")
            return f"{domain.at(node)} MINUS {{ {has} }}"
        way = "MINUS" if self._sizes.scanned(domain, path) else "FILTER NOT EXISTS"
        return f"{domain.at(node)} {way} {{ {node} {path.sparql} {wanted} }}"

    def _equals(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        """Values that the other property lacks, and values of it that are lacking here (section 4.5.1)."""
        other = f"{node} {constraint.term}"
        if shape.path is None:  # the node itself, as value, and what else the property has
            found = self._reported(node)
            return (
                f"{{ {domain.at(node)} FILTER NOT EXISTS {{ {other} {node} }} }} UNION "
                f"{{ {domain.at(node)} . {other} {found} FILTER(!sameTerm({node}, {found})) }}"
            )
        way = "MINUS" if self._sizes.scanned(domain, shape.path) else "FILTER NOT EXISTS"
        here = self.values(shape, node, value, domain, f"{way} {{ {other} {value} }}")
        if nullable(shape.path):
            lacking = f"{domain.at(node)} . {other} {value} MINUS {{ {self.values(shape, node, value, domain)} }}"
        else:
            lacking = f"{other} {value} {way} {{ {node} {shape.path.sparql} {value} }}"
            lacking = f"{{ SELECT {node} {value} {{ {lacking} }} }}" if way == "MINUS" else lacking
            lacking = f"{domain.at(node)} . {lacking}"
        return f"{{ {here} }} UNION {{ {lacking} }}"

    def _disjoint(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        other = f"{node} {constraint.term} {value}"
        if shape.path and self._sizes.scanned(domain, shape.path):
            other = f"{{ SELECT {node} {value} {{ {other} }} }}"
        return self.values(shape, node, value, domain, other)

    def _less(self, constraint: Constraint, shape: Shape, node: str, value: str, domain: Domain) -> str:
        """Pairs that cannot be compared are at fault too (sections 4.5.3 and 4.5.4); ``?other`` is the greater one."""
        other = f"{node} {constraint.term} ?other"
        less = f"COALESCE({value} {_FURTHER[constraint.name]} ?other, false)"
        fault = f"FILTER(!(isLiteral({value}) && isLiteral(?other) && {less}))"  # some engines order IRIs too
        if shape.path and self._sizes.scanned(domain, shape.path):
            pairs = f"{{ SELECT {node} {value} {{ {node} {shape.path.sparql} {value} }} }}"
            inner = f"{pairs} {{ SELECT {node} ?other {{ {other} }} }} {fault}"
            return f"{{ SELECT {node} {value} ?other {{ {inner} }} }} {domain.at(node)}"
        return self.values(shape, node, value, domain, f"{other} {fault}")

    def _unique(self, _: Constraint, shape: Shape, node: str, __: str, domain: Domain) -> str:
        """One solution for each language of several values (section 4.4.5), which is ``?language``."""
        value = self.fresh()
        tagged = self.values(shape, node, value, domain, f'FILTER(LANG({value}) != "")')
        group = f"GROUP BY {node} (LANG({value}) AS ?language) HAVING(COUNT(DISTINCT {value}) > 1)"
        return f"{{ SELECT {node} ?language {{ {tagged} }} {group} }}"

    def _closed(self, constraint: Constraint, shape: Shape, node: str, _: str, domain: Domain) -> str:
        """Triples that a closed shape does not foresee, as ``?path`` and ``?value`` (section 4.8.1)."""
        held = self.fresh() if shape.path else node
        allowed = ", ".join(map(str, constraint.terms))
        beyond = f"{held} ?path {self._reported(node)}" + f" FILTER(?path NOT IN ({allowed}))" * bool(allowed)
        return f"{{ {self.values(shape, node, held, domain)} }} {beyond}"

    def _qualified(self, constraint: Constraint, shape: Shape, node: str, _: str, domain: Domain) -> str:
        """Nodes with too few or too many values that conform and do not conform to a sibling (section 4.7.3)."""
        value = self.fresh()
        wanted, *siblings = constraint.shapes
        values = self.domain_of_values(shape, domain)
        apart = " ".join(self.fails(sibling, value, values) for sibling in siblings)
        counting = f"{{ {values.at(value)} {apart} MINUS {self.fails(wanted, value, values)} }}"
        held = self.values(shape, node, value, domain, counting)
        number = int(getattr(constraint.term, "value", 0))
        if constraint.name == "qualifiedMaxCount":
            return f"{{ SELECT {node} {{ {held} }} GROUP BY {node} HAVING(COUNT(DISTINCT {value}) > {number}) }}"
        group = f"GROUP BY {node} HAVING(COUNT(DISTINCT {value}) >= {number})"
        return f"{domain.at(node)} MINUS {{ SELECT {node} {{ {held} }} {group} }}" if number else "FILTER(false)"

    def _queried(self, constraint: Constraint, shape: Shape, node: str, domain: Domain) -> str:
        reason = sparql.uncompiled(shape, constraint)
        if reason:
            raise NotCompiledError(reason)
        select = sparql.violations(shape, constraint, domain.at("?this")).select
        return f"{{ SELECT DISTINCT (?this AS {node}) {{ {{ {select} }} }} }}"
