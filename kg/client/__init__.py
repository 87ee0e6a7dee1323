"""The package as a library: a release, or a server elsewhere, asked from Python, with answers as frames and graphs.

Comes in: a folder or an address (`kg.open`). Goes out: `Result` with its frames, networkx and rdflib graphs. An edge
like the command line: it reads settings, and nothing imports it but `kg` itself.
"""

from kg.client.graph import Graph
from kg.client.opening import opened
from kg.client.results import Result

__all__ = ["Graph", "Result", "opened"]
