"""What a group sees of an analysis: the most important of it in one short message."""

from collections.abc import Iterator
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.analysis.claims import said, short_line
from formatters.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Inline,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.steps import colon
from formatters.text import sentences
from storage.models import Analysis, Aspect, Lang

MOST_CHARACTERS = 1_200
_ORDER = (
    Aspect.RESULTS,
    *[Aspect.STEPS] * 5,
    Aspect.STATED_LIMITS,
    Aspect.RESULTS,
    Aspect.RESULTS,
    Aspect.INFERRED_LIMITS,
    Aspect.STATED_LIMITS,
    Aspect.RESULTS,
)
"""Which kind's next item is the most important of those that are left, after the core."""
_AROUND = 2
"""Signs of the blank line above a block."""
_MARK = 4
"""Those of an item's mark and line break."""
_GROUPS: tuple[tuple[str, tuple[Aspect, ...], int | None], ...] = (
    ("aspect.steps", (Aspect.STEPS,), 1),
    ("analysis.results", (Aspect.RESULTS,), None),
    ("chapter.limits", (Aspect.STATED_LIMITS, Aspect.INFERRED_LIMITS), None),
)
"""What stands together: its name's key, its kinds, and from what it is numbered."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The message without its buttons."""

    document: Document
    whole: bool
    """Core and steps are in it to their end."""


def brief(title: Title, remarks: tuple[Text, ...], analysis: Analysis, lang: Lang) -> Brief:
    """As many whole items as fit into 1,200 characters, the most important ones first."""
    room = MOST_CHARACTERS - sum(_length(text) for text in (title.text, *(r.text for r in remarks)))
    text = " ".join(claim.text for claim in analysis.claims.get(Aspect.CORE, ()))
    core = _core(text, lang, room)
    room -= sum(_length(block.text) for block in core)
    items = _chosen(analysis, lang, room)
    blocks: list[Block] = [title, *core, *_told(items, lang), *remarks]
    steps = [claim for claim in analysis.claims.get(Aspect.STEPS, ()) if short_line(claim)]
    core_whole = core == _core(text, lang, len(text) + MOST_CHARACTERS)
    return Brief(Document(tuple(blocks)), core_whole and len(items[Aspect.STEPS]) == len(steps))


def _core(text: str, lang: Lang, room: int) -> tuple[Text, ...]:
    """The core idea in as many of its sentences as fit."""
    name = say("aspect.core", lang)
    parts = sentences(text)
    for end in range(len(parts), 0, -1):
        part = " ".join(parts[:end])
        made = Text((Span(name + colon(name, part), Style.STRONG), *said(part)))
        if part.count("$") % 2 == 0 and _length(made.text) <= room:
            return (made,)
    return ()


def _chosen(analysis: Analysis, lang: Lang, room: int) -> dict[Aspect, list[Inline]]:
    """The items of each kind for which there is room. Of steps, none behind a missing one."""
    left = {aspect: _items(analysis, aspect, lang) for aspect in _ORDER}
    chosen: dict[Aspect, list[Inline]] = {aspect: [] for aspect in left}
    for aspect in _ORDER:
        if not left[aspect]:
            continue
        item = left[aspect].pop(0)
        head, kinds, _ = next(group for group in _GROUPS if aspect in group[1])
        is_first = not any(chosen[kind] for kind in kinds)
        cost = _length(item) + _MARK + (len(say(head, lang)) + _AROUND) * is_first
        if cost <= room:
            chosen[aspect].append(item)
            room -= cost
        elif aspect is Aspect.STEPS:
            left[aspect].clear()
    return chosen


def _items(analysis: Analysis, aspect: Aspect, lang: Lang) -> list[Inline]:
    lines = [line for claim in analysis.claims.get(aspect, ()) if (line := short_line(claim))]
    if aspect is not Aspect.INFERRED_LIMITS:
        return lines
    mark = Span(say("analysis.inferred", lang), Style.FAINT)
    return [(*line, mark) for line in lines]


def _told(items: dict[Aspect, list[Inline]], lang: Lang) -> Iterator[Block]:
    for head, kinds, start in _GROUPS:
        lines = tuple(line for kind in kinds for line in items[kind])
        if lines:
            yield Heading(plain(say(head, lang)), level=2)
            yield Bullets(lines, start)


def _length(text: Inline) -> int:
    return sum(len(span.text) for span in text) + _AROUND
