"""A chat's morning as a document: overview, one lead per shown paper, the left-over titles."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from formatters.catalogue import say
from formatters.compose.cards import BUILT_IN, Frame, engine_name, kind_label
from formatters.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Inline,
    Lead,
    PaperCard,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.text import readable, truncate
from storage.models import Digest, DigestItem, Lang, Paper, PaperId, RunState, Summary

MOST_TITLES = 20
"""Left-over titles that a digest lists; the rest is counted and behind /more."""
THEME_TITLE = 48
THEME_PAPERS = 3
"""Papers that a theme names; its count says how many there are."""
LATE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Highlights:
    """What stands out in a digest, by phrase."""

    themes: tuple[tuple[str, tuple[PaperId, ...]], ...] = ()
    """Phrases with the papers that share them."""
    rising: tuple[str, ...] = ()
    """Phrases that are clearly more frequent than in the weeks before."""


@dataclass(frozen=True, slots=True)
class Morning:
    """All that a digest's document is made of."""

    digest: Digest
    sections: tuple[str, ...]
    """Topic names as the chat reads them, in the digest's order."""
    papers: Mapping[PaperId, Paper]
    summaries: Mapping[PaperId, Summary]
    highlights: Highlights
    late: timedelta = timedelta(0)
    """How much later than usual arXiv announced."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A digest ready for a platform: the cards between the leads are shared, so not in it."""

    overview: Document
    leads: tuple[tuple[Lead, PaperId], ...]
    tail: Document
    lang: Lang
    more: PaperId | None = None
    """The first of the left-over papers."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A card that many digests show, and the name under which its rendering is shared."""

    name: str
    card: PaperCard


def pages(morning: Morning, frame: Frame) -> Pages:
    """The digest's document. Pure and cheap: it is made for every chat each morning."""
    items = [item for item in morning.digest.items if item.shown]
    leads = tuple(
        (lead(number, item, morning.sections, frame.lang), item.paper)
        for number, item in enumerate(items, 1)
    )
    rest = (item.paper for item in morning.digest.items if not item.shown)
    tail = _tail(morning, frame)
    return Pages(_overview(morning, frame), leads, tail, frame.lang, next(rest, None))


def lead(number: int, item: DigestItem, sections: Sequence[str], lang: Lang) -> Lead:
    """The line above a card: how it was announced, for which topic, and why it matched."""
    parts = [kind_label(item.kind, item.version, lang)]
    if len(sections) > 1:
        parts.append(sections[item.section])
    if item.also:
        names = say("digest.comma", lang).join(sections[index] for index in item.also)
        parts.append(say("digest.also", lang, topics=names))
    return Lead(number, plain(" · ".join(parts)), why(item, lang))


def why(item: DigestItem, lang: Lang) -> str | None:
    """The topic's words that a paper has."""
    if not item.reasons:
        return None
    return say("digest.matched_by", lang, reasons=", ".join(item.reasons))


def empty_line(digest: Digest, lang: Lang) -> str:
    """One line that says why a morning brought nothing."""
    if digest.state is not RunState.FRESH:
        return say(f"cause.{digest.cause}", lang)
    if digest.counts.matched:
        return say("empty.all_sent", lang, n=digest.counts.matched)
    return say("empty.nothing_matched", lang, n=digest.counts.announced)


def day_name(day: date, lang: Lang) -> str:
    """A date as it is said: `Friday 16 October 2026`, `2026年10月16日 星期五`."""
    return say(
        "digest.date",
        lang,
        day=day.day,
        year=day.year,
        number=day.month,
        month=say(f"month.m{day.month}", lang),
        weekday=say(f"weekday.d{day.weekday()}", lang),
    )


def counts_line(digest: Digest, lang: Lang) -> str:
    """The counts that add up: announced → matched → already sent → shown → left over."""
    counts = digest.counts
    return say(
        "digest.counts",
        lang,
        announced=counts.announced,
        matched=counts.matched,
        already_sent=counts.already_sent,
        shown=counts.shown,
        left_over=counts.left_over,
    )


