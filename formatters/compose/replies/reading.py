"""What /digest, /more and /paper answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from formatters.catalogue import say
from formatters.compose.cards import Frame, card
from formatters.compose.digest import Morning, counts_line, empty_line, lead, pages
from formatters.compose.replies.words import button, date_words, faint, line
from formatters.document import (
    Block,
    Button,
    Buttons,
    Document,
    Lead,
    PaperCard,
    Text,
    Title,
    plain,
)
from storage.models import DigestItem, Lang, Paper, PaperId, Summary


@dataclass(frozen=True, slots=True)
class Page:
    """The next left-overs of a digest."""

    items: Sequence[DigestItem]
    sections: Sequence[str]
    papers: Mapping[PaperId, Paper]
    summaries: Mapping[PaperId, Summary]
    first: int
    """The number of the first one, counted through the digest."""
    left: int
    """How many still follow."""
    date: date


def digest(morning: Morning, frame: Frame) -> Document:
    """A digest that was asked for, cards and all; an empty one says why."""
    if not morning.digest.items:
        lang = frame.lang
        why = Text(plain(empty_line(morning.digest, lang)))
        return Document((why, Text(plain(counts_line(morning.digest, lang)))))
    made = pages(morning, frame)
    cards = tuple(
        block
        for above, paper in made.leads
        for block in _with_card(above, morning.papers[paper], morning.summaries, frame)
    )
    return made.overview + Document(cards) + made.tail


def more(page: Page, frame: Frame) -> Document:
    """Papers that the last digest left over, and whether there are more."""
    lang = frame.lang
    day = date_words(page.date, lang)
    if not page.items:
        return Document((line("more.end", lang, date=day),))
    blocks: list[Block] = [Title(plain(say("more.title", lang, date=day)))]
    for number, item in enumerate(page.items, page.first):
        above = lead(number, item, page.sections, lang)
        blocks.extend(_with_card(above, page.papers[item.paper], page.summaries, frame))
    if not page.left:
        return Document((*blocks, faint("more.end", lang, date=day)))
    blocks.append(faint("more.left", lang, n=page.left))
    return Document((*blocks, Buttons((button("more", "/more", lang),))))


def paper(found: Paper, summary: Summary | None, frame: Frame) -> Document:
    """One paper's card with its abstract."""
    return Document(
        (
            card(found, summary, frame, with_abstract=True),
            Buttons(paper_buttons(found.id, frame.lang)),
        )
    )


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
