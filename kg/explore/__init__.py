"""Ways through a graph from thing to thing, for whoever does not know what to ask.

What is stated of a thing and how often, its neighbours, paths between things, what they have in common, the part of the
graph around them, which classes there are and what joins them, and facets of a class.

Nothing here asks a store: each way in is a generator that yields a `kg.queries.values.Lookup` and is sent the `Table`
that answers it, so that a release on disk and a server elsewhere are asked the same and give the same. How often it may
ask, and how much of a node with a million links it looks at, is said by a `Budget`; what was left out for that, the
answer says.
"""
