"""Documents as passages: what should stay in one message, from top to bottom."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from formatters.document import (
    Bullets,
    Buttons,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Inline,
    Lead,
    PaperCard,
    Quote,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.grids import drawn, told
from formatters.slack.blocks import LONGEST_HEADER, Faint, Head, Rich, Row, Strip, joined
from formatters.slack.elements import one_line, words
from formatters.slack.lines import Line, Shape, fixed, lines, listed
from formatters.slack.papers import Detail, alone, entry, lead_line
from formatters.steps import Entry, Step, bold, colon, is_all, steps
from storage.models import Lang

Passage = tuple[Strip, ...]
_WIDE = 72
"""Columns of a fixed pitch that fit into a message."""


def passages(document: Document, detail: Detail, lang: Lang) -> list[Passage]:
    """The document's passages."""
    laid: list[Passage] = []
    before: Step | None = None
    for step in steps(document.blocks):
        strips = [strip for strip in _strips(step, detail, lang) if _says_something(strip)]
        if not strips:
            continue
        if laid and _stays(before, step):
            laid[-1] = together((*laid[-1], *strips))
        else:
            laid.append(together(strips))
        before = step
    return laid


def together(strips: Iterable[Strip]) -> Passage:
    """The strips, those that follow one of their kind as one with it."""
    made: list[Strip] = []
    for strip in strips:
        one = joined(made[-1], strip) if made else None
        if one is None:
            made.append(strip)
        else:
            made[-1] = one
    return tuple(made)


def _stays(before: Step | None, step: Step) -> bool:
    """Whether a step belongs to the one before it."""
    if isinstance(step, Buttons) or isinstance(before, Title | Heading | Lead):
        return True
    if is_all(step, Style.FAINT):
        return True
    if is_all(before, Style.STRONG) or is_all(before, Style.FAINT):
        return isinstance(step, Text | Bullets | Facts)
    return isinstance(before, Text) and isinstance(step, Bullets | Code)


def _says_something(strip: Strip) -> bool:
    match strip:
        case Head():
            return bool(strip.text)
        case Faint():
            return any(line.strip() for line in strip.lines)
        case Rich():
            return bool(strip.lines)
        case Row():
            return bool(strip.buttons)


def _strips(step: Step, detail: Detail, lang: Lang) -> list[Strip]:
    match step:
        case Entry():
            return entry(step.lead, step.card, detail, lang)
        case PaperCard():
            return alone(step)
        case _:
            return [_strip(step)]


def _strip(
    block: Title | Heading | Text | Bullets | Facts | Code | Grid | Quote | Lead | Titles | Buttons,
) -> Strip:
    made: Strip
    match block:
        case Title():
            made = _title(block)
        case Text():
            made = _text(block)
        case Lead():
            made = lead_line(block)
        case Buttons():
            made = Row(block.buttons)
        case _:
            made = Rich(tuple(_lines(block)))
    return made


def _lines(block: Heading | Bullets | Titles | Facts | Code | Grid | Quote) -> Iterator[Line]:
    match block:
        case Heading():
            yield from lines(bold(block.text))
        case Bullets():
            yield from listed(block.items, block.start)
        case Titles():
            yield from lines((Span(one_line(block.caption), Style.STRONG),))
            yield from listed(block.items, block.start)
        case Facts():
            for name, value in block.pairs:
                yield from lines(_fact(name, value))
        case Code():
            yield from fixed(block.text)
        case Grid():
            yield from _grid(block)
        case Quote():
            yield from lines(block.text, Shape.QUOTE)
            yield from lines(block.source, Shape.QUOTE)
        case _:
            assert_never(block)


def _grid(block: Grid) -> Iterator[Line]:
    """A table in a box under its caption; one that is too wide row by row."""
    yield from lines(block.caption)
    table = drawn(block, _WIDE)
    yield from listed(told(block), None) if table is None else fixed(table)


def _title(block: Title) -> Head | Rich:
    """The headline; one that is too long for that, or leads elsewhere, as a bold line."""
    text = one_line(words(block.text))
    if len(text) > LONGEST_HEADER or any(span.href for span in block.text):
        return Rich(lines(bold(block.text)))
    return Head(text)


def _text(block: Text) -> Faint | Rich:
    if is_all(block, Style.FAINT) and not any(span.href for span in block.text):
        return Faint((words(block.text),))
    return Rich(lines(block.text))


def _fact(name: str, value: Inline) -> Inline:
    called = one_line(name)
    if not called:
        return value
    said = value[0].text if value else ""
    return (Span(called, Style.STRONG), *plain(colon(called, said)), *value)
