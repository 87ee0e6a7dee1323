"""From tables and their metadata to N-Quads, column by column: the minimal mode of csv2rdf.

The lines are canonical (`kg.store.canonical`): byte for byte those that an Oxigraph store gives back.

Every cell is checked before a line is written, so that a source is mapped as a whole or not at all. Then each column
becomes a column of lines, by string building over batches of rows; no Python runs for a row.

What the standard leaves to the processor, and where this one is stricter:

- A null cell gives no triple. Neither does a virtual column whose ``valueUrl`` or ``aboutUrl`` refers to a null cell:
  the standard would write an IRI with a hole in it (``…/span/-``), a name for nothing.
- A cell that has a value, though its subject or its ``valueUrl`` refers to a null cell, is a complaint: the value would
  be lost in silence. So is a virtual column that refers to several optional cells of which only some are null.
- ``aboutUrl`` and ``propertyUrl`` have to be given, or the column suppressed. The standard's defaults come from the
  address of the file, which is different on every machine.
- Lists give one triple a value; ``ordered`` is refused.

References
----------
W3C, Generating RDF from Tabular Data on the Web, section 4; W3C, RDF 1.1 N-Quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from kg.csvw import templates
from kg.csvw.cells import NUMBERS, Cells, complain, read_cells
from kg.csvw.keys import check_keys
from kg.csvw.metadata import Column, TableGroup
from kg.csvw.tables import FIRST_ROW
from kg.csvw.templates import Template
from kg.errors import Complaint, MappingError, SourceFormatError

BATCH = 100_000
_ESCAPED = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
_ESCAPED |= {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


@dataclass(frozen=True)
class Mapped:
    """A source whose cells have all been found right, ready to be written."""

    graph: str
    cells: tuple[Cells, ...]

    @property
    def rows(self) -> dict[str, int]:
        """The number of rows below the header, by name of the table."""
        return {cells.table.name: cells.values.height for cells in self.cells}

    def chunks(self) -> Iterator[pl.Series]:
        """N-Quads lines without line ends, in chunks; the same line may come more than once."""
        for cells in self.cells:
            for batch in cells.values.iter_slices(BATCH):
                yield from _lines(cells.table.schema.columns, batch, self.graph)

    def lines(self) -> Iterator[str]:
        """N-Quads lines without line ends; the same line may come more than once."""
        for chunk in self.chunks():
            yield from chunk


def map(group: TableGroup, *, source: str, graph: str) -> Mapped:
    """The quads of a group of tables, once every cell is known to be right.

    Parameters
    ----------
    source
        The name under which complaints are raised.
    graph
        The IRI of the named graph that all quads go to.

    Raises
    ------
    MappingError
        Cells, keys or IRIs are wrong; holds all complaints, sorted by file and row.
    SourceUnavailableError, SourceFormatError
        A file as a whole cannot be read, or the graph's name is no IRI.
    """
    if not templates.valid_iri(graph):
        message = f"{graph!r} cannot name a graph: give an IRI such as https://example.org/graph/mine"
        raise SourceFormatError(message, file=source)
    cells = {table.name: read_cells(table) for table in group.tables}
    complaints = [complaint for table in cells.values() for complaint in table.complaints]
    complaints += check_keys(cells)
    complaints += (complaint for table in cells.values() for complaint in _check_iris(table))
    if complaints:
        raise MappingError(source, sorted(set(complaints)))
    return Mapped(graph, tuple(cells.values()))


def locate(group: TableGroup, subjects: Iterable[str]) -> dict[str, tuple[str, int]]:
    """From which file and row each subject comes, the first one where several state it; unknown ones are left out.

    Notes
    -----
    Only tables that may state one of the subjects are opened, and only the columns that name subjects are read.
    """
    wanted = list(subjects)
    found: dict[str, tuple[str, int]] = {}
    for table in group.tables:
        stated = {column.statement.about for column in table.schema.columns if column.statement}
        abouts = {about for about in stated if any(iri.startswith(about.beginning) for iri in wanted)}
        if not abouts:
            continue
        cells = read_cells(table, only={variable.name for about in abouts for variable in about.variables})
        for about in sorted(abouts, key=lambda template: template.text):
            iris = _expanded(cells.values, about)
            for record in iris.is_in(wanted).fill_null(value=False).arg_true():
                found.setdefault(iris[record], (table.file, record + FIRST_ROW))
    return found


def _prepared(values: pl.DataFrame, used: Iterable[Template]) -> pl.DataFrame:
    """The values with one more column for each variable of the templates, encoded for its place in an IRI."""
    variables = {variable.column: variable for template in used for variable in template.variables}
    return values.with_columns([templates.encoded(values[item.name], item) for item in variables.values()])


def _expanded(values: pl.DataFrame, template: Template) -> pl.Series:
    return _prepared(values, [template]).select("_row", templates.expression(template).alias("iri"))["iri"]


def _check_iris(cells: Cells) -> Iterator[Complaint]:
    """Cells whose value would be lost for want of another, and IRIs that are none."""
    written = [(column, column.statement.templates) for column in cells.table.schema.columns if column.statement]
    for column, used in written:
        for template in used:
            yield from _check_complete(cells, column, template)
    for template in dict.fromkeys(template for _, used in written for template in used):
        if not template.encodes_all:
            yield from _check_valid(cells, template)


def _check_complete(cells: Cells, column: Column, template: Template) -> Iterator[Complaint]:
    """Cells that state something about nothing; what is missing in a required column or a key is reported there."""
    required = {item.name for item in cells.table.schema.cells if item.required}
    names = {variable.name for variable in template.variables}
    optional = sorted(names.difference(required, cells.table.schema.primary_key, [column.name], NUMBERS))
    sources = optional if column.virtual else [column.name]
    stated = cells.values.select("_row", any=pl.any_horizontal(pl.col(sources).is_not_null()))["any"]
    for name in optional:
        values = cells.values[name]
        yield from complain(cells.table, name, stated & values.is_null(), values, f"a value: {template.text} needs it")


def _check_valid(cells: Cells, template: Template) -> Iterator[Complaint]:
    iris = _expanded(cells.values, template)
    wrong = [iri for iri in iris.unique().drop_nulls() if not templates.valid_iri(iri)]
    name = min(template.variables, key=lambda variable: not variable.operator).name  # encoded ones do no harm
    yield from complain(cells.table, name, iris.is_in(wrong), cells.values[name], "an absolute IRI")


def _lines(columns: Iterable[Column], values: pl.DataFrame, graph: str) -> Iterator[pl.Series]:
    """The lines of a batch of rows, a series for each column that gives triples."""
    written = [(column, column.statement) for column in columns if column.statement is not None]
    frame = _prepared(values, [template for _, statement in written for template in statement.templates])
    for column, statement in written:
        rows = frame if column.separator is None else frame.explode(column.name, empty_as_null=False, keep_nulls=False)
        stated = rows if column.virtual else rows.filter(pl.col(column.name).is_not_null())
        value = _literal(column) if statement.object is None else _iri(statement.object)
        line = pl.concat_str(
            [
                _iri(statement.about),
                pl.lit(" "),
                _iri(statement.predicate),
                pl.lit(" "),
                value,
                pl.lit(f" <{graph}> ."),
            ],
            ignore_nulls=False,
        )
        yield stated.select("_row", line.alias("line"))["line"].drop_nulls()


def _iri(template: Template) -> pl.Expr:
    return pl.concat_str([pl.lit("<"), templates.expression(template), pl.lit(">")], ignore_nulls=False)


def _literal(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    end = f"@{column.language}" if column.language else ""
    if not column.datatype.is_string:
        end = f"^^<{column.datatype.kind.iri}>"
    text = _escaped(value) if column.datatype.kind.family == "text" else value
    return pl.concat_str([pl.lit('"'), text, pl.lit(f'"{end}')], ignore_nulls=False)


def _escaped(value: pl.Expr) -> pl.Expr:
    """As Oxigraph writes literals; the texts that need nothing, nearly all, are not rewritten."""
    needy = value.str.contains(r'["\\\x00-\x1F\x7F\x{FFFE}\x{FFFF}]')
    return pl.when(needy).then(value.str.replace_many(_ESCAPED)).otherwise(value)
