"""Copies of a data folder, made while it is in use, and data folders made from them.

A copy holds what cannot be made again: segments, release.json, the small files beside it, tags and tokens; of a plain
folder, whose releases are databases and nothing else, these as well.
"""
