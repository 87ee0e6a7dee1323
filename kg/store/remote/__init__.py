"""Releases on a SPARQL 1.1 server: put there, asked there, told apart there."""
