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

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
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

MOST_COMPLAINTS = 100_000
"""With more than so many in one table nobody mends cell by cell: it is not what its metadata says."""

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
        return {name: sum(frame.height for frame in kept.frames([SOURCE_ROW])) for name, kept in self.values.items()}

    def chunks(self) -> Iterator[pl.Series]:
        """N-Quads lines without line ends, in chunks; the same line may come more than once."""
        for table in self.group.tables:
            for values in self.values[table.name].frames():
                yield from _lines(table.schema.columns, values, self._graph_of)

    def _graph_of(self, predicate: Template) -> str:
        """The graph of what a property states: its own, if it has one."""
        return self.apart.get(predicate.beginning, self.graph) if not predicate.variables else self.graph

    def blocks(self) -> Iterator[bytes]:
        """The same as bytes of whole lines, each with its line end."""
        for chunk in self.chunks():
            block = io.BytesIO()
            chunk.to_frame().write_csv(block, include_header=False, quote_style="never")  # a writer of lines in columns
            yield block.getvalue()

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
    while True:  # a row that is left out may leave others without what they refer to
        kept = _without(group, values, complaints) if keep_going else values
        found = _wrong_keys(group, kept) - complaints
        complaints |= found
        if not (keep_going and found):
            break
    if complaints and not keep_going:
        raise MappingError(source, sorted(complaints))
    return Mapped(graph, group, kept, tuple(sorted(complaints)), apart or {})


def _without(group: TableGroup, values: Mapping[str, Spill], wrong: Iterable[Complaint]) -> dict[str, Spill]:
    rows: dict[str, set[int]] = {table.file: set() for table in group.tables}
    for complaint in wrong:
        rows[complaint.file].add(complaint.row)
    return {table.name: values[table.name].without(rows[table.file]) for table in group.tables}


def _wrong_keys(group: TableGroup, values: Mapping[str, Spill]) -> set[Complaint]:
    found: set[Complaint] = set()
    for table in group.tables:
        found.update(check_primary(table, values[table.name]))
        for key in table.schema.foreign_keys:
            found.update(check_foreign(table, key, values))
    return found


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
        if len(found.complaints) > MOST_COMPLAINTS:
            raise MappingError(table.file, sorted(found.complaints), complete=False)
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
    written = [column for column in columns if column.statement is not None]
    used = (template for column in written if column.statement for template in column.statement.templates)
    frame = _prepared(values, used)
    single = [_line(column, graph).alias(column.name) for column in written if column.separator is None]
    yield from (series.drop_nulls() for series in frame.select("_row", *single).drop("_row"))
    for column in written:
        if column.separator is not None:
            items = frame.explode(column.name, empty_as_null=False, keep_nulls=False)
            yield items.select(_line(column, graph).alias("line"))["line"].drop_nulls()


def _line(column: Column, graph: Callable[[Template], str]) -> pl.Expr:
    """The line that a cell gives; null where it gives none."""
    assert column.statement is not None  # noqa: S101 # only columns with one come here
    about, predicate, target = column.statement.about, column.statement.predicate, column.statement.object
    value = _literal(column) if target is None else ["<", *templates.parts(target), ">"]
    ends = (["<", *templates.parts(about), "> <", *templates.parts(predicate), "> "], [f" <{graph(predicate)}> ."])
    line = _joined([*ends[0], *value, *ends[1]])
    stated = target is None or column.virtual or column.name in {variable.name for variable in target.variables}
    return line if stated else pl.when(pl.col(column.name).is_not_null()).then(line)


def _joined(parts: Iterable[str | pl.Expr]) -> pl.Expr:
    """All parts as one text, null if one is; texts that stand side by side are joined beforehand."""
    joined: list[pl.Expr] = []
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        joined += [pl.lit(text), part] if text else [part]
        text = ""
    joined += [pl.lit(text)] if text else []
    return pl.concat_str(joined, ignore_nulls=False)


def _literal(column: Column) -> list[str | pl.Expr]:
    value = pl.col(column.name)
    end = f"@{column.language}" if column.language else ""
    if column.datatype.id or not column.datatype.is_string:
        end = f"^^<{column.datatype.id or column.datatype.kind.iri}>"
    return ['"', escaped(value) if column.datatype.kind.family == "text" else value, f'"{end}']


def escaped(value: pl.Expr) -> pl.Expr:
    """As Oxigraph writes literals; the texts that need nothing, nearly all, are not rewritten."""
    needy = value.str.contains(r'["\\\x00-\x1F\x7F\x{FFFE}\x{FFFF}]')
    return pl.when(needy).then(value.str.replace_many(_ESCAPED)).otherwise(value)
