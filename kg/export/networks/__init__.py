"""Networks as files that other programs open: node-link JSON, GraphML, GEXF, CSV, Pajek.

Every file tells where the network comes from. Files are written line by line, so that memory does not grow with the
network, and appear under their names when they are whole.
"""

from kg.export.networks.files import FORMATS, Format, beside, write

__all__ = ["FORMATS", "Format", "beside", "write"]
