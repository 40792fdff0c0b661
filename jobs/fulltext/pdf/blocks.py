"""Lines that stand close together, and what the body of the document looks like. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jobs.fulltext.pdf.columns import Column
from jobs.fulltext.pdf.geometry import Box
from jobs.fulltext.pdf.lines import Line

_APART = 1.35
"""Of the body's pitch: a wider gap ends a block."""
_SIZES = 0.06
_WIDE = 0.7
_WORD = re.compile(r"[^\W\d_]{3,}")
_SENTENCE, _FEW = 6, 3
"""Words that make a line of text of a line, and of one that fills its column."""
_CELL_GAP = 1.0
_RULED = 0.5
"""Of the line's width, at least: a rule that parts lines."""


@dataclass(frozen=True, slots=True)
class Body:
    """What most of the document is set in."""

    size: float
    face: str
    pitch: float
    """From baseline to baseline."""

    def like(self, size: float) -> bool:
        """Whether a text of that size may be body."""
        return abs(size - self.size) <= _SIZES * self.size


@dataclass(frozen=True, slots=True)
class Block:
    """Lines close together in one column."""

    lines: tuple[Line, ...]
    column: Column

    @property
    def box(self) -> Box:
        """Around its lines."""
        return Box(
            min(line.left for line in self.lines),
            self.lines[-1].baseline - 0.2 * self.lines[-1].size,
            max(line.right for line in self.lines),
            self.lines[0].top,
        )

    def runs_on(self, body: Body) -> bool:
        """Whether it is running text of the body, as opposed to labels, rows and formulas."""
        return any(_running(line, self.column, body) for line in self.lines)


def body_of(columns: Iterable[Column]) -> Body:
    """The most usual size, font and pitch, weighed by characters."""
    sizes: Counter[float] = Counter()
    faces: Counter[str] = Counter()
    pitches: Counter[float] = Counter()
    for column in columns:
        for line in column.lines:
            sizes[round(line.size, 1)] += len(line.text)
            faces[line.runs[0].face.name] += len(line.text)
        for above, line in pairwise(column.lines):
            pitches[round(above.baseline - line.baseline, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    face = faces.most_common(1)[0][0] if faces else ""
    usual = (pitch for pitch, _ in pitches.most_common() if pitch >= 0.9 * size)
    return Body(size, face, next(usual, 1.2 * size))


def blocks_of(column: Column, rules: Sequence[Box], body: Body) -> Iterator[Block]:
    """The column's blocks from the top down; a rule parts them, too."""
    group: list[Line] = []
    for line in column.lines:
        if group and (_apart(group[-1], line, body) or _ruled(group[-1], line, rules)):
            yield Block(tuple(group), column)
            group = []
        group.append(line)
    if group:
        yield Block(tuple(group), column)


def cells(line: Line, gap: float = _CELL_GAP) -> list[list[int]]:
    """The line's runs, by index, parted where the gap between them is wider than `gap` sizes."""
    groups = [[0]]
    for index, (before, run) in enumerate(pairwise(line.runs), 1):
        if run.left - before.right > gap * line.size:
            groups.append([index])
        else:
            groups[-1].append(index)
    return groups


def _apart(above: Line, line: Line, body: Body) -> bool:
    gap = above.baseline - line.baseline
    if gap > _APART * max(body.pitch * min(1.0, line.size / body.size), line.size):
        return True
    return abs(above.size - line.size) > 2 * _SIZES * body.size and gap > body.size


def _running(line: Line, column: Column, body: Body) -> bool:
    if not body.like(line.size) or len(cells(line)) > 1:
        return False
    words = len(_WORD.findall(line.text))
    plain = sum(len(run.text) for run in line.runs if not run.face.math)
    if plain < 0.6 * sum(len(run.text) for run in line.runs):
        return False
    return words >= _SENTENCE or (words >= _FEW and line.width > _WIDE * column.width)


def _ruled(above: Line, line: Line, rules: Iterable[Box]) -> bool:
    low, high = line.baseline + 0.5 * line.size, above.baseline
    return any(
        low < rule.top < high and rule.width > _RULED * line.width and rule.right > line.left
        and rule.left < line.right
        for rule in rules
    )  # fmt: skip


def find(lines: Sequence[Line], region: Box) -> list[Line]:
    """The lines whose middle lies in the region."""
    return [
        line
        for line in lines
        if region.holds((line.left + line.right) / 2, line.baseline + 0.25 * line.size)
    ]
