"""The measures that there are, as they are documented: one list for command line, service and README."""

from __future__ import annotations

from kg.analysis.measures.model import Gives, Measure, Parameter

_WEIGHTED = Parameter("weighted", True, "count edges by their weights; otherwise all alike")
_UNWEIGHTED = Parameter("weighted", False, "count edges by their weights; otherwise all alike")
_DISTANCE = Parameter(
    "distance",
    "hops",
    "how long an edge is: one step, or 1/weight, so that strong edges are short",
    ("hops", "inverse"),
)
_ITERATIONS = Parameter("iterations", 1_000, "when to give up", minimum=1, maximum=1_000_000)
_TOLERANCE = Parameter(
    "tolerance", 1e-10, "when the change of an iteration is small enough", minimum=1e-15, maximum=1.0
)
_SEED = Parameter("seed", 1, "what chance begins from; the same seed gives the same values", minimum=0, maximum=2**31)
_RESOLUTION = Parameter("resolution", 1.0, "more finds smaller communities", minimum=1e-6, maximum=1e6)
_RUNS = Parameter("runs", 5, "runs with seeds one after another: the best counts", minimum=1, maximum=1_000)
_STRENGTH = "strength"
_EITHER = "ignored, or distance 1/w"
_OR_STRENGTH = "ignored, or strength"
_LOCAL_OPTIMUM = (
    "another seed gives another division, see stability; modularity joins communities smaller than about the root of "
    "twice all weight (Fortunato and Barthelemy 2007)"
)

