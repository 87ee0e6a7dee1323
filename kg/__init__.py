"""Evidence-backed knowledge graphs of technology transfer."""

__version__ = "0.1.0"
