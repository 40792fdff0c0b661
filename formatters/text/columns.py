"""Text in columns: how wide it is, where a line may end, where it is cut.

Widths are a terminal's: East Asian wide characters take two columns, combining ones none.
"""

import re
from bisect import bisect_right
from itertools import accumulate

ELLIPSIS = "…"
_OPENING = "（《「『【〔〈［｛“‘"
_CLOSING = "，。、；：？！）》」』】〕〉］｝％…—～”’)\\],.;:!?%"
_CJK = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_UNIT = re.compile(rf"\n|[{_OPENING}]*(?:[{_CJK}]|[^\s{_CJK}“‘]+|\S)[{_CLOSING}]*")
_JOINED = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
_EXTENDS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]"
)
_TRAILING = " \t\n,;:、，；：(（“‘《「-–—"


class _Widths(dict[str, int]):
    """A character's columns, looked up once."""

    def __missing__(self, sign: str) -> int:
        from wcwidth import wcwidth  # noqa: PLC0415 - slow to import, and often not needed

        self[sign] = width = max(0, wcwidth(sign))
        return width


_WIDTHS = _Widths()


def display_width(text: str) -> int:
    """How many columns `text` takes on a terminal's line; control characters take none."""
    if text.isascii() and text.isprintable():
        return len(text)
    if _JOINED.search(text):
        from wcwidth import wcswidth  # noqa: PLC0415 - slow to import, and rarely needed

        together: int = wcswidth(text)
        if together >= 0:
            return together
    return sum(map(_WIDTHS.__getitem__, text))


def line_slices(text: str, columns: int) -> list[tuple[int, int]]:
    """Where each line of `text` starts and ends so that none is wider than `columns`.

    Lines end between words or Chinese characters, never before a closing mark or after an
    opening one; a line break in the text ends one. Only an address may be wider.
    """
    lines: list[tuple[int, int]] = []
    start = end = used = 0
    empty = True
    for unit in _UNIT.finditer(text):
        if unit[0] == "\n":
            lines.append((start, max(start, end)))
            start = end = unit.end()
            empty = True
            continue
        width = display_width(unit[0])
        gap = 0 if empty else display_width(text[end : unit.start()])
        if not empty and used + gap + width > columns:
            lines.append((start, end))
            empty = True
        if empty:
            start, used, gap = unit.start(), 0, 0
            *whole, (start, _) = _hard_slices(text, unit.start(), unit.end(), columns)
            lines.extend(whole)
            width = display_width(text[start : unit.end()])
            empty = False
        end = unit.end()
        used += gap + width
    if not empty or not lines:
        lines.append((start, end))
    return lines


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
    """The lines of `text` at most `columns` wide, `indent` included and on each of them."""
    room = max(2, columns - display_width(indent))
    return [indent + text[start:end] for start, end in line_slices(text, room)]


def truncate(text: str, limit: int, *, width: bool = False) -> str:
    """`text` in at most `limit` characters (or columns, with `width`).

    Cut between words or Chinese characters and marked with `…`; never inside a character
    that is made of several.
    """
    if (display_width(text) if width else len(text)) <= limit:
        return text
    if limit <= 0:
        return ""
    room = _fitting(text, limit - 1) if width else limit - 1
    cut = boundary_before(text, room)
    if cut < room // 2:
        cut = whole_before(text, room)
    return text[:cut].rstrip(_TRAILING) + ELLIPSIS


def boundary_before(text: str, position: int) -> int:
    """The last place at or before `position` where a line may end; 0 if there is none."""
    if text[position : position + 1].isspace():
        return position
    cut = 0
    for unit in _UNIT.finditer(text, max(0, position - 400)):
        if unit.start() <= position:
            cut = unit.start()
        if unit.end() > position:
            break
        if unit.end() == position:
            cut = unit.end()
            break
    return cut


def whole_before(text: str, position: int) -> int:
    """The last place at or before `position` that parts no composed character."""
    cut = position
    while 0 < cut < len(text) and (_EXTENDS.match(text[cut]) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut


def _fitting(text: str, columns: int) -> int:
    """How many characters of `text` fit into `columns`."""
    sums = list(accumulate(map(_WIDTHS.__getitem__, text)))
    return bisect_right(sums, columns)


def _hard_slices(text: str, start: int, end: int, columns: int) -> list[tuple[int, int]]:
    """A unit in pieces that fit, if it is too wide and no address."""
    slices: list[tuple[int, int]] = []
    while display_width(text[start:end]) > columns and "://" not in text[start:end]:
        length = max(1, whole_before(text[start:end], _fitting(text[start:end], columns)))
        slices.append((start, start + length))
        start += length
    return [*slices, (start, end)]
