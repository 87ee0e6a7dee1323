"""``/explore``: ways through the graph for whoever does not know what to ask; a layer over `kg.explore`.

`asking` drives what `kg.explore` asks within the limits of the caller, `forms` writes what it found, `parameters` reads
what addresses say, `routes` answers, and `described_api` tells OpenAPI.
"""
