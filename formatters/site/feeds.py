"""A topic's Atom feed (RFC 4287). Its ids outlive a move of the archive to another address."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from formatters.archive.entries import ArchivedTopic, Entry
from formatters.html import LANG_TAGS
from formatters.site.contents import Site
from formatters.site.items import Item, Quoted, abstract, authors, item, one_line
from formatters.site.paths import feed_path, topic_path
from formatters.site.templating import render
from storage.models import Lang

MOST_ENTRIES = 100
MOST_AUTHORS = 20
ARXIV_TIME = ZoneInfo("America/New_York")
_NAMES = uuid5(NAMESPACE_URL, "paperround:archive")
"""What all ids are derived from; it must never change."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One paper in a feed."""

    id: UUID
    href: str
    updated: str
    item: Item
    summary: Quoted
    authors: tuple[str, ...]


def feed(topic: ArchivedTopic, entries: Sequence[Entry], lang: Lang, site: Site) -> str:
    """The newest of `entries` that are in the topic, newest day first."""
    own = _newest([entry for entry in entries if topic.slug in entry.topics])
    newest = own[0].day if own else max(site.days, default=date(1991, 8, 14))
    return render(
        "feed.xml",
        lang,
        tag=LANG_TAGS[lang],
        id=uuid5(_NAMES, f"feed {lang} {topic.slug}"),
        name=one_line(topic.name(lang)),
        updated=announced_at(newest),
        own=f"{site.address}/{feed_path(lang, topic.slug)}" if site.address else "",
        page=f"{site.address}/{topic_path(lang, topic.slug)}" if site.address else site.arxiv,
        entries=[_feed_entry(entry, lang, site) for entry in own],
    )


def _newest(entries: Sequence[Entry]) -> Sequence[Entry]:
    """All of the newest day, whatever their number; of the days before as many as fit."""
    days = Counter(entry.day for entry in entries)
    room = max(MOST_ENTRIES, days[max(days, default=date.min)])
    return sorted(entries, key=lambda entry: entry.day, reverse=True)[:room]


def announced_at(day: date) -> str:
    """The midnight, Eastern, with which arXiv's feed carries the day's papers (RFC 3339)."""
    return datetime.combine(day, time(), ARXIV_TIME).isoformat()


def _feed_entry(entry: Entry, lang: Lang, site: Site) -> FeedEntry:
    shown = item(entry, lang, site)
    there = f"{site.address}/{shown.path}" if site.address else f"{site.arxiv}/abs/{shown.id}"
    return FeedEntry(
        id=uuid5(_NAMES, f"paper {lang} {shown.id}"),
        href=there,
        updated=announced_at(entry.day),
        item=shown,
        summary=shown.tldr or abstract(entry),
        authors=authors(entry.paper)[:MOST_AUTHORS],
    )
