"""Tables: LaTeXML's tabulars, whether of `table` or of `span`s, to GitHub-flavoured Markdown.

A cell over several rows is repeated in each, and a heading over several columns likewise: each
of them is what it says. Any other cell stands once, at its first column. Header rows are merged
into one. Rows and columns that hold nothing are left out. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from jobs.fulltext.html.inline import running
from jobs.fulltext.html.kinds import Kind, classes_of, kind_of

_MOST_COLUMNS = 200
_MOST_CELLS = 40_000
"""Beyond this many, spans are no longer repeated."""
_DEEPEST_HEADER = 4
_DOUBLE = 2
"""Rows of a first row's cell, where the second still heads the columns."""
_SPAN_CLASS = re.compile(r"\bltx_(col|row)span_(\d{1,4})\b")
_FIGURE = re.compile(r"[\s$\\{}()±+−%.,:*/–-]*\d[\d\s$\\{}()±+−%.,:*/–-]*\Z")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stands in the page."""

    text: str
    columns: int = 1
    rows: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the page."""

    cells: tuple[Cell, ...]
    in_head: bool = False

    @property
    def is_header(self) -> bool:
        """Whether the page marks it as one of column headings."""
        told = [cell.is_header for cell in self.cells if cell.text]
        return self.in_head or (bool(told) and all(told))


def is_layout(tabular: _Element, *, is_called_table: bool) -> bool:
    """Whether the tabular only places things: tables in cells, or one column that nobody calls
    a table.
    """
    widest = 0
    for row in _own(tabular, "tr"):
        cells = list(_own(row, "td", "th"))
        widest = max(widest, sum(_span(cell, "col") for cell in cells))
        if any(_holds_table(cell) for cell in cells):
            return True
    return widest <= 1 and not is_called_table


def rows_of(tabular: _Element, notes: list[str]) -> list[Row]:
    """The tabular's own rows; what a cell nests is its text."""
    return [
        Row(
            tuple(_cell(cell, notes) for cell in _own(row, "td", "th")),
            (parent := row.getparent()) is not None and parent.tag == "thead",
        )
        for row in _own(tabular, "tr")
    ]


def markdown_of(rows: Sequence[Row]) -> str:
    """The rows as a table; empty where no cell says anything."""
    depth = _header_depth(rows)
    grid = _grid(rows, depth)
    head, body = grid[:depth], [line for line in grid[depth:] if any(line)]
    head = [line for line in head if any(line)]
    if not head and body:
        head, body = body[:1], body[1:]
    used = [
        at for at in range(len(grid[0]) if grid else 0) if any(line[at] for line in (*head, *body))
    ]
    if not used:
        return ""
    header = [_merged([line[at] for line in head]) for at in used]
    lines = [header, ["---"] * len(used), *([line[at] for at in used] for line in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(element: _Element, notes: list[str]) -> Cell:
    text = running(element, notes).replace("|", "\\|")
    classes = classes_of(element)
    is_header = "ltx_th_column" in classes or (element.tag == "th" and "ltx_th_row" not in classes)
    return Cell(text, _span(element, "col"), _span(element, "row"), is_header)


def _own(element: _Element, *tags: str) -> Iterator[_Element]:
    """What of these tags belongs to the element and to no tabular inside it."""
    names = {f"ltx_{tag}" for tag in tags}
    walker = etree.iterwalk(element, events=("start",))
    for _, each in walker:
        if each is element:
            continue
        if each.tag in tags or not names.isdisjoint(classes_of(each)):
            walker.skip_subtree()
            yield each
        elif kind_of(each) in (Kind.TABULAR, Kind.MATHS, Kind.SKIPPED):
            walker.skip_subtree()


def _span(cell: _Element, way: str) -> int:
    told = cell.get(f"{way}span") or next(
        (found[2] for found in _SPAN_CLASS.finditer(cell.get("class") or "") if found[1] == way),
        "1",
    )
    return max(1, min(int(told), 1_000)) if told.isascii() and told.isdigit() else 1


def _holds_table(cell: _Element) -> bool:
    """Whether the cell has a table of its own: two columns and two rows, or a float."""
    for each in cell.iterdescendants():
        kind = kind_of(each)
        if kind is Kind.FLOAT:
            return True
        if kind is Kind.TABULAR:
            rows = list(_own(each, "tr"))
            return len(rows) > 1 and any(len(list(_own(row, "td", "th"))) > 1 for row in rows)
    return False


def _grid(rows: Sequence[Row], depth: int) -> list[list[str]]:
    """The rows with spans filled in, all of one length; the first `depth` head the columns."""
    repeats = sum(cell.columns * cell.rows for row in rows for cell in row.cells) <= _MOST_CELLS
    widths = [sum(cell.columns if repeats else 1 for cell in row.cells) for row in rows]
    whole = max(widths, default=0)
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for place, row in enumerate(rows):
        line: list[str] = []
        for cell in row.cells:
            _fill_from_above(line, below)
            columns, height = (cell.columns, cell.rows) if repeats else (1, 1)
            again = cell.text if place < depth and columns < whole else ""
            said = [cell.text, *[again] * (columns - 1)]
            for text in said[: _MOST_COLUMNS - len(line)]:
                if height > 1:
                    below[len(line)] = (height - 1, text)
                line.append(text)
        _fill_from_above(line, below)
        grid.append(line)
    width = max(map(len, grid), default=0)
    return [line + [""] * (width - len(line)) for line in grid]


def _fill_from_above(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Add what cells of earlier rows put at the line's next places."""
    while (over := below.pop(len(line), None)) is not None:
        rows, text = over
        if rows > 1:
            below[len(line)] = (rows - 1, text)
        line.append(text)


def _header_depth(rows: Sequence[Row]) -> int:
    """How many rows head the columns: those so marked; those that group them, or share
    cells with the next, and one more.
    """
    marked = 0
    while marked < len(rows) and rows[marked].is_header:
        marked += 1
    grouped = 0
    while grouped < len(rows) and _groups(rows[grouped]):
        grouped += 1
    is_double = bool(rows) and any(cell.rows == _DOUBLE for cell in rows[0].cells)
    grouped = max(grouped, int(is_double))
    if grouped and grouped < len(rows) and not _has_figures(rows[grouped]):
        grouped += 1
    return min(max(marked, grouped, 1), _DEEPEST_HEADER)


def _groups(row: Row) -> bool:
    return any(cell.columns > 1 for cell in row.cells if cell.text) and not _has_figures(row)


def _has_figures(row: Row) -> bool:
    """Whether the row has values: cells that are numbers."""
    return any(_FIGURE.match(cell.text) for cell in row.cells)


def _merged(texts: Sequence[str]) -> str:
    """The headings over one column, from top to bottom, each once."""
    return " ".join(dict.fromkeys(text for text in texts if text))
