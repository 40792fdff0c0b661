"""A line of text with a mark under the place that is meant, for a fixed pitch."""

from itertools import accumulate

from formatters.text.columns import ELLIPSIS, display_width, truncate

ROOM = 72
"""Columns of the line; of a longer text, what is around the place."""
_BEFORE = 24


def pointed(text: str, column: int, length: int) -> str:
    """The text and, under it, `^` at `length` columns from `column` (0 is the first) on."""
    if display_width(text) > ROOM and column + length > ROOM:
        text, column = _from(text, column - _BEFORE, column)
    shown = truncate(text, ROOM, width=True)
    marks = max(1, min(length, ROOM - column))
    return f"{shown}\n{' ' * column}{'^' * marks}"


def _from(text: str, start: int, column: int) -> tuple[str, int]:
    """The text from about a column on, and where `column` is in it."""
    ends = accumulate(map(display_width, text))
    cut = next((at for at, end in enumerate(ends, 1) if end >= start), len(text))
    return ELLIPSIS + text[cut:], column - display_width(text[:cut]) + display_width(ELLIPSIS)
