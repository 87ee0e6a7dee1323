"""All tools: what each is given by a model, what it asks of the service, what it answers."""

from __future__ import annotations

from kg.serve.agents.finding import Finding
from kg.serve.agents.measuring import Measuring
from kg.serve.agents.querying import Querying


class Tools(Finding, Querying, Measuring):
    """What tools ask: each public method is one, with its text for the model."""
