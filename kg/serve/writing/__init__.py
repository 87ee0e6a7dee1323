"""Writes by HTTP, one after the other, each a release. The flow is in `kg.serve.writing.writer`."""
