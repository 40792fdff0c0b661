"""The literature, an entry a text. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from jobs.fulltext.pdf.hyphens import Words
from jobs.fulltext.pdf.paragraphs import Flowing

_BRACKETS = re.compile(r"\[[\w+\-., ’']{1,40}\]")
_NUMBER = re.compile(r"\(?\d{1,3}[.)]? ")
_ROOM = 1.2


def entries(lines: Sequence[Flowing], words: Words) -> tuple[str, ...]:
    """The entries: told by their marks, else by a hanging indent, else by the room between."""
    groups: list[list[str]] = []
    marks = next(
        (mark for mark in (_BRACKETS, _NUMBER) if lines and mark.match(lines[0].line.text)), None
    )
    edges = _edges(lines)
    hanging = _hangs(lines, edges)
    pitch = min(_pitches(lines), default=0.0)
    for at, item in enumerate(lines):
        if marks:
            new = bool(marks.match(item.line.text)) and _at_edge(item, edges)
        elif hanging:
            new = _at_edge(item, edges)
        else:
            new = at > 0 and _gap(lines[at - 1], item) > _ROOM * pitch
        if new or not groups:
            groups.append([])
        groups[-1].append(item.line.text)
    return tuple(words.join(group) for group in groups)


def _edges(lines: Sequence[Flowing]) -> dict[int, float]:
    edges: dict[int, float] = {}
    for item in lines:
        edges[id(item.column)] = min(edges.get(id(item.column), item.line.left), item.line.left)
    return edges


def _at_edge(item: Flowing, edges: dict[int, float]) -> bool:
    return item.line.left < edges[id(item.column)] + 0.4 * item.line.size


def _hangs(lines: Sequence[Flowing], edges: dict[int, float]) -> bool:
    inner = sum(not _at_edge(item, edges) for item in lines)
    return inner > 0.2 * len(lines)


def _gap(above: Flowing, item: Flowing) -> float:
    if above.column is not item.column:
        return 0.0
    return above.line.baseline - item.line.baseline


def _pitches(lines: Sequence[Flowing]) -> list[float]:
    gaps = (_gap(a, b) for a, b in pairwise(lines))
    return [gap for gap in gaps if gap > 1.0]
