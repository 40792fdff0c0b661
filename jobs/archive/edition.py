"""The archive's files, made from entries and put into its folder.

Nothing is removed that was not written here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from formatters.archive.entries import ArchivedTopic
from formatters.site.contents import Site, Tally
from formatters.site.feeds import feed
from formatters.site.items import Item, item
from formatters.site.pages import (
    day_page,
    index_page,
    paper_page,
    root_page,
    search_page,
)
from formatters.site.paths import (
    MANIFEST,
    ROOT,
    STATIC,
    day_path,
    feed_path,
    index_path,
    month_of,
    paper_path,
    relative,
    search_path,
    shard_path,
    topic_path,
)
from formatters.site.shards import day_shards, listed_ids, manifest
from formatters.site.templating import static_files
from formatters.site.topic_pages import empty_topic_page, topic_pages
from jobs.archive.memory import FILE, Kept, Memory, months_of, relinked, remembered, told
from jobs.archive.ports import Entries, Folder, Formats, Selection
from storage.errors import UserError
from storage.models import Lang

Items = Mapping[Lang, Sequence[Item]]
"""Papers as they are listed in each language."""

_OURS = (
    '<meta name="generator" content="paperround">',
    "<generator>paperround<",
    "paperround.add(",
)


@dataclass(slots=True)
class Written:
    """What an update did."""

    days: int = 0
    files: list[str] = field(default_factory=list)
    """Paths of those that were written, but for the folder's memory."""
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive: what it shows, and where."""

    selection: Selection
    folder: Folder
    arxiv: str
    """arXiv's address, as in Site."""
    address: str = ""
    """Where the folder is served, as in Site."""
    formats: Formats | None = None
    give_way: Callable[[], None] = lambda: None
    """Called between the pages, see `Database.give_way`."""


