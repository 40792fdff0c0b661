"""Papers: one alone as a whole card, one in a list as a few lines under its number."""

import re
from enum import IntEnum
from functools import lru_cache

from formatters.document import Inline, PaperCard, Span, Style
from formatters.steps import colon
from formatters.telegram.atoms import BLANK, BREAK, QUOTE, Atom, Passage, Spare
from formatters.telegram.lines import behind, by_sentence, line, marked
from formatters.telegram.markup import address, one_line
from formatters.text.clauses import cut_at_clause

SHORT_TLDR = 120
"""Signs of a summary where room is short."""
MOST_CATEGORIES = 3
WARNING = "⚠️ "
BETWEEN = " · "
_ID_OR_DAY = re.compile(r"arXiv:\S+|\d{4}-\d\d-\d\d")


class Detail(IntEnum):
    """How much is said of each paper."""

    WHOLE = 0
    SHORT = 1
    TITLES = 2


def whole_card(card: PaperCard, detail: Detail) -> Passage:
    """A paper that stands alone: all that its card says, the abstract folded.

    Where room is short, without those findings that the abstract says in the same words.
    """
    abstract = one_line(card.abstract or "")
    findings = [found for found in map(one_line, card.findings) if found]
    if detail is not Detail.WHOLE:
        findings = [found for found in findings if found not in abstract]
    atoms = [
        *line(_title(card), foreign=True),
        *_said(card.translated_title),
        *_said(card.byline, Style.FAINT),
        *_said(card.label, Style.FAINT),
        *_notice(card),
        *_summary(card),
    ]
    for number, found in enumerate(findings):
        atoms += marked("• ", (Span(found),), BREAK if number else BLANK, foreign=True)
    folded = _folded(abstract, detail)
    spare = Spare(len(atoms), len(atoms) + len(folded), rank=0, counted=False)
    atoms += [*folded, *_links(card, BLANK)]
    return Passage(tuple(atoms), spare=spare if folded else None)


def entry(number: int, lead: Inline, card: PaperCard, detail: Detail) -> tuple[Atom, ...]:
    """A paper in a list, under its number."""
    return behind(f"{number}. ", _entry(lead, card, detail))


@lru_cache(maxsize=1 << 12)
def _entry(lead: Inline, card: PaperCard, detail: Detail) -> tuple[Atom, ...]:
    """What a list says of a paper; remembered, since a morning lists it in many chats."""
    if detail is Detail.TITLES:
        return line(_title(card), BREAK, foreign=True)
    tldr = one_line(card.tldr)
    if detail is Detail.SHORT:
        tldr = cut_at_clause(tldr, SHORT_TLDR)
    return (
        *line(_title(card), foreign=True),
        *_said(card.translated_title),
        *line(_beneath(lead, card), BREAK, foreign=True),
        *_notice(card),
        *_said(tldr),
        *_links(card, BREAK),
    )


def _folded(abstract: str, detail: Detail) -> tuple[Atom, ...]:
    """The abstract, where room is short by sentences."""
    if detail is Detail.WHOLE:
        return line((Span(abstract),), BLANK, QUOTE, foreign=True)
    return by_sentence(abstract, BLANK, QUOTE)


def _title(card: PaperCard) -> Inline:
    text = one_line(card.title) or one_line(card.paper) or "…"
    return (Span(text, Style.STRONG, card.href),)


def _beneath(lead: Inline, card: PaperCard) -> Inline:
    """How it was announced and for which topic, by whom, and where it belongs."""
    about = [part for part in (one_line(card.byline), _categories(card.label)) if part]
    if all(span.style is Style.PLAIN and not span.href for span in lead):
        announced = one_line("".join(span.text for span in lead))
        return (Span(BETWEEN.join([announced, *about] if announced else about), Style.FAINT),)
    return (*lead, Span("".join(BETWEEN + part for part in about), Style.FAINT))


def _categories(label: str) -> str:
    """What a card's label says beside the id and the day, kept short."""
    parts = [part for part in one_line(label).split(BETWEEN) if not _ID_OR_DAY.fullmatch(part)]
    names = BETWEEN.join(parts).split(", ")
    more = " …" if len(names) > MOST_CATEGORIES else ""
    return ", ".join(names[:MOST_CATEGORIES]) + more


def _said(text: str | None, style: Style = Style.PLAIN) -> tuple[Atom, ...]:
    return line((Span(one_line(text or ""), style),), BREAK, foreign=True)


def _notice(card: PaperCard) -> tuple[Atom, ...]:
    notice = one_line(card.notice or "")
    return _said(WARNING + notice, Style.STRONG) if notice else ()


def _summary(card: PaperCard) -> tuple[Atom, ...]:
    """The summary behind what it is called."""
    tldr, label = one_line(card.tldr), one_line(card.tldr_label)
    if not tldr:
        return ()
    named = (Span(label, Style.STRONG), Span(colon(label, tldr) + tldr)) if label else (Span(tldr),)
    return line(named, foreign=True)


def _links(card: PaperCard, gap: str) -> tuple[Atom, ...]:
    """Where to read on; an address that is none is left out."""
    spans: list[Span] = []
    for label, href in card.links:
        name = one_line(label)
        if name and address(href):
            spans += [Span(BETWEEN)] * bool(spans)
            spans.append(Span(name, href=href))
    return line(tuple(spans), gap, foreign=True)
