"""A chat's morning as a document: overview, one lead per shown paper, the left-over titles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from formatters.catalogue import say
from formatters.compose.cards import BUILT_IN, Frame, engine_name, kind_label
from formatters.compose.highlights import sections
from formatters.compose.morning import Morning
from formatters.document import (
    Block,
    Document,
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
from formatters.text import readable
from storage.models import Digest, DigestItem, Lang, Paper, PaperId, RunState

MOST_TITLES = 20
"""Left-over titles that a digest lists; the rest is counted and behind /more."""
LATE = timedelta(minutes=30)


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
    return Document((*blocks, *sections(morning, frame)))


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
        blocks.extend(Text((Span(line, Style.FAINT),)) for line in engine_lines(morning, lang))
    if morning.archive:
        blocks.append(Text((Span(say("digest.archive", lang), Style.FAINT, morning.archive),)))
    return Document(tuple(blocks))


def engine_lines(morning: Morning, lang: Lang) -> Iterator[str]:
    """Which engine wrote what: models by name, the built-in one where it stands in for them."""
    shown = (item.paper for item in morning.digest.items if item.shown)
    said = [morning.summaries[paper] for paper in shown if paper in morning.summaries]
    engines = [one.engine for one in said if one.engine != BUILT_IN]
    engines += [morning.overview.engine] if morning.overview else []
    models = sorted(set(map(engine_name, engines)))
    if models:
        names = say("digest.comma", lang).join(models)
        if morning.overview is None:
            yield say("digest.engine_model", lang, models=names)
        else:
            yield say("digest.engine_overview", lang, models=names)
    instead = sum(one.fallback for one in said if one.engine == BUILT_IN)
    if instead and morning.budget_used_up:
        yield say("digest.engine_budget", lang, n=instead)
    elif instead:
        yield say("digest.engine_instead", lang, n=instead)
    elif morning.budget_used_up:
        yield say("digest.engine_budget_overview", lang)
    elif not models:
        yield say("digest.engine_built_in", lang)


def _title_line(paper: Paper, frame: Frame) -> Inline:
    return (Span(readable(paper.title), href=f"{frame.site}/abs/{paper.id}"),)
