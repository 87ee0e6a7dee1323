"""``/networks``: networks of the live release, their measures and files, computed by processes that can be ended."""
