"""What stands out in a morning: what its papers share, what is new, what to read in full.

As a model wrote it where one did, else as it was counted.
"""

from collections.abc import Sequence

from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.compose.morning import Morning
from formatters.document import Block, Bullets, Heading, Inline, Span, Style, plain
from formatters.text import readable, truncate
from storage.models import Overview, Paper, PaperId

THEME_TITLE, READ_TITLE = 48, 90
COUNTED_PAPERS, WRITTEN_PAPERS = 3, 4
"""Papers that a theme names; a counted one says how many there are."""


def sections(morning: Morning, frame: Frame) -> list[Block]:
    """Lists with a heading each; none that is empty."""
    lang = frame.lang
    blocks: list[Block] = []
    for heading, lines in (
        (say("digest.highlights", lang), _highlights(morning, frame)),
        (say("digest.directions", lang), _directions(morning, frame)),
        (say("digest.reads", lang), _reads(morning, frame)),
    ):
        if lines:
            blocks += [Heading(plain(heading)), Bullets(tuple(lines))]
    return blocks


def _highlights(morning: Morning, frame: Frame) -> list[Inline]:
    """What the papers share, as a model or a count has it, and what is on the rise."""
    lang, said = frame.lang, morning.overview
    lines = _themes(morning, said, frame) if said and said.themes else _shared(morning, frame)
    if morning.highlights.rising:
        phrases = say("digest.comma", lang).join(morning.highlights.rising)
        lines.append((Span(say("digest.rising", lang, phrases=phrases)),))
    if said is None or not said.reads:
        lines.extend(_read_first(morning, frame))
    return lines


def _themes(morning: Morning, said: Overview, frame: Frame) -> list[Inline]:
    return [
        (
            Span(theme.name, Style.STRONG),
            Span(say("digest.theme_text", frame.lang, text=theme.text)),
            *_named(morning, theme.papers, WRITTEN_PAPERS, frame),
        )
        for theme in said.themes
    ]


def _shared(morning: Morning, frame: Frame) -> list[Inline]:
    """Phrases that several papers share."""
    return [
        (
            Span(phrase, Style.STRONG),
            Span(say("digest.theme_count", frame.lang, n=len(papers))),
            *_named(morning, papers, COUNTED_PAPERS, frame),
        )
        for phrase, papers in morning.highlights.themes
    ]


def _directions(morning: Morning, frame: Frame) -> list[Inline]:
    said = morning.overview.directions if morning.overview else ()
    return [
        (
            Span(say("digest.direction_text", frame.lang, text=direction.text)),
            *_named(morning, direction.papers, WRITTEN_PAPERS, frame),
        )
        for direction in said
    ]


def _reads(morning: Morning, frame: Frame) -> list[Inline]:
    said = morning.overview.reads if morning.overview else ()
    return [
        (
            *_linked_titles([morning.papers[read.paper]], frame, limit=READ_TITLE),
            Span(say("digest.read_reason", frame.lang, reason=read.reason)),
        )
        for read in said
    ]


def _read_first(morning: Morning, frame: Frame) -> list[Inline]:
    """The strongest match in a line of its own, with what it says."""
    shown = [item for item in morning.digest.items if item.shown]
    if not shown:
        return []
    paper = morning.papers[shown[0].paper]
    return [
        (
            Span(say("digest.read_first", frame.lang)),
            *_linked_titles([paper], frame, limit=READ_TITLE),
        )
    ]


def _named(morning: Morning, papers: Sequence[PaperId], most: int, frame: Frame) -> list[Span]:
    """The first papers by their short titles, and a sign where there are more."""
    spans = _linked_titles([morning.papers[paper] for paper in papers[:most]], frame)
    return [*spans, Span(" …")] if len(papers) > most else spans


def _linked_titles(papers: Sequence[Paper], frame: Frame, limit: int = THEME_TITLE) -> list[Span]:
    spans: list[Span] = []
    for paper in papers:
        if spans:
            spans.append(Span(say("digest.comma", frame.lang)))
        spans.append(Span(_short_title(paper, limit), href=f"{frame.site}/abs/{paper.id}"))
    return spans


def _short_title(paper: Paper, limit: int) -> str:
    """The name before a colon where it stands for the paper, else the title, cut if long."""
    title = readable(paper.title)
    name, colon, _ = title.partition(": ")
    short = colon and limit == THEME_TITLE and len(name) <= THEME_TITLE
    return truncate(name if short else title, limit)
