"""Lines to paragraphs and displayed formulas. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

from jobs.fulltext.pdf.blocks import Body
from jobs.fulltext.pdf.columns import Column
from jobs.fulltext.pdf.formulas import is_formula, number_of
from jobs.fulltext.pdf.hyphens import Words
from jobs.fulltext.pdf.lines import Line
from storage.models.fulltext import Equation, Paragraph, Passage

_INDENT = 0.5
"""Of the size."""
_FARTHEST = 4.0
_GAP = 1.3
"""Of the pitch: as much room parts paragraphs."""
_LOOSE = 1.04
_BULLET_GAP = 0.2
_SHORT, _STUMP = 0.8, 0.6
"""Of the column: a last line may be no longer; one that ends there surely is the last."""
_BULLETS = frozenset("•◦▪‣∙●○■□–—∗*-·➢✓")
_ITEM = re.compile(r"(?:\(?(?:[ivx]{1,4}|[IVX]{1,4}|\d{1,2}|[a-z])[.)]|\[\d{1,2}\])\s")
_END = (".", "!", "?", ":", ".”", ".)", ".’")
_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹ "


@dataclass(frozen=True, slots=True)
class Flowing:
    """A line of running text and the column that it stands in."""

    line: Line
    column: Column


class Typist:
    """Makes passages of a section's lines; `passages` is one section's."""

    def __init__(self, body: Body, words: Words) -> None:
        self._body = body
        self._words = words

    def passages(self, stream: Sequence[Flowing | Passage]) -> tuple[Passage, ...]:
        """The section's passages; one that stands apart never breaks a paragraph."""
        return tuple(passage for passage in self._flow(stream) if _says(passage))

    def _flow(self, stream: Sequence[Flowing | Passage]) -> Iterator[Passage]:
        group: list[Flowing] = []
        waiting: list[Passage] = []
        shown = False
        for item in stream:
            if not isinstance(item, Flowing):
                waiting.append(item)
                continue
            before = group[-1] if group else None
            formula = is_formula(item.line, item.column, set_off=shown or self._off(before, item))
            if before and (formula != shown or (not formula and self._begins(group, item))):
                yield from self._passage(group, shown=shown)
                yield from waiting
                group, waiting = [], []
            group.append(item)
            shown = formula
        if group:
            yield from self._passage(group, shown=shown)
        yield from waiting

    def _passage(self, group: Sequence[Flowing], *, shown: bool) -> Iterator[Passage]:
        text = self._words.join(item.line.text for item in group)
        if not shown:
            yield Paragraph(text)
            return
        formula, number = number_of(text)
        if formula:
            yield Equation(formula, number)

    def _off(self, before: Flowing | None, item: Flowing) -> bool:
        if before is None or before.column is not item.column:
            return True
        return before.line.baseline - item.line.baseline > 1.1 * self._body.pitch

    def _begins(self, group: Sequence[Flowing], item: Flowing) -> bool:
        """Whether a new paragraph begins with the line."""
        last = group[-1]
        ended = last.line.text.rstrip(_MARKS).endswith(_END)
        short = last.line.right < last.column.left + _SHORT * last.column.width
        if _bulleted(item.line):
            return True
        if last.column is not item.column:
            numbered = bool(_ITEM.match(item.line.text))
            return (_indented(item) and not _listed(group[0])) or (ended and (short or numbered))
        return (
            self._parted(last.line, item.line, short=short)
            or _shifted(group, item.line)
            or (ended and _restarts(last, item, short=short))
        )

    def _parted(self, above: Line, line: Line, *, short: bool) -> bool:
        """By room between them, of which an item's number needs less."""
        gap = above.baseline - line.baseline
        if gap > _GAP * self._body.pitch * min(1.0, line.size / self._body.size):
            return True
        return bool(_ITEM.match(line.text)) and (short or gap > _LOOSE * self._body.pitch)


def _indented(item: Flowing) -> bool:
    line = item.line
    return _INDENT * line.size < line.left - item.column.left < _FARTHEST * line.size


def _shifted(group: Sequence[Flowing], line: Line) -> bool:
    """Begins farther in than the line above, or farther out, where a list ends."""
    above, step = group[-1].line, _INDENT * line.size
    if line.left > above.left + step:
        return not _listed(group[-1]) and line.left < above.left + _FARTHEST * line.size
    return line.left < above.left - step and len(group) > 1 and _listed(group[0])


def _restarts(last: Flowing, item: Flowing, *, short: bool) -> bool:
    """A sentence that begins in bold after a short line, or after a very short one."""
    bold = item.line.runs[0].face.bold and not last.line.runs[-1].face.bold
    return (short and bold) or last.line.right < item.column.left + _STUMP * item.column.width


def _listed(item: Flowing) -> bool:
    """Begins with a bullet or an item's number."""
    return _bulleted(item.line) or bool(_ITEM.match(item.line.text))


def _bulleted(line: Line) -> bool:
    """Begins with a sign that stands apart and is no letter."""
    first, *others = line.runs
    sign, after = first.text[0], first.text[1:2]
    apart = not after and others and others[0].left - first.right > _BULLET_GAP * line.size
    return bool(after.isspace() or apart) and (
        sign in _BULLETS or category(sign) in {"Cc", "Co", "So"}
    )


def _says(passage: Passage) -> bool:
    return not isinstance(passage, Paragraph) or any(map(str.isalnum, passage.text))
