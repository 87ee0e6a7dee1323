"""The command line: every command translates options into one call of the core and prints what it returns.

`main` runs commands by group (`building`, `reading`, `releases`, `serving`); they share `options`, what `opening` makes
of them, and ways of `printing`.
"""

from kg.cli.main import main

__all__ = ["main"]
