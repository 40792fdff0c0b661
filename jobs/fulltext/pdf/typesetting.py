"""A text page's characters as runs: what pdfium knows of each, asked for in bulk.

One call a character is all that the cost allows, so the calls are made by `map` through
bare prototypes, and the rest is asked once a run. Runs in the worker only.
"""

import ctypes
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, repeat
from math import hypot
from typing import Any

from jobs.fulltext.pdf.geometry import Colour, Face, Run

_BOLD = re.compile(r"bold|medi|black|heavy|demi|semib|cmbx|cmb\d|[.\-]b\b|-bd", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|cmti|cmsl|slant|[.\-]it?\b", re.IGNORECASE)
_MATH = re.compile(
    r"math|symbol|^(?:cm(?:mi|sy|ex|mib|bsy)|ms[ab]m|eu[frs][bm]|mt(?:mi|sy|ex|2)|[tpr]x(?:mi|sy|ex)"
    r"|rtxmi|[np]txmi|[np]tx(?:sy|ex)|stix.*(?:mi|sy|ex)|wasy|esint|stmary|rsfs|dsrom|bbold|lasy)",
    re.IGNORECASE,
)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_WEIGHTY = 600
_FORCED_BOLD = 1 << 18
_SLANTED = 1 << 6
_GAP = 0.9
"""Of the size: a wider one parts a run, as between a table's cells."""
_TILT = 0.15
_STROKED = 1
_UNDRAWN = (3, 7)
_OPAQUE_ENOUGH = 13
"""Of 255."""
_FLOATS = 4
_NAME_BYTES = 128
_LAST_CODE = 0x10FFFF
_SURROGATE = re.compile("[\ud800-\udfff]")
_HYPHENS = {0x02: "-", 0xFFFE: "-"}
_WORD = re.compile(r"[^ \r\n\0]+")
_OF_HEIGHT = 1.2
"""A font without a name has no size, either: told by its tallest sign."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one object of the page says: its words as spans of the text."""

    owner: int
    spaced: bool
    words: list[tuple[int, int]]


class _Calls:
    """pdfium's functions, taking addresses as plain numbers."""

    def __init__(self) -> None:
        from pypdfium2 import raw  # noqa: PLC0415 -- only the worker loads the library

        number, address = ctypes.c_int, ctypes.c_void_p

        def bare(name: str, gives: Any, *takes: Any) -> Callable[..., Any]:
            at = ctypes.cast(getattr(raw, name), address).value
            return ctypes.CFUNCTYPE(gives, *takes)(at or 0)

        self.code = bare("FPDFText_GetUnicode", ctypes.c_uint, address, number)
        self.owner = bare("FPDFText_GetTextObject", address, address, number)
        self.box = bare("FPDFText_GetLooseCharBox", number, address, number, address)
        self.origin = bare("FPDFText_GetCharOrigin", number, address, number, address, address)
        self.size = bare("FPDFText_GetFontSize", ctypes.c_double, address, number)
        self.matrix = bare("FPDFText_GetMatrix", number, address, number, address)
        self.mode = bare("FPDFTextObj_GetTextRenderMode", number, address)
        self.font = bare("FPDFTextObj_GetFont", address, address)
        self.fill = bare("FPDFPageObj_GetFillColor", number, address, *[address] * 4)
        self.stroke = bare("FPDFPageObj_GetStrokeColor", number, address, *[address] * 4)
        self.name = bare("FPDFFont_GetBaseFontName", ctypes.c_size_t, address, address, number)
        self.weight = bare("FPDFFont_GetWeight", number, address)
        self.flags = bare("FPDFFont_GetFlags", number, address)


class Typesetting:
    """Reads one document's text pages, as many characters as it may; remembers the fonts."""

    def __init__(self, characters: int) -> None:
        self._left = characters
        self.cut_off = False
        self._calls = _Calls()
        self._faces: dict[int, Face] = {}
        self._matrix = (ctypes.c_float * 6)()
        self._place = (ctypes.c_double * 2)()
        self._channels = (ctypes.c_uint * 4)()

    def runs(self, text_page: Any) -> list[Run]:
        """The page's upright runs in drawing order."""
        page = ctypes.cast(text_page.raw, ctypes.c_void_p).value
        count = max(0, text_page.count_chars())
        self.cut_off = count > self._left
        count = min(count, self._left)
        self._left -= count
        if not count:
            return []
        text = _text(list(map(self._calls.code, repeat(page), range(count))))
        owners = list(map(self._calls.owner, repeat(page), range(count)))
        pieces = list(_pieces(text, owners))
        ends = [at for piece in pieces for word in piece.words for at in (word[0], word[1] - 1)]
        return list(self._runs(page, text, pieces, self._boxes(page, ends)))

    def _boxes(self, page: Any, indices: list[int]) -> list[float]:
        """Left, top, right, bottom of each character, one after the other."""
        room = (ctypes.c_float * (_FLOATS * len(indices)))()
        start, step = ctypes.addressof(room), _FLOATS * ctypes.sizeof(ctypes.c_float)
        places = range(start, start + step * len(indices), step)
        deque(map(self._calls.box, repeat(page), indices, places), maxlen=0)
        return list(room)

    def _runs(
        self, page: Any, text: str, pieces: list[_Piece], boxes: list[float]
    ) -> Iterator[Run]:
        at = 0
        for piece in pieces:
            first, at = at, at + len(piece.words)
            size = self._size(page, piece.words[0][0])
            if size is None:
                continue
            lefts = boxes[2 * _FLOATS * first : 2 * _FLOATS * at : 2 * _FLOATS]
            rights = boxes[2 * _FLOATS * first + 6 : 2 * _FLOATS * at : 2 * _FLOATS]
            face, colour = self._face(piece.owner), self._colour(piece.owner)
            if not face.name:
                tops = boxes[2 * _FLOATS * first + 1 : 2 * _FLOATS * at : 2 * _FLOATS]
                bottoms = boxes[2 * _FLOATS * first + 3 : 2 * _FLOATS * at : 2 * _FLOATS]
                size = max(map(float.__sub__, tops, bottoms)) * _OF_HEIGHT or size
            cuts = _leaps(lefts, rights, _GAP * size)
            for begin, end in zip([0, *cuts], [*cuts, len(lefts)], strict=True):
                start = piece.words[begin][0]
                yield Run(
                    text[start : piece.words[end - 1][1]],
                    lefts[begin],
                    max(rights[begin:end]),
                    self._baseline(page, start),
                    size,
                    face,
                    piece.spaced or begin > 0,
                    colour,
                )

    def _size(self, page: Any, index: int) -> float | None:
        """As seen; None: the text does not stand upright."""
        self._calls.matrix(page, index, ctypes.addressof(self._matrix))
        a, b, c, d = self._matrix[:4]
        if abs(b) > _TILT * abs(a) or a <= 0:
            return None
        return float(self._calls.size(page, index) * hypot(c, d))

    def _baseline(self, page: Any, index: int) -> float:
        start = ctypes.addressof(self._place)
        self._calls.origin(page, index, start, start + ctypes.sizeof(ctypes.c_double))
        return self._place[1]

    def _colour(self, owner: int) -> Colour | None:
        """What the text is drawn in; None: it is not drawn, or is transparent."""
        mode = self._calls.mode(owner)
        if mode in _UNDRAWN:
            return None
        ask = self._calls.stroke if mode == _STROKED else self._calls.fill
        start, step = ctypes.addressof(self._channels), ctypes.sizeof(ctypes.c_uint)
        if not ask(owner, *range(start, start + 4 * step, step)):
            return (0, 0, 0)
        red, green, blue, alpha = self._channels
        return None if alpha < _OPAQUE_ENOUGH else (red, green, blue)

    def _face(self, owner: int) -> Face:
        font = self._calls.font(owner)
        if font not in self._faces:
            room = ctypes.create_string_buffer(_NAME_BYTES)
            self._calls.name(font, ctypes.addressof(room), _NAME_BYTES)
            name = _SUBSET.sub("", room.value.decode("utf-8", "replace"))
            weight, flags = self._calls.weight(font), self._calls.flags(font)
            self._faces[font] = _judged(name, weight, flags)
        return self._faces[font]


def _text(codes: list[int]) -> str:
    """As text; pdfium writes a hyphen at a line's end as U+0002, an unknown sign as 0."""
    try:
        text = "".join(map(chr, codes))
    except ValueError:
        text = "".join(chr(code) if code <= _LAST_CODE else "\ufffd" for code in codes)
    return _SURROGATE.sub("\ufffd", text.translate(_HYPHENS))


def _pieces(text: str, owners: list[int | None]) -> Iterator[_Piece]:
    """The text cut where the object changes that it belongs to."""
    spaced, start = False, 0
    for owner, group in groupby(owners):
        end = start + sum(1 for _ in group)
        words = [match.span() for match in _WORD.finditer(text, start, end)] if owner else []
        if owner and words:
            yield _Piece(owner, spaced or words[0][0] > start, words)
            spaced = words[-1][1] < end
        else:
            spaced = True
        start = end


def _leaps(lefts: list[float], rights: list[float], gap: float) -> list[int]:
    """Where a character stands far from where the one before it ended."""
    near = range(1, len(lefts))
    return [at for at in near if not -3 * gap < lefts[at] - rights[at - 1] < gap]


def _judged(name: str, weight: int, flags: int) -> Face:
    math = bool(_MATH.search(name))
    bold = bool(_BOLD.search(name)) or (weight >= _WEIGHTY or bool(flags & _FORCED_BOLD))
    italic = bool(_ITALIC.search(name)) or bool(flags & _SLANTED)
    return Face(name, bold and not math, italic and not math, math)
