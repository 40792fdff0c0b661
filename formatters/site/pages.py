"""The site's pages but for the topics': each function gives one file's whole text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from formatters.archive.entries import ArchivedTopic, Entry
from formatters.catalogue import say
from formatters.compose.digest import day_name
from formatters.html import LANG_TAGS
from formatters.site.analysis import analysis_view
from formatters.site.contents import Site
from formatters.site.items import (
    Link,
    abstract,
    authors,
    item,
    links,
    one_line,
    topics_of,
)
from formatters.site.listings import by_topic, listing
from formatters.site.paths import (
    MANIFEST,
    ROOT,
    day_path,
    feed_path,
    index_path,
    month_of,
    paper_path,
    search_path,
    topic_path,
)
from formatters.site.shell import month_name, page
from formatters.text import readable
from formatters.text.addresses import first_doi
from storage.models import Lang

DESCRIBED = 200
"""Characters with which a page describes itself to who links to it."""


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic on the front page."""

    name: str
    path: str
    feed: str
    papers: int
    """In all."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day on the front page."""

    name: str
    iso: str
    path: str
    papers: int


@dataclass(frozen=True, slots=True)
class MonthOfDays:
    """A month on the front page."""

    name: str
    days: tuple[DayLine, ...]


def root_page(site: Site) -> str:
    """The first page: it leads to both languages and chooses none."""
    languages = [
        (LANG_TAGS[lang], Link(say(f"lang.{lang}", lang), index_path(lang))) for lang in Lang
    ]
    return page("root.html", ROOT, Lang.EN, site, languages=languages)


def index_page(lang: Lang, site: Site) -> str:
    """The front page of a language: its topics, and every day."""
    return page(
        "index.html",
        index_path(lang),
        lang,
        site,
        topics=[_topic_line(topic, lang, site) for topic in site.topics],
        months=[
            MonthOfDays(month_name(month, lang), tuple(_day_line(day, lang, site) for day in days))
            for month, days in groupby(site.newest_first, key=month_of)
        ],
        papers=sum(tally.papers for tally in site.days.values()),
    )


def search_page(lang: Lang, site: Site) -> str:
    """The page that searches, without any server."""
    return page("search.html", search_path(lang), lang, site, manifest=MANIFEST)


def day_page(day: date, entries: Sequence[Entry], lang: Lang, site: Site) -> str:
    """What was announced on one day, each paper once, under the first of its topics."""
    path = day_path(lang, day)
    older = max((known for known in site.days if known < day), default=None)
    groups = by_topic([item(e, lang, site, with_abstract=True) for e in entries], lang, site)
    return page(
        "day.html",
        path,
        lang,
        site,
        day=day,
        title=day_name(day, lang),
        groups=groups,
        listing=listing(path, groups, lang, tags=True),
        papers=len(entries),
        older=Link(day_name(older, lang), day_path(lang, older)) if older else None,
    )


def paper_page(entry: Entry, lang: Lang, site: Site) -> str:
    """One paper: metadata, summary, findings, abstract, analysis, links; no full text."""
    paper, summary, shown = entry.paper, entry.summary, abstract(entry)
    return page(
        "paper.html",
        paper_path(lang, paper.id),
        lang,
        site,
        paper=paper,
        item=item(entry, lang, site),
        authors=authors(paper),
        comment=readable(paper.comment or ""),
        journal=readable(paper.journal_ref or ""),
        doi=first_doi(paper.doi),
        day=Link(day_name(entry.day, lang), day_path(lang, entry.day)),
        topics=[
            Link(one_line(topic.name(lang)), topic_path(lang, topic.slug))
            for topic in topics_of(entry, site)
        ],
        findings=[one_line(finding) for finding in summary.findings] if summary else [],
        abstract=shown,
        original=readable(paper.abstract) if shown.lang != LANG_TAGS[Lang.EN] else "",
        analysis=analysis_view(entry, lang, site.arxiv),
        links=list(links(entry, lang, site)),
        description=readable(paper.abstract)[:DESCRIBED],
        pdf=f"{site.arxiv}/pdf/{paper.id}v{paper.version}",
    )


def _topic_line(topic: ArchivedTopic, lang: Lang, site: Site) -> TopicLine:
    return TopicLine(
        name=one_line(topic.name(lang)),
        path=topic_path(lang, topic.slug),
        feed=feed_path(lang, topic.slug),
        papers=sum(tally.topics.get(topic.slug, 0) for tally in site.days.values()),
    )


def _day_line(day: date, lang: Lang, site: Site) -> DayLine:
    weekday = say(f"weekday.d{day.weekday()}", lang)
    name = say("site.day", lang, day=day.day, weekday=weekday)
    return DayLine(name, day.isoformat(), day_path(lang, day), site.days[day].papers)
