"""Papers: alone all that is known of them, in a list under their number."""

from collections.abc import Iterator
from enum import IntEnum

from formatters.catalogue import say
from formatters.compose.replies.reading import paper_buttons
from formatters.document import Button, Lead, PaperCard, Span, Style, plain
from formatters.slack.blocks import Faint, Rich, Row, Strip
from formatters.slack.elements import address, one_line, words
from formatters.slack.lines import Line, Shape, lines, listed
from formatters.steps import colon
from storage.models import Lang, PaperId

_WARNING = "⚠️ "
_BETWEEN = " · "


class Detail(IntEnum):
    """How much is said of each paper in a list."""

    WHOLE = 0
    SHORT = 1
    """Without findings and abstract, which are a tap away."""
    TITLES = 2


def alone(card: PaperCard) -> list[Strip]:
    """A paper that stands alone."""
    beneath = _remarks(card.byline, card.label)
    said = (*_summary(card), *_findings(card), *_abstract(card), *_links(card))
    return [Rich((*_title(card), *_below_title(card))), beneath, Rich(said)]


def entry(lead: Lead, card: PaperCard, detail: Detail, lang: Lang) -> list[Strip]:
    """A paper in a list, with its buttons."""
    number = Span(f"{lead.number}. ", Style.STRONG)
    if detail is Detail.TITLES:
        return [Rich(_title(card, number))]
    said = (*_summary(card), *_links(card))
    if detail is Detail.WHOLE:
        said = (*_summary(card), *_findings(card), *_abstract(card), *_links(card))
    return [
        Rich((*_title(card, number), *_below_title(card))),
        _remarks(words(lead.text), lead.why, card.byline, card.label),
        Rich(said),
        Row(card_buttons(PaperId(card.paper), lang)),
    ]


def lead_line(lead: Lead) -> Faint:
    """The line above a card that stands in a post of its own."""
    return _remarks(f"{lead.number}. {words(lead.text)}", lead.why)


def card_buttons(paper: PaperId, lang: Lang) -> tuple[Button, ...]:
    """What a reader may do with a paper, and the way to its abstract."""
    return (*paper_buttons(paper, lang), Button(say("slack.abstract", lang), f"/paper {paper}"))


def title_of(card: PaperCard) -> str:
    """A paper's title; Slack wants some word."""
    return one_line(card.title) or one_line(card.paper) or "…"


def _title(card: PaperCard, *before: Span) -> tuple[Line, ...]:
    return lines((*before, Span(title_of(card), Style.STRONG, card.href)))


def _below_title(card: PaperCard) -> Iterator[Line]:
    yield from _line(card.translated_title)
    if notice := one_line(card.notice or ""):
        yield from _line(_WARNING + notice, Style.STRONG)


def _remarks(*parts: str | None) -> Faint:
    said = [one_line(part or "") for part in parts]
    return Faint((_BETWEEN.join(part for part in said if part),))


def _summary(card: PaperCard) -> tuple[Line, ...]:
    """The summary behind what it is called."""
    tldr, label = one_line(card.tldr), one_line(card.tldr_label)
    if not tldr or not label:
        return _line(tldr)
    return lines((Span(label, Style.STRONG), Span(colon(label, tldr) + tldr)))


def _findings(card: PaperCard) -> Iterator[Line]:
    return listed((plain(one_line(found)) for found in card.findings), None)


def _abstract(card: PaperCard) -> tuple[Line, ...]:
    return lines(plain(one_line(card.abstract or "")), Shape.QUOTE)


def _links(card: PaperCard) -> tuple[Line, ...]:
    """Where to read on; an address that is none is left out."""
    spans: list[Span] = []
    for label, href in card.links:
        name = one_line(label)
        if name and address(href):
            spans += [Span(_BETWEEN)] * bool(spans)
            spans.append(Span(name, href=href))
    return lines(tuple(spans))


def _line(text: str | None, style: Style = Style.PLAIN) -> tuple[Line, ...]:
    return lines((Span(one_line(text or ""), style),))
