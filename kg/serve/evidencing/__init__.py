"""``/evidence``: what a record rests on, and whether a document that a client sends still says so.

A layer over `kg.evidence`: `told` writes what that found as JSON, `process` checks what is sent, with limits, `routes`
answers, and `described_api` tells OpenAPI.
"""