_ALL = (
    Measure(
        "degree",
        "Degree and strength",
        "number of neighbours; sum of the weights of the edges to them",
        "Barrat et al. 2004, eq. 2",
        "O(m)",
        f"{_STRENGTH} in the second column",
        "one event of 160 participants gives each of them 159 neighbours: weigh by 1/(k-1)",
        parameters=(Parameter("direction", "all", "which edges of a directed network", ("all", "in", "out")),),
    ),
    Measure(
        "closeness",
        "Closeness",
        "others that reach a node over the sum of their distances, times the share of the others that reach it",
        "Freeman 1979, eq. 6; Wasserman and Faust 1994, eq. 5.22",
        "O(nm), 64 sources at once",
        _EITHER,
        "in a network of several components it mixes how near with how many; take harmonic there",
        parameters=(_DISTANCE, Parameter("corrected", True, "times the share of the others that reach it")),
    ),
    Measure(
        "harmonic",
        "Harmonic closeness",
        "mean of 1/distance from all other nodes, 0 where there is no path",
        "Marchiori and Latora 2000, eq. 3; Rochat 2009",
        "O(nm), 64 sources at once",
        _EITHER,
        "neighbours make up most of it, so that it follows degree closely in small worlds",
        parameters=(_DISTANCE,),
    ),
    Measure(
        "betweenness",
        "Betweenness",
        "sum over pairs of others of the share of their shortest paths that lead through a node",
        "Freeman 1977, eq. 3; Brandes 2001, eq. 7; samples: Brandes and Pich 2007, section 3",
        "O(nm), of k samples O(km)",
        _EITHER,
        "nobody need use shortest paths; many nodes of a projected network have 0, and small values are mostly noise "
        "in a sample",
        parameters=(
            Parameter("samples", 0, "estimate from so many nodes; 0 takes all", minimum=0, maximum=10**9),
            _SEED,
            _DISTANCE,
            Parameter("normalized", True, "as a share of all pairs of other nodes"),
        ),
        cheaper="sample with --samples 1024, which states its error",
    ),
    Measure(
        "eigenvector",
        "Eigenvector centrality",
        "leading eigenvector of the weights: a node's value is in proportion to the sum of its neighbours' values",
        "Bonacich 1972, eq. 5",
        "O(m) an iteration",
        _STRENGTH,
        "only the densest component counts, all others are next to 0; large cliques rule",
        parameters=(_WEIGHTED, _ITERATIONS, _TOLERANCE),
    ),
    Measure(
        "pagerank",
        "PageRank",
        "share of time at a node of a walk along edges that begins anywhere anew with probability 1 - damping",
        "Brin and Page 1998, section 2.1.1; Page et al. 1999",
        "O(m) an iteration",
        _STRENGTH,
        "where edges have no direction it is close to strength",
        parameters=(
            _WEIGHTED,
            Parameter("damping", 0.85, "probability of going on", minimum=0.0, maximum=0.999999),
            _ITERATIONS,
            _TOLERANCE,
        ),
    ),
    Measure(
        "core",
        "Core number",
        "largest k such that the node is in a part where all have at least k neighbours",
        "Seidman 1983; Batagelj and Zaversnik 2003",
        "O(m)",
        "ignored",
        "one event of k + 1 participants is a k-core by itself",
        undirected=True,
    ),
    Measure(
        "clustering",
        "Clustering",
        "share of pairs of a node's neighbours that are joined; with weights each triangle counts as the cube root of "
        "its weights over the greatest",
        "Watts and Strogatz 1998; with weights Onnela et al. 2005, eq. 9",
        "O(m^1.5)",
        _OR_STRENGTH,
        "projection from events makes triangles by itself, so compare with other projections, not with chance",
        parameters=(_UNWEIGHTED,),
        undirected=True,
        one_mode=True,
    ),
    Measure(
        "constraint",
        "Burt's constraint",
        "sum over neighbours of the square of what is invested in each, directly and through common neighbours",
        "Burt 1992, eq. 2.4",
        "O(m^1.5)",
        _STRENGTH,
        "nodes of one neighbour have 1, those of none have no value; over 1 where two neighbours are all there is",
        parameters=(_WEIGHTED,),
        undirected=True,
        one_mode=True,
    ),
    Measure(
        "effective_size",
        "Burt's effective size",
        "number of neighbours less what is redundant among them; efficiency is its share of their number",
        "Burt 1992, eq. 2.2; Borgatti 1997",
        "O(m^1.5)",
        _STRENGTH,
        "grows with degree; compare efficiency between nodes of different degree",
        parameters=(_WEIGHTED,),
        undirected=True,
        one_mode=True,
    ),
    Measure(
        "participation",
        "Participation coefficient",
        "1 less the sum over modules of the squared share of a node's edges; within: z-score of those to its own",
        "Guimera and Amaral 2005, eq. 1 and 2",
        "O(m)",
        _STRENGTH,
        "means what the modules mean: name an attribute, or Leiden's communities are taken; of one neighbour it is 0",
        parameters=(
            Parameter("by", "", "attribute of the nodes that says their module; else communities"),
            _WEIGHTED,
            _RESOLUTION,
            _SEED,
        ),
        undirected=True,
    ),
    Measure(
        "leiden",
        "Communities by Leiden",
        "division that makes modularity high, each community connected; stability: how alike those of other seeds are",
        "Traag, Waltman and van Eck 2019; modularity: Newman 2004, eq. 4",
        "about O(m) an iteration",
        _STRENGTH,
        _LOCAL_OPTIMUM,
        parameters=(
            _RESOLUTION,
            _SEED,
            _RUNS,
            Parameter("iterations", 2, "each begins from what the last one found", minimum=1, maximum=1_000),
        ),
        undirected=True,
    ),
    Measure(
        "louvain",
        "Communities by Louvain",
        "division that makes modularity high by moving nodes and merging what results",
        "Blondel et al. 2008, eq. 2",
        "about O(m)",
        _STRENGTH,
        f"{_LOCAL_OPTIMUM}; communities need not be connected: prefer leiden",
        parameters=(_RESOLUTION, _SEED, _RUNS),
        undirected=True,
    ),
    Measure(
        "core_periphery",
        "Core and periphery",
        "division with the fewest missing edges within the core and edges within the periphery",
        "Borgatti and Everett 2000, eq. 1 (discrete); exact by Lip 2011",
        "O(m + n log n)",
        "ignored",
        "uneven degrees alone make a core (Kojaku and Masuda 2018); a large sparse network has a tiny one",
        undirected=True,
        one_mode=True,
    ),
    Measure(
        "components",
        "Components",
        "parts whose nodes reach each other; of directed networks without minding directions, unless strong",
        "Newman 2018, section 6.12",
        "O(m)",
        "ignored",
        "the largest holds most of nearly any network; isolated nodes are components too",
        parameters=(Parameter("strong", False, "mind directions: there and back"),),
    ),
    Measure(
        "density",
        "Size and density",
        "edges as a share of pairs of nodes, in a two-mode network of pairs of one and the other mode",
        "Wasserman and Faust 1994, eq. 4.3",
        "O(m)",
        "summed, in one column",
        "falls as networks grow: compare mean degrees across sizes",
        gives=Gives.network,
    ),
    Measure(
        "assortativity",
        "Assortativity",
        "correlation across edges of a number of the nodes or of their degrees; of a category, share of edges within "
        "over what chance gives",
        "Newman 2003, eq. 2 and 21; degrees: Newman 2002, eq. 4",
        "O(m)",
        _OR_STRENGTH,
        "events of many participants join nodes of like degree by themselves; nodes without a value are left out",
        gives=Gives.network,
        parameters=(Parameter("by", "degree", "attribute of the nodes, or degree"), _UNWEIGHTED),
    ),
    Measure(
        "disparity",
        "Backbone by the disparity filter",
        "chance that an edge takes so great a share of an end's strength; it is kept below alpha at either end",
        "Serrano, Boguna and Vespignani 2009, eq. 2",
        "O(m)",
        _STRENGTH,
        "equal weights say nothing of any edge; alpha is a level for each edge, not for all of them together",
        gives=Gives.edges,
        parameters=(Parameter("alpha", 0.05, "the level below which an edge is kept", minimum=0.0, maximum=1.0),),
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
"""All measures by name."""
