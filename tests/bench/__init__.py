"""Benchmarks: what the parts of the flow cost, each beside the least that its work can cost on the same machine.

``python -m tests.bench`` measures all at their full sizes and prints a table; ``python -m tests.bench map gate`` some
of them, ``--scale 0.1`` a tenth of the size. Times are printed and never asserted: machines differ. What is asserted is
that both sides did the same work, and `test_smoke` does that at a tiny size in every run of the tests.
"""