def lateness(late: timedelta, lang: Lang) -> str | None:
    """`arXiv was 1 h 40 min late`, or None when it was on time."""
    if late < LATE:
        return None
    hours, minutes = divmod(int(late.total_seconds()) // 60, 60)
    return say("digest.late", lang, hours=hours, minutes=minutes)


def _overview(morning: Morning, frame: Frame) -> Document:
    digest, lang = morning.digest, frame.lang
    blocks: list[Block] = [
        Title(plain(say("digest.title", lang, date=day_name(digest.local_date, lang)))),
        Text((Span(counts_line(digest, lang), Style.FAINT),)),
    ]
    blocks.extend(Text((Span(line, Style.FAINT),)) for line in _remarks(morning, lang))
    highlights = _highlights(morning, frame)
    if highlights:
        blocks.append(Heading(plain(say("digest.highlights", lang))))
        blocks.append(Bullets(tuple(highlights)))
    return Document(tuple(blocks))


def _remarks(morning: Morning, lang: Lang) -> list[str]:
    """Which days, how late, which topics: one line each where there is something to say."""
    digest, remarks = morning.digest, []
    if len(digest.days) > 1:
        remarks.append(
            say("digest.days", lang, n=len(digest.days), announced=digest.counts.announced)
        )
    elif digest.days and digest.days[0] != digest.local_date:
        remarks.append(say("digest.announced_on", lang, date=day_name(digest.days[0], lang)))
    late = lateness(morning.late, lang)
    if late:
        remarks.append(late)
    if len(morning.sections) > 1:
        sizes = Counter(index for item in digest.items for index in (item.section, *item.also))
        counts = [
            say("digest.section_count", lang, topic=name, papers=sizes[index])
            for index, name in enumerate(morning.sections)
        ]
        remarks.append(" · ".join(counts))
    return remarks


def _highlights(morning: Morning, frame: Frame) -> list[Inline]:
    lang = frame.lang
    lines: list[Inline] = [
        (
            Span(phrase, Style.STRONG),
            Span(say("digest.theme_count", lang, n=len(papers))),
            *_linked_titles([morning.papers[paper] for paper in papers[:THEME_PAPERS]], frame),
            *_and_more(len(papers) - THEME_PAPERS),
        )
        for phrase, papers in morning.highlights.themes
    ]
    if morning.highlights.rising:
        phrases = say("digest.comma", lang).join(morning.highlights.rising)
        lines.append((Span(say("digest.rising", lang, phrases=phrases)),))
    lines.extend(_read_first(morning, frame))
    return lines


def _read_first(morning: Morning, frame: Frame) -> list[Inline]:
    """The strongest match in a line of its own, with what it says."""
    shown = [item for item in morning.digest.items if item.shown]
    if not shown:
        return []
    paper = morning.papers[shown[0].paper]
    return [
        (
            Span(say("digest.read_first", frame.lang)),
            *_linked_titles([paper], frame, limit=90),
        )
    ]


def _linked_titles(papers: Sequence[Paper], frame: Frame, limit: int = THEME_TITLE) -> list[Span]:
    spans: list[Span] = []
    for paper in papers:
        if spans:
            spans.append(Span(say("digest.comma", frame.lang)))
        spans.append(Span(_short_title(paper, limit), href=f"{frame.site}/abs/{paper.id}"))
    return spans


def _and_more(more: int) -> list[Span]:
    return [Span(" …")] if more > 0 else []


def _short_title(paper: Paper, limit: int) -> str:
    """The name before a colon where it stands for the paper, else the title, cut if long."""
    title = readable(paper.title)
    name, colon, _ = title.partition(": ")
    short = colon and limit == THEME_TITLE and len(name) <= THEME_TITLE
    return truncate(name if short else title, limit)


def _tail(morning: Morning, frame: Frame) -> Document:
    digest, lang = morning.digest, frame.lang
    rest = [item for item in digest.items if not item.shown]
    blocks: list[Block] = []
    if rest:
        listed = rest[:MOST_TITLES]
        titles = tuple(_title_line(morning.papers[item.paper], frame) for item in listed)
        caption = say("digest.left_over", lang, n=len(rest))
        blocks.append(Titles(caption, titles, start=digest.counts.shown + 1))
        unlisted = len(rest) - len(listed)
        hint = "digest.more_unlisted" if unlisted else "digest.more"
        blocks.append(Text((Span(say(hint, lang, n=unlisted), Style.FAINT),)))
    if digest.counts.shown:
        shown = (item.paper for item in digest.items if item.shown)
        said = [morning.summaries[paper] for paper in shown if paper in morning.summaries]
        lines = _engine_lines(said, lang)
        blocks.extend(Text((Span(line, Style.FAINT),)) for line in lines)
    return Document(tuple(blocks))


def _engine_lines(summaries: Collection[Summary], lang: Lang) -> Iterator[str]:
    """Which engine wrote what: models by name, the built-in one where it stands in for them."""
    models = sorted({engine_name(s.engine) for s in summaries if s.engine != BUILT_IN})
    if models:
        names = say("digest.comma", lang).join(models)
        yield say("digest.engine_model", lang, models=names)
    instead = sum(s.fallback for s in summaries if s.engine == BUILT_IN)
    if instead:
        yield say("digest.engine_instead", lang, n=instead)
    elif not models:
        yield say("digest.engine_built_in", lang)


def _title_line(paper: Paper, frame: Frame) -> Inline:
    return (Span(readable(paper.title), href=f"{frame.site}/abs/{paper.id}"),)
