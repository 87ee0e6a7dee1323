"""How important things are: what stands first among matches that are equally good.

The class says what people look for, links say what others refer to. Both are known when an index is built, so rows lie
in this order, and whoever wants the best twenty reads twenty: that is what makes suggestions cheap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kg.vocabulary import OWL, QB, SKOS, TT

_USUAL = 4.0
_LINKS = 0.5
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys((TT.Organization, TT.Policy, TT.ReportSeries, TT.Area), 6.0),
        **dict.fromkeys((TT.Indicator, TT.ReportEdition, TT.Event, TT.PolicyRecommendation), 5.0),
        **dict.fromkeys((TT.Collaboration, TT.TransferAgreement, TT.Finding, TT.Shortfall, TT.Population), 4.0),
        **dict.fromkeys((TT.Document, TT.KnowledgeAsset, SKOS.Concept, TT.Unit), 3.0),
        **dict.fromkeys((TT.Period, SKOS.ConceptScheme, f"{OWL.namespace}Class"), 2.0),
        **dict.fromkeys((f"{OWL.namespace}{kind}Property" for kind in ("Object", "Datatype", "Annotation")), 1.5),
        **dict.fromkeys((TT.StatisticalCell, TT.Derivation, TT.Partition, QB.DataSet), 0.0),
    }
)
"""By class; what is not named has four."""


def weight(classes: Iterable[str]) -> float:
    """The weight of a thing by its classes: that of the one which people look for most."""
    return max((WEIGHTS.get(each, _USUAL) for each in classes), default=_USUAL)


def importance(weight: float, links: int) -> float:
    """The weight, and half a point for each doubling of the links to a thing.

    Examples
    --------
    >>> importance(6.0, 0), importance(3.0, 63)
    (6.0, 6.0)
    """
    return weight + _LINKS * math.log2(1 + links)
