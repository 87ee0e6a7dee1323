"""The order of the steps, and the only place that knows it: inputs → segments → derivation → gate → release.

`inputs` says what can go into a release, `loads` turns a user's files into inputs, `records` is what a release
remembers of them, `build` takes the steps, `outcome` is what a build tells; `tidy` sorts tables, `checking`
validates what is not to be kept.
"""

from kg.pipeline.build import build
from kg.pipeline.inputs import Input, bundled, from_sources, segment_of
from kg.pipeline.loads import from_files, loads_of
from kg.pipeline.outcome import Outcome
from kg.pipeline.tidy import tidy

__all__ = ["Input", "Outcome", "build", "bundled", "from_files", "from_sources", "loads_of", "segment_of", "tidy"]
