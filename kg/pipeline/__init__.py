"""The order of the steps, and the only place that knows it: inputs → segments → derivation → gate → release.

`inputs` says what can go into a release, `loads` turns a user's files into inputs, `records` is what a release
remembers of them, `build` takes the steps, `outcome` is what a build tells, `refusals` what it left out; `tidy` sorts
tables, `new_source` drafts a source, `checking` validates what is not to be kept.
"""

from kg.pipeline.build import build
from kg.pipeline.inputs import Input, bundled, from_sources, segment_of
from kg.pipeline.loads import from_files, loads_of
from kg.pipeline.new_source import new_source
from kg.pipeline.outcome import Outcome
from kg.pipeline.tidy import tidy

__all__ = [
    "Input",
    "Outcome",
    "build",
    "bundled",
    "from_files",
    "from_sources",
    "loads_of",
    "new_source",
    "segment_of",
    "tidy",
]
