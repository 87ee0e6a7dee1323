"""Derived things as quads of ``graph/derived``; sorting them is the segment's business."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris
from kg.derivation import periods
from kg.derivation.conversions import IMPLIED, Conversion
from kg.derivation.figures import DERIVED, Figure, Key, plain
from kg.derivation.records import Counted
from kg.derivation.rules import Derived
from kg.vocabulary import PROV, QB, RDF, RDFS, TT, XSD

DATASET = iris.identifier("dataset/derived")

_GRAPH = NamedNode(iris.GRAPH_DERIVED)
_DECIMAL, _DATE, _BOOLEAN = NamedNode(XSD.decimal), NamedNode(XSD.date), NamedNode(XSD.boolean)
_WHOLE = {"channel": TT.wholeChannel, "observed_unit": TT.wholeObservedUnit, "indicator": TT.wholeIndicator}


def period(iri: str, days: iris.Days | None) -> Iterator[Quad]:
    """Type, days and labels of one period."""
    yield _link(iri, RDF.type, TT.Period)
    if days is None:
        return
    yield _literal(iri, TT.firstDay, days.first.isoformat(), _DATE)
    yield _literal(iri, TT.lastDay, days.last.isoformat(), _DATE)
    if days.nominal:
        yield _literal(iri, TT.nominal, "true", _BOOLEAN)
    for language, label in periods.labels(iri, days).items():
        yield _quad(iri, RDFS.label, Literal(label, language=language))


def cell(key: Key) -> Iterator[Quad]:
    """A cell and its key."""
    yield _link(key.cell, RDF.type, TT.StatisticalCell)
    yield _quad(key.cell, RDFS.label, Literal(key.text))


def completion(figure: Figure) -> Iterator[Quad]:
    """What a stated observation lacks: its cell, bounds and data set, and for a share the cell it is a share of."""
    yield from _placed(figure)
    document = figure.document.removeprefix(f"{iris.ID}doc/")
    yield _link(figure.iri, QB.dataSet, iris.identifier(f"dataset/{document}"))


def dataset() -> Iterator[Quad]:
    """The data set of all derived observations."""
    yield _link(DATASET, RDF.type, QB.DataSet)
    yield _link(DATASET, QB.structure, TT.ObservationStructure)
    yield _quad(DATASET, RDFS.label, Literal("derived observations", language="en"))
    yield _quad(DATASET, RDFS.label, Literal("推算观测值", language="zh"))


def counted(made: Counted) -> Iterator[Quad]:
    """A figure from records, with the rule and the graph behind it."""
    yield from _figure(made.figure)
    yield _link(made.figure.iri, TT.derivedBy, made.derivation)
    yield _link(made.derivation, RDF.type, TT.Derivation)
    yield _link(made.derivation, TT.operation, made.operation)
    yield _link(made.derivation, TT.derivationRule, made.rule)
    yield _link(made.derivation, PROV.used, made.graph)


def observation(derived: Derived) -> Iterator[Quad]:
    """A derived observation and the derivation that it comes from."""
    figure, key = derived.figure, derived.figure.key
    yield from _figure(figure)
    if figure.basis and key.since:
        yield _link(figure.iri, TT.comparisonBasis, figure.basis)
    if derived.whole[0]:
        yield _link(figure.iri, _WHOLE[derived.whole[0]], derived.whole[1])
    yield from _derivation(derived)


def conversion(made: Conversion) -> Iterator[Quad]:
    """The conversion between two observations of one cell, with the rate that it implies."""
    yield _link(made.iri, RDF.type, TT.CurrencyConversion)
    yield _link(made.iri, TT.sourceObservation, made.source.iri)
    yield _link(made.iri, TT.targetObservation, made.target.iri)
    yield _number(made.iri, TT.impliedRate, made.rate)
    yield _link(made.iri, TT.rateBasis, IMPLIED)


def _derivation(derived: Derived) -> Iterator[Quad]:
    activity = iris.derivation_iri(iris.local(derived.operation), *(operand.iri for operand in derived.operands))
    yield _link(derived.figure.iri, TT.derivedBy, activity)
    yield _link(activity, RDF.type, TT.Derivation)
    yield _link(activity, TT.operation, derived.operation)
    roles = [TT.addend] * len(derived.operands)
    if iris.local(derived.operation) != "sum":
        roles = [TT.firstOperand, TT.secondOperand]
    for role, operand in zip(roles, derived.operands, strict=True):
        yield _link(activity, role, operand.iri)


def _figure(figure: Figure) -> Iterator[Quad]:
    yield _link(figure.iri, RDF.type, TT.Observation)
    yield _link(figure.iri, QB.dataSet, DATASET)
    yield from _dimensions(figure.iri, figure.key)
    yield from _placed(figure)
    yield _number(figure.iri, TT.value, figure.value)
    yield _link(figure.iri, TT.unit, figure.unit)
    yield _link(figure.iri, TT.status, DERIVED)


def _dimensions(subject: str, key: Key) -> Iterator[Quad]:
    yield _link(subject, TT.indicator, key.indicator)
    yield _link(subject, TT.refPeriod, key.period)
    yield _link(subject, TT.refArea, key.area)
    yield _link(subject, TT.observedUnit, key.observed_unit)
    yield _link(subject, TT.channel, key.channel)
    yield _link(subject, TT.transformation, key.transformation)
    if key.since:
        yield _link(subject, TT.comparisonPeriod, key.since)
    if key.counterpart:
        yield _link(subject, TT.counterpart, key.counterpart)
    if key.threshold:
        yield from _threshold(subject, key.threshold)


def _threshold(subject: str, threshold: str) -> Iterator[Quad]:
    comparator, value, unit = threshold.split(":")
    yield _link(subject, TT.thresholdComparator, iris.concept(f"code/{comparator}"))
    yield _number(subject, TT.thresholdValue, Decimal(value))
    yield _link(subject, TT.thresholdUnit, iris.concept(f"unit/{unit}"))


def _placed(figure: Figure) -> Iterator[Quad]:
    yield _link(figure.iri, TT.cell, figure.key.cell)
    yield _number(figure.iri, TT.lowerBound, figure.interval.low)
    yield _number(figure.iri, TT.upperBound, figure.interval.high)
    if figure.key.of:
        yield _link(figure.iri, TT.shareOf, figure.key.of.cell)


def _link(subject: str, predicate: str, target: str) -> Quad:
    return _quad(subject, predicate, NamedNode(target))


def _number(subject: str, predicate: str, number: Decimal) -> Quad:
    return _literal(subject, predicate, plain(number), _DECIMAL)


def _literal(subject: str, predicate: str, text: str, datatype: NamedNode) -> Quad:
    return _quad(subject, predicate, Literal(text, datatype=datatype))


def _quad(subject: str, predicate: str, target: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), target, _GRAPH)
