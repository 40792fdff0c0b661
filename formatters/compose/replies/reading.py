"""What /digest, /more and /paper answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.cards import Frame, card
from formatters.compose.digest import counts_line, empty_line, lead, pages, why
from formatters.compose.morning import Morning
from formatters.compose.replies.words import button, date_words, faint
from formatters.document import (
    Block,
    Button,
    Buttons,
    Document,
    Lead,
    PaperCard,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from storage.models import Digest, DigestItem, Lang, Paper, PaperId, Summary


@dataclass(frozen=True, slots=True)
class LeftOvers:
    """A page of what a digest left over."""

    digest: Digest
    start: int
    """How many left-overs come before this page."""
    size: int

    @property
    def all(self) -> tuple[DigestItem, ...]:
        """Everything that the digest left over, in its order."""
        return tuple(item for item in self.digest.items if not item.shown)

    @property
    def items(self) -> tuple[DigestItem, ...]:
        """What is on this page; nothing behind the last one."""
        return self.all[self.start : self.start + self.size]

    @property
    def left(self) -> int:
        """How many follow after this page."""
        return max(0, len(self.all) - self.start - self.size)

    @property
    def before(self) -> int | None:
        """Where the page before this one starts, if there is one."""
        return max(0, self.start - self.size) if self.start else None

    @property
    def after(self) -> int | None:
        """Where the next page starts, if there is one."""
        return self.start + self.size if self.left else None

    def number(self, index: int) -> int:
        """A left-over's number in its digest: those that were shown are counted first."""
        return len(self.digest.items) - len(self.all) + index + 1


@dataclass(frozen=True, slots=True)
class Page:
    """A page of left-overs with all that it shows."""

    page: LeftOvers
    sections: Sequence[str]
    """Topic names as the chat reads them."""
    papers: Mapping[PaperId, Paper]
    summaries: Mapping[PaperId, Summary]


def digest(morning: Morning, frame: Frame) -> Document:
    """A digest that was asked for, cards and all; an empty one says why."""
    if not morning.digest.items:
        lang = frame.lang
        reason = Text(plain(empty_line(morning.digest, lang)))
        return Document((reason, Text(plain(counts_line(morning.digest, lang)))))
    made = pages(morning, frame)
    cards = tuple(
        block
        for above, paper in made.leads
        for block in _with_card(above, morning.papers[paper], morning.summaries, frame)
    )
    return made.overview + Document(cards) + made.tail


def more(found: Page, frame: Frame) -> Document:
    """Papers that a digest left over, how many follow, and the ways to the pages beside it."""
    page, lang = found.page, frame.lang
    day = date_words(page.digest.local_date, lang)
    blocks: list[Block] = [Title(plain(say("more.title", lang, date=day)))] if page.items else []
    for number, item in enumerate(page.items, page.number(page.start)):
        if item.paper in found.papers:
            above = lead(number, item, found.sections, lang)
            blocks.extend(_with_card(above, found.papers[item.paper], found.summaries, frame))
    if page.left:
        blocks.append(faint("more.left", lang, n=page.left))
    else:
        blocks.append(faint("more.end", lang, date=day))
    turns = _page_turns(page)
    return Document((*blocks, Buttons(turns)) if turns else tuple(blocks))


def paper(found: Paper, summary: Summary | None, held: Digest | None, frame: Frame) -> Document:
    """One paper's card with its abstract; `held` is the digest that it came with.

    From there it has the reasons, and the ways to the papers beside it.
    """
    blocks: list[Block] = [card(found, summary, frame, with_abstract=True)]
    turns: tuple[Button, ...] = ()
    if held is not None:
        order = sorted(held.items, key=lambda item: not item.shown)
        place = next(n for n, item in enumerate(order) if item.paper == found.id)
        reasons = why(order[place], frame.lang)
        blocks.extend([Text((Span(reasons, Style.FAINT),))] if reasons else [])
        turns = _neighbours(order, place)
    blocks.append(Buttons(paper_buttons(found.id, frame.lang)))
    return Document((*blocks, Buttons(turns)) if turns else tuple(blocks))


def paper_buttons(paper: PaperId, lang: Lang) -> tuple[Button, ...]:
    """What a reader may do with a paper."""
    return (
        button("save", f"/save {paper}", lang),
        button("up", f"/up {paper}", lang),
        button("down", f"/down {paper}", lang),
    )


def _with_card(
    above: Lead, paper: Paper, summaries: Mapping[PaperId, Summary], frame: Frame
) -> tuple[Lead, PaperCard]:
    return above, card(paper, summaries.get(paper.id), frame)


def _page_turns(page: LeftOvers) -> tuple[Button, ...]:
    """The pages beside this one, by the numbers of their papers."""
    turns: list[Button] = []
    for start, label in ((page.before, "◀ {}"), (page.after, "{} ▶")):
        if start is not None:
            first = page.number(start)
            last = min(first + page.size - 1, len(page.digest.items))
            numbers = f"{first}–{last}" if last > first else str(first)
            command = f"/more {page.all[start].paper}"
            turns.append(Button(label.format(numbers), command, turns=True))
    return tuple(turns)


def _neighbours(order: Sequence[DigestItem], place: int) -> tuple[Button, ...]:
    """The papers before and behind the one at this place, by their numbers in the digest."""
    turns: list[Button] = []
    if place > 0:
        turns.append(Button(f"◀ {place}", f"/paper {order[place - 1].paper}", turns=True))
    if place + 1 < len(order):
        turns.append(Button(f"{place + 2} ▶", f"/paper {order[place + 1].paper}", turns=True))
    return tuple(turns)