class Edition:
    """The archive as one update leaves it: its days, and what was written. All of it blocks."""

    def __init__(self, archive: Archive, topics: Sequence[ArchivedTopic], memory: Memory) -> None:
        self.archive = archive
        self.topics = {topic.slug: topic for topic in topics}
        self.days = dict(memory.days)
        self.front = memory.front
        self.span = memory.span
        self.written = Written()

    @classmethod
    def begin(cls, archive: Archive, topics: Sequence[ArchivedTopic]) -> "Edition":
        """Read what the folder remembers, and take away the topics that it shows no more."""
        kept = archive.folder.read(FILE)
        first_page = archive.folder.read(ROOT)
        if kept is None and first_page is not None and not _is_ours(first_page):
            raise UserError("archive.foreign", file=ROOT)
        edition = cls(archive, topics, remembered(kept))
        for slug, months in months_of(edition.days).items():
            if slug not in edition.topics:
                edition.remove(path for lang in Lang for path in _topic_paths(lang, slug, months))
        return edition

    def make_day(self, day: date, mark: str, entries: Entries) -> None:
        """The day's page, its papers', what search knows of it, and the other formats."""
        former = self._listed(day)
        pieces = day_shards(day, entries[Lang.EN], entries[Lang.ZH])
        sizes = tuple(len(piece.encode()) for piece in pieces)
        papers = entries[Lang.EN]
        counts = {slug: sum(slug in entry.topics for entry in papers) for slug in self.topics}
        counts = {slug: n for slug, n in counts.items() if n}
        self.days[day] = Kept(mark, Tally(len(papers), counts, sizes))
        site = self.site()
        for lang, some in entries.items():
            for entry in some:
                self.write(paper_path(lang, entry.paper.id), paper_page(entry, lang, site))
                self.archive.give_way()
            self.write(day_path(lang, day), day_page(day, some, lang, site))
        if self.archive.formats is not None:
            for path, text in self.archive.formats(day, entries, site.topics).items():
                self.write(path, text)
        gone = former.difference(paper_path(lang, e.paper.id) for lang in Lang for e in papers)
        self._remove_pages(gone, day)
        for number, piece in enumerate(pieces, 1):
            self.write(shard_path(day, number), piece)
        self._remove_shards(day, len(pieces) + 1)
        self.written.days += 1

    def touched(self, before: Mapping[date, Kept], days: Iterable[date]) -> dict[str, list[str]]:
        """By month, the topics whose pages these days' papers or new links change."""
        changed = {
            (month_of(day), slug)
            for day in days
            for known in (before.get(day), self.days[day])
            if known is not None
            for slug in known.tally.topics
        }
        links = relinked(months_of(before), months_of(self.days))
        changed |= {(month, slug) for slug, month in links}
        found: dict[str, list[str]] = {}
        for month, slug in sorted(changed):
            if slug in self.topics:
                found.setdefault(month, []).append(slug)
        return found

    def items(self, entries: Entries) -> Items:
        """The entries as topics' pages list them."""
        site = self.site()
        return {lang: [item(entry, lang, site) for entry in some] for lang, some in entries.items()}

    def make_topic(self, slug: str, month: str, items: Items) -> None:
        """A topic's pages of one month; away with them where it has no paper any more."""
        site = self.site()
        there = month in site.months_of(slug)
        for lang, some in items.items():
            if not there:
                self.remove([topic_path(lang, slug, month)])
                continue
            for path, text in topic_pages(self.topics[slug], month, some, lang, site).items():
                self.write(path, text)
                self.archive.give_way()

    def make_front(self, recent: Entries, stamp: str) -> None:
        """Indexes, search, feeds, and what all pages share; `recent` are the last days' papers."""
        site = self.site()
        for lang, entries in recent.items():
            self.write(index_path(lang), index_page(lang, site))
            self.write(search_path(lang), search_page(lang, site))
            for topic in site.topics:
                self.write(feed_path(lang, topic.slug), feed(topic, entries, lang, site))
                if not site.months_of(topic.slug):
                    self.write(topic_path(lang, topic.slug), empty_topic_page(topic, lang, site))
            self.archive.give_way()
        self.write(MANIFEST, manifest(site))
        for name, text in static_files().items():
            self.write(f"{STATIC}/{name}", text)
        self.write(ROOT, root_page(site))
        self.remember(stamp)

    def make_span(self, first: date, last: date, entries: Entries) -> None:
        """The other formats of a span of days; those of a span before that are no more go."""
        topics, formats = list(self.topics.values()), self.archive.formats
        files = formats.of_span(first, last, entries, topics) if formats is not None else {}
        for path in set(self.span).difference(files):
            self.written.removed += self.archive.folder.remove(path)
        self.span = tuple(files)
        for path, text in files.items():
            self.write(path, text)

    def site(self) -> Site:
        """What all pages have in common, as far as it is made."""
        tallies = {day: kept.tally for day, kept in self.days.items()}
        topics = tuple(self.topics.values())
        return Site(self.archive.arxiv, self.archive.address, topics, tallies)

    def remember(self, front: str = "") -> None:
        """Let the folder know what is made; `front` as in Memory."""
        self.archive.folder.write(FILE, told(Memory(self.days, front, self.span)))

    def write(self, path: str, text: str) -> None:
        """Have a file hold this text."""
        if self.archive.folder.write(path, text):
            self.written.files.append(path)

    def remove(self, paths: Iterable[str]) -> None:
        """Take files away that were written here."""
        for path in paths:
            text = self.archive.folder.read(path)
            if text is not None and _is_ours(text):
                self.written.removed += self.archive.folder.remove(path)

    def _listed(self, day: date) -> set[str]:
        """The paths of the papers' pages that were made of this day."""
        known = self.days.get(day)
        pieces = len(known.tally.shards) if known else 0
        shards = (self.archive.folder.read(shard_path(day, n + 1)) for n in range(pieces))
        ids = [paper for shard in shards if shard for paper in listed_ids(shard)]
        return {paper_path(lang, paper) for lang in Lang for paper in ids}

    def _remove_pages(self, paths: Iterable[str], day: date) -> None:
        """Papers that left a day lose their pages, unless another day has them now."""
        for path in paths:
            text = self.archive.folder.read(path) or ""
            lang = Lang(path.partition("/")[0])
            if f'href="{relative(day_path(lang, day), path)}"' in text:
                self.remove([path])

    def _remove_shards(self, day: date, first: int) -> None:
        for number in count(first):
            if self.archive.folder.read(shard_path(day, number)) is None:
                return
            self.remove([shard_path(day, number)])


def _topic_paths(lang: Lang, slug: str, months: Sequence[str]) -> list[str]:
    pages = [topic_path(lang, slug, month) for month in (*months, "index")]
    return [*pages, feed_path(lang, slug)]


def _is_ours(text: str) -> bool:
    return any(sign in text for sign in _OURS)
