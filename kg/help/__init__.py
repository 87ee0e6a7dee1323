"""The documentation: one site made from what the project says of itself anyway, with no second copy of anything.

In come the README, the command line, the service's OpenAPI document, settings, errors, ontology, shapes, named queries,
measures, sources and docstrings, and documents beside this module that are for it alone; out go pages as values. How
they become HTML documents is the business of `kg.serve`.
"""

from kg.help.finding import Finder, Hit
from kg.help.model import Address, Name, Page, Section, Site
from kg.help.settings import Setting
from kg.help.site import Sources, make

__all__ = ["Address", "Finder", "Hit", "Name", "Page", "Section", "Setting", "Site", "Sources", "make"]
