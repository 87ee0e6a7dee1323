"""The graph for language models, by the Model Context Protocol: over HTTP at ``/mcp``, over pipes by ``kg mcp``.

Comes in: calls of tools, which a model may have been talked into by a text that it read. Goes out: rows, with IRIs,
sources and the release, bounded in size and said to be cut where they are. All questions go to the pool of the service,
so its limits hold; nothing here writes, and no other server is ever called. Texts in answers come from documents: they
are marked as data, and signs that nobody can see are made visible in them.
"""

from importlib.util import find_spec


def available() -> bool:
    """Whether the extra ``mcp`` is installed."""
    return find_spec("mcp") is not None
