"""Tables in a fixed pitch where they are narrow enough, else row by row. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain

from formatters.document import Grid, Inline, Span, Style
from formatters.steps import colon
from formatters.text import display_width, strip_controls

_GAP = 2
"""Columns between two cells."""
_NARROWEST = 12
"""A cell with a longer word may break it."""


def drawn(grid: Grid, columns: int) -> str | None:
    """The table in lines of at most `columns`; None where it is too wide to be read so."""
    rows = [[_words(cell) for cell in row] for row in (grid.header, *grid.rows)]
    least = [max(map(_least, column)) for column in zip(*rows, strict=True)]
    if not least or sum(least) + _GAP * (len(least) - 1) > columns:
        return None
    lines = (line.rstrip() for line in _table(rows, least, columns).split("\n"))
    table = "\n".join(lines).rstrip()
    # rich leaves words out where many empty columns press a narrow one.
    return table if _signs([table]) == _signs(cell for row in rows for cell in row) else None


def told(grid: Grid) -> Iterator[Inline]:
    """The table row by row: what its first cell says, then each other one behind its name."""
    names = [_words(cell) for cell in grid.header]
    if not grid.rows and any(names):
        yield (Span(" · ".join(filter(None, names))),)
    for row in grid.rows:
        first, *others = row or ((),)
        said = [_named(name, cell) for name, cell in zip(names[1:], others, strict=True)]
        cells = [cell for cell in (_strong(first), *said) if cell]
        if cells:
            yield tuple(span for cell in cells for span in (*cell, Span(" · ")))[:-1]


def _signs(texts: Iterable[str]) -> Counter[str]:
    """How often each sign is there, without lines and spaces."""
    signs = Counter(chain.from_iterable(texts))
    return Counter({sign: n for sign, n in signs.items() if not (sign.isspace() or sign == "─")})


def _named(name: str, cell: Inline) -> Inline:
    value = _words(cell)
    if not value or not name:
        return cell if value else ()
    return (Span(name + colon(name, value)), *cell)


def _strong(cell: Inline) -> Inline:
    return (Span(said, Style.STRONG),) if (said := _words(cell)) else ()


def _words(cell: Inline) -> str:
    """A cell's text on one harmless line."""
    return " ".join(strip_controls("".join(span.text for span in cell)).split())


def _least(text: str) -> int:
    """The columns that a cell takes at the least."""
    return max((min(display_width(word), _NARROWEST) for word in text.split()), default=1)


def _table(rows: Sequence[Sequence[str]], least: Sequence[int], columns: int) -> str:
    from rich import box  # noqa: PLC0415 -- slow to import, and most documents have no table
    from rich.console import Console  # noqa: PLC0415 -- as above
    from rich.table import Table  # noqa: PLC0415 -- as above
    from rich.text import Text  # noqa: PLC0415 -- as above

    table = Table(box=box.SIMPLE_HEAD, padding=(0, _GAP - 1, 0, 0), pad_edge=False, show_edge=False)
    header, *others = rows
    for name, width in zip(header, least, strict=True):
        table.add_column(Text(name), min_width=width, overflow="fold")
    for row in others:
        table.add_row(*map(Text, row))
    out = StringIO()
    Console(file=out, width=columns, color_system=None, legacy_windows=False).print(table)
    return out.getvalue()
