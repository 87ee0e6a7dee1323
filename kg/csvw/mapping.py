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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import polars as pl

from kg.csvw import templates
from kg.csvw.cells import NUMBERS, SOURCE_ROW, Cells, read_cells
from kg.csvw.keys import check_foreign, check_primary
from kg.csvw.metadata import Column, Table, TableGroup
from kg.csvw.spill import Spill
from kg.csvw.templates import Template
from kg.errors import Complaint, MappingError, SourceFormatError

_ESCAPED = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
_ESCAPED |= {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


@dataclass(frozen=True)
class Mapped:
    """A source whose cells have all been found right, or those of the rows that are kept, ready to be written.

    ``refused`` says what is wrong with the rows that are left out, if that was asked for.
    """

    graph: str
    group: TableGroup
    values: Mapping[str, Spill]
    refused: tuple[Complaint, ...] = ()
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """The number of rows below the header that are mapped, by name of the table."""
        return {each.name: sum(frame.height for frame in self._kept(each, [SOURCE_ROW])) for each in self.group.tables}

    def chunks(self) -> Iterator[pl.Series]:
        """N-Quads lines without line ends, in chunks; the same line may come more than once."""
        for table in self.group.tables:
            for values in self._kept(table):
                yield from _lines(table.schema.columns, values, self._graph_of)

    def _graph_of(self, predicate: Template) -> str:
        """The graph of what a property states: its own, if it has one."""
        return self.apart.get(predicate.beginning, self.graph) if not predicate.variables else self.graph

    def _kept(self, table: Table, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        wrong = sorted({item.row for item in self.refused if item.file == table.file})
        frames = self.values[table.name].frames(columns)
        return (frame.filter(~pl.col(SOURCE_ROW).is_in(wrong)) for frame in frames) if wrong else frames

    def lines(self) -> Iterator[str]:
        """N-Quads lines without line ends; the same line may come more than once."""
        for chunk in self.chunks():
            yield from chunk


def map(
    group: TableGroup, *, source: str, graph: str, keep_going: bool = False, apart: Mapping[str, str] | None = None
) -> Mapped:
    """The quads of a group of tables, once every cell is known to be right.

    Parameters
    ----------
    source
        The name under which complaints are raised.
    graph
        The IRI of the named graph that quads go to.
    keep_going
        Leave out the rows that are wrong, and those that refer to them, instead of raising what is wrong.
    apart
        Properties, by IRI, whose statements go to graphs of their own.

    Raises
    ------
    MappingError
        Cells, rows, keys or IRIs are wrong; holds all complaints, sorted by file and row.
    SourceUnavailableError, SourceFormatError
        A file as a whole cannot be read, or the graph's name is no IRI.

    Notes
    -----
    Rows are read in batches, and put aside on disk (in ``TMPDIR``) until all are known to be right: memory grows with
    the number of complaints, not with that of rows.
    """
    if not templates.valid_iri(graph):
        message = f"{graph!r} cannot name a graph: give an IRI such as https://example.org/graph/mine"
        raise SourceFormatError(message, file=source)
    checked = [_checked(table) for table in group.tables]
    values = {table.name: found.values for table, found in zip(group.tables, checked, strict=True)}
    complaints = set(chain.from_iterable(found.complaints for found in checked))
    for table in group.tables:
        complaints.update(check_primary(table, values[table.name]))
        for key in table.schema.foreign_keys:
            complaints.update(check_foreign(table, key, values))
    if complaints and not keep_going:
        raise MappingError(source, sorted(complaints))
    return Mapped(graph, group, values, tuple(sorted(complaints)), apart or {})


@dataclass
class _Checked:
    """What is known of a table once its cells have been read."""

    values: Spill = field(default_factory=Spill)
    complaints: list[Complaint] = field(default_factory=list)


def _checked(table: Table) -> _Checked:
    found = _Checked()
    for cells in read_cells(table):
        found.complaints += chain(cells.complaints, _check_iris(cells))
        found.values.add(cells.values)
    return found


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
        abouts = [about for about in stated if any(iri.startswith(about.beginning) for iri in wanted)]
        if not abouts:
            continue
        names = {variable.name for about in abouts for variable in about.variables}
        for cells in read_cells(table, only=names):
            for about in sorted(abouts, key=lambda template: template.text):
                iris, rows = _expanded(cells.values, about), cells.values[SOURCE_ROW]
                for record in iris.is_in(wanted).fill_null(value=False).arg_true():
                    found.setdefault(iris[record], (table.file, rows[record]))
    return found


def _prepared(values: pl.DataFrame, used: Iterable[Template]) -> pl.DataFrame:
    """The values with one more column for each variable of the templates, encoded for its place in an IRI."""
    variables = {variable.column: variable for template in used for variable in template.variables}.values()
    return values.with_columns([templates.encoded(values[each.name].cast(pl.String), each) for each in variables])


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
        yield from cells.complain(name, stated & values.is_null(), f"a value: {template.text} needs it")


def _check_valid(cells: Cells, template: Template) -> Iterator[Complaint]:
    iris = _expanded(cells.values, template)
    wrong = [iri for iri in iris.unique().drop_nulls() if not templates.valid_iri(iri)]
    name = min(template.variables, key=lambda variable: not variable.operator).name  # encoded ones do no harm
    yield from cells.complain(name, iris.is_in(wrong), "an absolute IRI")


def _lines(columns: Iterable[Column], values: pl.DataFrame, graph: Callable[[Template], str]) -> Iterator[pl.Series]:
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
                pl.lit(f" <{graph(statement.predicate)}> ."),
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
    text = escaped(value) if column.datatype.kind.family == "text" else value
    return pl.concat_str([pl.lit('"'), text, pl.lit(f'"{end}')], ignore_nulls=False)


def escaped(value: pl.Expr) -> pl.Expr:
    """As Oxigraph writes literals; the texts that need nothing, nearly all, are not rewritten."""
    needy = value.str.contains(r'["\\\x00-\x1F\x7F\x{FFFE}\x{FFFF}]')
    return pl.when(needy).then(value.str.replace_many(_ESCAPED)).otherwise(value)
