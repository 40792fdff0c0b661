"""Headers, footers, page numbers and numbered margins: found over all pages, and dropped. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from jobs.fulltext.pdf.geometry import Box
from jobs.fulltext.pdf.lines import Line, whole

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page )?[-–—(\[]? ?(?:#|[ivxl]+)(?: (?:of|/) #)? ?[-–—)\]]?")
_NOTICE = re.compile(
    r"preprint\b|under review|published as an? |accepted (?:at|to|by|for) |proceedings of "
    r"|copyright|©|[\w ]*permission to make|\d+(?:st|nd|rd|th) conference on |work in progress"
    r"|manuscript submitted|submitted to ",
    re.IGNORECASE,
)
_TOP, _BOTTOM = 3, 4
"""Rows from the edge that may be a header or a footer."""
_ZONE = 0.12
"""Of the page's height."""
_STEP = 4.0
"""Points: rows of different pages that are nearer stand at the same height."""
_NUMBERED = 8
"""Lines with consecutive numbers beside them."""
_IN_ORDER = 0.8


def without_margins(pages: Sequence[Sequence[Line]], frames: Sequence[Box]) -> list[list[Line]]:
    """The pages' pieces without what the margins hold."""
    bare = [_unnumbered(page) for page in pages]
    rows = [whole(page) for page in bare]
    seen = Counter(key for page in rows for key in {_key(row) for row in _outer(page)})
    found: list[list[Line]] = []
    for page, page_rows, frame in zip(bare, rows, frames, strict=True):
        low, high = _limits(page_rows, frame, seen)
        found.append([piece for piece in page if low < piece.baseline < high])
    return found


def _outer(rows: Sequence[Line]) -> list[Line]:
    return [*rows[:_TOP], *rows[_TOP:][-_BOTTOM:]]


def _key(row: Line) -> tuple[str, int]:
    return _masked(row), round(row.baseline / _STEP)


def _masked(row: Line) -> str:
    return _DIGITS.sub("#", row.text).casefold()


def _limits(
    rows: Sequence[Line], frame: Box, seen: Counter[tuple[str, int]]
) -> tuple[float, float]:
    """Between which heights the text stands."""
    low, high = float("-inf"), float("inf")
    margin = _ZONE * frame.height
    for row in rows[:_TOP]:
        if row.baseline > frame.top - margin and _outside(row, seen):
            high = min(high, row.baseline - 0.1)
    for row in rows[-_BOTTOM:]:
        if row.baseline < frame.bottom + margin and _outside(row, seen):
            low = max(low, row.baseline + 0.1)
    return low, high


def _outside(row: Line, seen: Counter[tuple[str, int]]) -> bool:
    masked, step = _key(row)
    again = any(seen[masked, near] > 1 for near in (step,)) or (
        sum(seen[masked, near] for near in (step - 1, step, step + 1)) > 1
    )
    return again or bool(_PAGE_NUMBER.fullmatch(masked) or _NOTICE.match(row.text))


def _unnumbered(page: Sequence[Line]) -> list[Line]:
    """Without the numbers that a submission has beside its lines."""
    numbers = [piece for piece in page if _DIGITS.fullmatch(piece.text)]
    if len(numbers) < _NUMBERED:
        return list(page)
    dropped: set[int] = set()
    for edge in ("left", "right"):
        stacks: dict[int, list[Line]] = {}
        for piece in numbers:
            stacks.setdefault(round(getattr(piece, edge)), []).append(piece)
        for stack in stacks.values():
            if len(stack) >= _NUMBERED and _counts_up(stack):
                dropped.update(_beyond(stack, page))
    return [piece for piece in page if id(piece) not in dropped]


def _counts_up(stack: Sequence[Line]) -> bool:
    ordered = sorted(stack, key=lambda piece: -piece.baseline)
    steps = [int(b.text) - int(a.text) for a, b in pairwise(ordered)]
    return steps.count(1) >= _IN_ORDER * len(steps)


def _beyond(stack: Sequence[Line], page: Sequence[Line]) -> Iterator[int]:
    """The stack's pieces and what else stands with them, if no line of text does."""
    left, right = min(piece.left for piece in stack), max(piece.right for piece in stack)
    widest = max(piece.width for piece in page)
    text = [piece for piece in page if piece.width > widest / 2]
    if all(piece.right < left or piece.left > right for piece in text):
        yield from (
            id(piece)
            for piece in page
            if _DIGITS.fullmatch(piece.text) and piece.left >= left - 1 and piece.right <= right + 1
        )
