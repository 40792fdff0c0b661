"""Reading order: a page's pieces as columns, and columns as lines from the top down. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from jobs.fulltext.pdf.geometry import Box, Page
from jobs.fulltext.pdf.lines import Line, whole

_MIDDLE = (0.35, 0.65)
"""Of the text's width: where a gutter can be."""
_STEPS = 60
_CROSSED = 0.2
_COLUMN = 0.6
"""Of a column's width: as wide is a line of text."""
_FEW = 6
_EDGE = 2.0
_FRAMED = 0.6
"""Of the page: a box as large is a frame around its text."""


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that are read one after the other, and the edges they keep to."""

    lines: tuple[Line, ...]
    left: float
    right: float

    @property
    def width(self) -> float:
        """Between its edges."""
        return self.right - self.left


def columns(pages: Sequence[Page], texts: Sequence[Sequence[Line]]) -> list[list[Column]]:
    """For each page its columns in reading order; a page-wide line is a column, too."""
    gutters = [_gutter(text) for text in texts]
    found = [gutter for gutter in gutters if gutter is not None]
    filled = sum(len(text) > _FEW for text in texts)
    usual = median(found) if found and 2 * len(found) >= filled else None
    ordered: list[list[Column]] = []
    for page, text, gutter in zip(pages, texts, gutters, strict=True):
        at = usual if gutter is None else gutter
        groups = [list(text)] if at is None else list(_bands(page, text, at))
        ordered.append([_column(whole(group)) for group in groups if group])
    return _aligned(ordered, usual)


def _gutter(text: Sequence[Line]) -> float | None:
    """Where a page of two columns is parted."""
    if len(text) < 2 * _FEW:
        return None
    left, right = min(line.left for line in text), max(line.right for line in text)
    width = right - left
    wide = [line for line in text if line.width > _COLUMN * width * 0.45]
    best: tuple[int, float, float] | None = None
    for step in range(_STEPS + 1):
        x = left + width * (_MIDDLE[0] + (_MIDDLE[1] - _MIDDLE[0]) * step / _STEPS)
        crossed = sum(line.left < x < line.right for line in wide)
        off = abs(x - left - width / 2)
        if best is None or (crossed, off) < best[:2]:
            best = crossed, off, x
    if best is None:
        return None
    return best[2] if _parts(best[2], wide) else None


def _parts(x: float, wide: Sequence[Line]) -> bool:
    """Whether lines stand left and right of `x` at the same height, and few across it."""
    before = [line.baseline for line in wide if line.right <= x]
    after = [line.baseline for line in wide if line.left >= x]
    if min(len(before), len(after)) < _FEW:
        return False
    low, high = max(min(before), min(after)), min(max(before), max(after))
    facing = [line for line in wide if low <= line.baseline <= high]
    crossed = sum(line.left < x < line.right for line in facing)
    return len(facing) >= _FEW and crossed <= _CROSSED * len(facing)


def _bands(page: Page, text: Iterable[Line], gutter: float) -> Iterator[list[Line]]:
    """From the top down: what spans the page, and between it left before right."""
    zones = list(_zones(page, gutter))
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []
    for line in sorted(text, key=lambda line: -line.baseline):
        if (line.left < gutter - _EDGE and line.right > gutter + _EDGE) or _in(zones, line):
            yield from _pair(left, right)
            across.append(line)
            continue
        if across:
            if _beside(line, across[-1]):
                across.append(line)
                continue
            yield across
            across = []
        (left if (line.left + line.right) / 2 < gutter else right).append(line)
    yield from _pair(left, right)
    yield across


def _pair(left: list[Line], right: list[Line]) -> Iterator[list[Line]]:
    yield left.copy()
    yield right.copy()
    left.clear()
    right.clear()


def _beside(line: Line, before: Line) -> bool:
    """On the same line as what spans the page, as a superscript is."""
    return before.baseline - line.baseline < 0.3 * before.size


def _zones(page: Page, gutter: float) -> Iterator[Box]:
    """Pictures and ruled tables that reach over the gutter."""
    for picture in (*page.images, *page.drawings):
        if picture.left < gutter < picture.right and picture.area < _FRAMED * page.frame.area:
            yield picture
    rules = [rule for rule in page.rules if rule.left < gutter < rule.right]
    for above in rules:
        for below in rules:
            same = abs(above.left - below.left) + abs(above.right - below.right) < 2 * _EDGE
            if same and below.bottom < above.bottom:
                yield Box(above.left, below.bottom, above.right, above.top)


def _in(zones: Iterable[Box], line: Line) -> bool:
    x, y = (line.left + line.right) / 2, line.baseline + 0.25 * line.size
    return any(zone.holds(x, y) for zone in zones)


def _column(lines: list[Line]) -> Column:
    return Column(tuple(lines), min(line.left for line in lines), max(line.right for line in lines))


def _aligned(pages: list[list[Column]], gutter: float | None) -> list[list[Column]]:
    """Columns with the edges that their like keep to all over the document."""
    like: dict[int, list[Line]] = {}
    for page in pages:
        for column in page:
            like.setdefault(_place(column, gutter), []).extend(column.lines)
    edges = {place: _edges(lines) for place, lines in like.items()}
    return [
        [Column(column.lines, *edges[_place(column, gutter)]) for column in page] for page in pages
    ]


def _place(column: Column, gutter: float | None) -> int:
    if gutter is None or (column.left < gutter - _EDGE and column.right > gutter + _EDGE):
        return 0
    return 1 if column.right <= gutter + _EDGE else 2


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    """The most usual beginning and end of the wide lines."""
    widest = max(line.width for line in lines)
    wide = [line for line in lines if line.width >= _COLUMN * widest]
    lefts = Counter(round(line.left) for line in wide)
    rights = Counter(round(line.right) for line in wide)
    return float(lefts.most_common(1)[0][0]), float(rights.most_common(1)[0][0])
