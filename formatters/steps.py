"""A document step by step and its spans in part, as the messengers' renderers read them. Pure.

What a platform makes of a step is its own renderer's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from formatters.document import Block, Inline, Lead, PaperCard, Span, Style, Text

_FIRST_WIDE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper of a list."""

    lead: Lead
    card: PaperCard


Step = Block | Entry


def steps(blocks: Iterable[Block]) -> Iterator[Step]:
    """The blocks, each lead together with the card under it."""
    lead: Lead | None = None
    for block in blocks:
        if lead is not None and isinstance(block, PaperCard):
            yield Entry(lead, block)
            lead = None
            continue
        if lead is not None:
            yield lead
        lead = block if isinstance(block, Lead) else None
        if lead is None:
            yield block
    if lead is not None:
        yield lead


def is_all(step: Step | None, style: Style) -> bool:
    """Whether it is a paragraph in one style."""
    return isinstance(step, Text) and all(span.style is style for span in step.text)


def bold(text: Inline) -> Inline:
    """The text, with what is plain in it set strong."""
    return tuple(
        replace(span, style=Style.STRONG) if span.style is Style.PLAIN else span for span in text
    )


def stretch(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """The spans' text from `start` to `end`."""
    cut = []
    for span in spans:
        if text := span.text[max(0, start) : max(0, end)]:
            cut.append(span if text == span.text else replace(span, text=text))
        start -= len(span.text)
        end -= len(span.text)
    return cut


def colon(name: str, said: str) -> str:
    """What stands between a name and what is said of it: a wide one beside Chinese."""
    return "：" if max(name[-1:], said[:1]) >= _FIRST_WIDE else ": "
