"""Runs joined to pieces of lines, and pieces to whole lines. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from unicodedata import normalize

from formatters.text import strip_controls
from jobs.fulltext.pdf.geometry import Run

_REACH = 1.0
"""Of the size: a wider gap parts pieces; columns stand at least that far apart."""
_OVERLAP = -1.0
_RAISED = 0.55
_SAME_LINE = 0.35
_SMALL = 0.85
_OVER, _UNDER = 0.8, 0.45
"""Of the size: how far small signs stand above and below the line that they belong to."""
_SPACE = 0.2
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ACCENTS = dict(
    zip("´ˆ¨˜ˇ˝˘˙¸˚", "\u0301\u0302\u0308\u0303\u030c\u030b\u0306\u0307\u0327\u030a", strict=True)
)
_ACCENTED = re.compile(r"(?P<accent>[´ˆ¨˜ˇ˝˘˙¸˚]) ?(?P<letter>[A-Za-zı])")


@dataclass(frozen=True, slots=True)
class Line:
    """Runs on one baseline, left to right: a piece of a line, or all of it in its column."""

    runs: tuple[Run, ...]
    text: str
    left: float
    right: float
    baseline: float
    size: float
    """Of most of its characters."""
    page: int = 0

    @property
    def top(self) -> float:
        """About where capitals end."""
        return self.baseline + 0.7 * self.size

    @property
    def width(self) -> float:
        """From its first sign to its last."""
        return self.right - self.left

    @property
    def marked(self) -> bool:
        """Begins with a small raised sign, as a footnote does."""
        first = self.runs[0]
        raised = first.baseline > self.baseline + 0.1 * self.size
        return len(self.runs) > 1 and raised and first.size < _SMALL * self.size


def pieces(runs: Iterable[Run], page: int = 0) -> list[Line]:
    """The runs, in drawing order, joined where one continues the one before."""
    found: list[list[Run]] = []
    right = baseline = size = 0.0
    for run in runs:
        if found and _continues(run, right, baseline, size):
            found[-1].append(run)
            right = max(right, run.right)
            if run.size > size * 1.02:
                baseline, size = run.baseline, run.size
        else:
            found.append([run])
            right, baseline, size = run.right, run.baseline, run.size
    return [line_of(group, page) for group in found]


def _continues(run: Run, right: float, baseline: float, size: float) -> bool:
    gap = run.left - right
    if not _OVERLAP * size < gap < _REACH * min(size, run.size):
        return False
    return abs(run.baseline - baseline) < _RAISED * max(size, run.size)


def whole(parts: Iterable[Line]) -> list[Line]:
    """Pieces of one column put together to lines, from the top down."""
    rows: list[list[Line]] = []
    highest: Line | None = None
    for part in sorted(parts, key=attrgetter("baseline"), reverse=True):
        if highest and highest.baseline - part.baseline < _SAME_LINE * max(part.size, highest.size):
            rows[-1].append(part)
            highest = max(highest, part, key=attrgetter("size"))
        else:
            rows.append([part])
            highest = part
    return _attached([_merged(row) for row in rows])


def _attached(rows: Sequence[Line]) -> list[Line]:
    """Exponents, indices and what stands over an arrow joined to the line that they belong to."""
    kept: list[Line] = []
    over: Line | None = None
    largest = max((row.size for row in rows), default=0.0)
    for row in rows:
        line = row
        if over and _small(over, row) and over.baseline - row.baseline < _OVER * row.size:
            line = _merged([over, row])
        elif over:
            kept.append(over)
        over = None
        above = kept[-1] if kept else None
        if above and _small(line, above) and above.baseline - line.baseline < _UNDER * above.size:
            kept[-1] = _merged([above, line])
        elif line.size < _SMALL * largest:
            over = line
        else:
            kept.append(line)
    return [*kept, over] if over else kept


def _small(row: Line, host: Line) -> bool:
    reach = host.size
    inside = host.left - reach < row.left and row.right < host.right + reach
    return inside and row.size < _SMALL * host.size


def _merged(row: Sequence[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    runs = [run for part in row for run in part.runs]
    return line_of(sorted(runs, key=_place), row[0].page)


def _place(run: Run) -> float:
    """Where the run begins; an accent before the letter that it stands over."""
    return run.left - 0.4 * run.size if run.text in _ACCENTS else run.left


def line_of(runs: Sequence[Run], page: int) -> Line:
    """A line from runs that stand in order, at least one."""
    sizes: dict[float, int] = {}
    for run in runs:
        sizes[run.size] = sizes.get(run.size, 0) + len(run.text)
    size = max(sizes, key=sizes.__getitem__) if len(sizes) > 1 else runs[0].size
    baseline = next(run.baseline for run in runs if run.size == size)
    return Line(
        tuple(runs),
        text_of(runs, size, baseline),
        runs[0].left,
        max(run.right for run in runs),
        baseline,
        size,
        page,
    )


def text_of(runs: Sequence[Run], size: float, baseline: float) -> str:
    """What runs on a line say, a space where there is one to be seen or was written.

    Raised numbers, as a footnote's mark or a power, are written as such; an accent that is
    set as a sign of its own joins its letter.
    """
    parts: list[str] = []
    right = runs[0].left
    for run in runs:
        spaced = run.spaced and run.text not in _ACCENTS
        if parts and (spaced or run.left - right > _SPACE * max(run.size, size)):
            parts.append(" ")
        raised = run.size < _SMALL * size and run.baseline > baseline + 0.1 * size
        parts.append(run.text.translate(_RAISED_DIGITS) if raised else run.text)
        right = run.right
    text = "".join(parts)
    if not text.isascii():
        text = _ACCENTED.sub(_accented, text.translate(_LIGATURES))
    return " ".join(strip_controls(text).split())


def _accented(sign: re.Match[str]) -> str:
    letter = sign["letter"].replace("ı", "i")
    return normalize("NFC", letter + _ACCENTS[sign["accent"]])


def share(line: Line, trait: str) -> float:
    """How much of the line's text has the trait of a face: `bold`, `italic`, `math`."""
    total = sum(len(run.text) for run in line.runs)
    return sum(len(run.text) for run in line.runs if getattr(run.face, trait)) / total
