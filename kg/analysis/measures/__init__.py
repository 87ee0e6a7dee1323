"""Measures of networks: what there is, engines behind it, and values with all that is needed to get them again."""

from kg.analysis.measures.disparity import backbone
from kg.analysis.measures.model import Gives, Measure, Measured, Parameter
from kg.analysis.measures.partitions import compare, modularity
from kg.analysis.measures.registry import MEASURES
from kg.analysis.measures.running import LIMIT, find, measure, undirected
from kg.analysis.measures.ways import WAYS, engines_of

__all__ = [
    "LIMIT",
    "MEASURES",
    "WAYS",
    "Gives",
    "Measure",
    "Measured",
    "Parameter",
    "backbone",
    "compare",
    "engines_of",
    "find",
    "measure",
    "modularity",
    "undirected",
]
