"""Lines of rich text: whole where they are small, else broken between sentences, else words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from formatters.document import Inline, Span, Style
from formatters.slack.elements import cleaned, size
from formatters.steps import stretch
from formatters.text import split, strip_controls

LARGEST = 2_900
"""What a line, and a block of lines, may count."""
_PART = 2_800
"""Signs of the parts of a line that is too long."""
_SHORT_CODE = 64
_LONGEST_ROW = 2_000


class Shape(Enum):
    """What a line is part of."""

    PARAGRAPH = auto()
    BULLETS = auto()
    NUMBERS = auto()
    QUOTE = auto()
    BOX = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """Clean spans on a line of their own."""

    spans: Inline
    size: int
    shape: Shape = Shape.PARAGRAPH
    number: int = 0
    """An item's, in a list with numbers."""

    @property
    def said(self) -> str:
        """The line as plain text, with its mark."""
        text = "".join([span.text for span in self.spans])
        if self.shape is Shape.BULLETS:
            return f"• {text}"
        return f"{self.number}. {text}" if self.shape is Shape.NUMBERS else text


@lru_cache(maxsize=1 << 13)
def lines(text: Inline, shape: Shape = Shape.PARAGRAPH, number: int = 0) -> tuple[Line, ...]:
    """Text as one line, or as many as it takes; none where it says nothing.

    Remembered, since a morning says the same in many chats.
    """
    spans = [cleaned(span) for span in text]
    seen = _text(spans)
    start = len(seen) - len(seen.lstrip())
    whole = tuple(stretch(spans, start, len(seen.rstrip())))
    if not whole:
        return ()
    if (counted := size(whole)) <= LARGEST:
        return (Line(whole, counted, shape, number),)
    first, *rest = [Line(part, size(part)) for part in _parts(whole, _PART)]
    goes_on = Shape.QUOTE if shape is Shape.QUOTE else Shape.PARAGRAPH
    more = (replace(line, shape=goes_on) for line in rest)
    return (replace(first, shape=shape, number=number), *more)


def listed(items: Iterable[Inline], start: int | None) -> Iterator[Line]:
    """The items of a list; numbered where `start` says from what."""
    for number, item in enumerate(items, start or 0):
        if start is None:
            yield from lines(item, Shape.BULLETS)
        else:
            yield from lines(item, Shape.NUMBERS, number)


def fixed(text: str) -> Iterator[Line]:
    """Text in a fixed pitch: a short line as code within the text, else a box."""
    rows = [row.rstrip() for row in strip_controls(text).expandtabs(4).strip("\n").split("\n")]
    if len(rows) == 1 and len(rows[0]) <= _SHORT_CODE:
        yield from lines((Span(rows[0], Style.CODE),))
        return
    blank = ""
    for row in rows:
        for start in range(0, len(row), _LONGEST_ROW):
            shown = (Span(blank + row[start : start + _LONGEST_ROW]),)
            yield Line(shown, size(shown), Shape.BOX)
            blank = ""
        blank += "" if row else "\n"


def _parts(spans: Sequence[Span], limit: int) -> Iterator[Inline]:
    """The spans in parts that are small enough."""
    seen = _text(spans)
    end = 0
    for piece in split(seen, limit):
        start = seen.index(piece, end)
        end = start + len(piece)
        part = tuple(stretch(spans, start, end))
        if limit == 1 or size(part) <= LARGEST:
            yield part
        else:
            yield from _parts(part, limit // 2)


def _text(spans: Iterable[Span]) -> str:
    return "".join([span.text for span in spans])
