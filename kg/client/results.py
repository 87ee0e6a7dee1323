"""An answer as frames, with what it says of itself: release, query, what columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """Rows with named columns.

    Attributes
    ----------
    meanings
        What each column means, with its unit where it has one; of those of which that is known.
    release
        What the rows are from; empty where that is not known.
    sparql
        The query that gave them, with its values; empty where they were found otherwise.
    told
        What else is to be said: of a search how many there are in all, of a measure all that it takes to get it again.
    """

    frame: pl.DataFrame = field(repr=False)
    meanings: Mapping[str, str] = field(default_factory=dict, repr=False)
    release: str = ""
    sparql: str = field(default="", repr=False)
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self.frame.columns

    def polars(self) -> pl.DataFrame:
        """The rows as a Polars frame: 64-bit numbers, days, truth values, else text; null where there is no value.

        IRIs are texts. A column whose kind is not known is text. Decimals become binary floats.
        """
        return self.frame

    def pandas(self) -> pd.DataFrame:
        """The same for pandas, in its own types: a whole number that may be missing is a float there.

        Raises
        ------
        ConfigError
            pandas is not installed; the text names the extra.
        """
        try:
            import pandas as pd  # noqa: F401, PLC0415 - an extra
            import pyarrow  # noqa: F401, PLC0415
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"frames of pandas take the extra pandas, and {error.name} is not there: pip install 'kg[pandas]'; "
                ".polars() needs nothing more"
            ) from error
        return self.frame.to_pandas()

    def __len__(self) -> int:
        return self.frame.height

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.frame.iter_rows(named=True)

    def __str__(self) -> str:
        return str(self.frame)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.frame._repr_html_()
