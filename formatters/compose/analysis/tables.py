"""Tables of a paper as blocks."""

import re
from collections.abc import Iterator

from formatters.compose.analysis.claims import foreign, said
from formatters.document import Grid, Span, Style
from formatters.text import readable
from storage.models import Lang, Table

_CELL_END = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*:?-+:?\s*")


def grid(table: Table, lang: Lang) -> Grid | None:
    """A GitHub-flavoured table cell by cell, short rows filled up; None where it has none.

    `lang` is the document's: the table is in the paper's own.
    """
    rows = [_cells(line) for line in table.markdown.splitlines() if line.strip()]
    if len(rows) > 1 and all(map(_RULE.fullmatch, rows[1])):
        del rows[1]
    width = max(map(len, rows), default=0)
    header, *others = (
        [tuple(map(said, (*row, *[""] * (width - len(row))))) for row in rows] if width else [()]
    )
    if not width:
        return None
    return Grid(header, tuple(others), tuple(_caption(table)), foreign(Lang.EN, lang))


def _cells(line: str) -> list[str]:
    cells = _CELL_END.split(line.strip().removeprefix("|"))
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _caption(table: Table) -> Iterator[Span]:
    label, caption = readable(table.label), said(table.caption)
    if label:
        yield Span(label, Style.STRONG)
        yield Span(". " if table.caption.strip() else "")
    yield from caption
