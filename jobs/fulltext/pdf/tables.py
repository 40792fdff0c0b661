"""A table's lines as rows and columns. Pure."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from jobs.fulltext.pdf.blocks import cells
from jobs.fulltext.pdf.lines import Line, text_of

_GAP = 0.6
"""Of the size: cells are parted by more, words by less."""
_Cell = tuple[float, float, str]
_Span = tuple[float, float]


def markdown(lines: Sequence[Line]) -> str:
    """GitHub-flavoured Markdown, header first.

    Where columns can't be told each line is a row of one cell.
    """
    rows = [_cells(line) for line in lines]
    spans = _spans(rows)
    if len(spans) > 1:
        table = [_placed(row, spans) for row in rows]
    else:
        table = [[line.text] for line in lines]
    head, *rest = [" | ".join(map(_escaped, row)) for row in table] or [""]
    rule = " | ".join(["---"] * max(1, len(spans)))
    return "\n".join(f"| {row} |" for row in (head, rule, *rest))


def _cells(line: Line) -> list[_Cell]:
    found: list[_Cell] = []
    for group in cells(line, _GAP):
        runs = [line.runs[index] for index in group]
        found.append(
            (runs[0].left, max(run.right for run in runs), text_of(runs, line.size, line.baseline))
        )
    return found


def _spans(rows: Sequence[Sequence[_Cell]]) -> list[_Span]:
    """Where the columns stand, by the rows that have as many cells as most; none: not told."""
    counts = Counter(len(row) for row in rows if len(row) > 1)
    if not counts:
        return []
    most = max(counts, key=lambda count: (counts[count] * count, count))
    full = [row for row in rows if len(row) == most]
    spans = [
        (min(row[at][0] for row in full), max(row[at][1] for row in full)) for at in range(most)
    ]
    parted = all(a[1] <= b[0] for a, b in pairwise(spans))
    return spans if parted and 2 * len(full) >= len(rows) - 1 else []


def _placed(row: Sequence[_Cell], spans: Sequence[_Span]) -> list[str]:
    texts = [""] * len(spans)
    for left, right, text in row:
        middle = (left + right) / 2
        at = min(range(len(spans)), key=lambda index: abs(sum(spans[index]) / 2 - middle))
        touched = [i for i, (a, b) in enumerate(spans) if left < b and right > a]
        at = touched[0] if touched else at
        texts[at] = f"{texts[at]} {text}".strip()
    return texts


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
