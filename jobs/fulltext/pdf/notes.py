"""Footnotes: the small print at a column's foot. Pure."""

from collections.abc import Sequence

from jobs.fulltext.pdf.blocks import Body
from jobs.fulltext.pdf.columns import Column
from jobs.fulltext.pdf.geometry import Box
from jobs.fulltext.pdf.lines import Line

_SMALL = 0.94
"""Of the body's size, at most."""
_SHORT = 0.6
"""Of the column: the rule over footnotes is no longer."""
_LIFT = 2.5
"""Of the size: how far the rule may stand above the first line."""


def footnotes(column: Column, rules: Sequence[Box], body: Body) -> list[list[Line]]:
    """The column's footnotes, each its lines; empty where it has none."""
    small: list[Line] = []
    for line in reversed(column.lines):
        if line.size > _SMALL * body.size:
            break
        small.insert(0, line)
    start = next((at for at, line in enumerate(small) if _begins(line, column, rules)), None)
    if start is None:
        return []
    notes: list[list[Line]] = []
    for line in small[start:]:
        if line.marked or not notes:
            notes.append([])
        notes[-1].append(line)
    return notes


def _begins(line: Line, column: Column, rules: Sequence[Box]) -> bool:
    return line.marked or any(
        rule.width < _SHORT * column.width
        and abs(rule.left - column.left) < line.size
        and line.top - 1 < rule.bottom < line.baseline + _LIFT * line.size
        for rule in rules
    )
