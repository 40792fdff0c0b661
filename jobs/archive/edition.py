"""One update of the archive's folder: what is there, what is to be made, what was written.

Nothing is removed that was not written here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from formatters.archive.entries import ArchivedTopic
from formatters.site.contents import Site, Tally
from formatters.site.paths import paper_path
from formatters.site.templating import form
from jobs.archive import clearing
from jobs.archive.memory import FILE, Memory, TopicMonth, due, months_of, relinked, remembered, told
from jobs.archive.ports import Entries, Folder, Formats, Planned, Selection
from storage.models import Lang, PaperId


@dataclass(slots=True)
class Written:
    """What an update did."""

    days: int = 0
    files: set[str] = field(default_factory=set)
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

    @property
    def form(self) -> str:
        """Names what every page depends on beside its papers."""
        return named(form(), self.arxiv, self.address)


class Edition:
    """The archive as one update leaves it: its days, and what was written. All of it blocks."""

    def __init__(
        self,
        archive: Archive,
        topics: Sequence[ArchivedTopic],
        planned: Mapping[date, Planned],
        memory: Memory,
    ) -> None:
        self.archive = archive
        self.form = archive.form
        self.topics = {topic.slug: topic for topic in topics}
        self.planned = planned
        self.memory = memory
        """As the update found it."""
        self.days = dict(memory.days)
        self.begun = dict(memory.begun)
        self.span = memory.span
        self.links = memory.links
        """Topics' months whose pages have to link otherwise than before."""
        self.tallies = {day: kept.tally for day, kept in memory.days.items()}
        """Of all days that there will be: pages link to what is still to be made."""
        self.afresh: set[date] = set()
        """Days of which all is made, whatever is remembered of it."""
        self.written = Written()

    @classmethod
    def begin(
        cls, archive: Archive, topics: Sequence[ArchivedTopic], planned: Mapping[date, Planned]
    ) -> "Edition":
        """Read what the folder remembers, and take away the topics that it shows no more.

        Raises UserError where a folder is new to the archive and holds files of others.
        """
        kept = archive.folder.read(FILE)
        if kept is None:
            places = [archive.formats.place] if archive.formats is not None else []
            clearing.refuse_others(archive.folder, *places)
        edition = cls(archive, topics, planned, remembered(kept))
        edition.remove(clearing.of_other_topics(archive.folder, edition.topics))
        if not edition.days:
            edition.remember()
            edition.remove(edition._forgotten())
        return edition

    @property
    def stamp(self) -> str:
        """Names what the files depend on that stand for all days, beside the days."""
        return named(self.form, *self.topics.values())

    def plan(self, only: Collection[date] | None = None, *, anew: bool = False) -> list[date]:
        """The days to be made, newest first: all that need it, or `only` those; `anew` for all."""
        days = due(self.memory, self.planned, self.form, only)
        if anew:
            days = sorted(set(only or self.planned).intersection(self.planned), reverse=True)
        for day in days:
            known, plan = self.days.get(day), self.planned[day]
            if anew or known is None or known.form != self.form or day in self.begun:
                self.afresh.add(day)
            shards = known.tally.shards if known else ()
            self.tallies[day] = Tally(len(plan.papers), plan.topics, shards)
        before = {day: kept.tally.topics for day, kept in self.memory.days.items()}
        after = {day: tally.topics for day, tally in self.tallies.items()}
        self.links = relinked(months_of(before), months_of(after), self.memory.links)
        return days

    def open(self, days: Iterable[date]) -> None:
        """Have the folder remember that these days are being made, before their first file."""
        for day in days:
            papers = (*self.begun.get(day, ()), *self.planned[day].papers)
            self.begun[day] = tuple(dict.fromkeys(papers))
        self.remember()

    def close(self, days: Iterable[date]) -> None:
        """They are made, and their topics' pages."""
        for day in days:
            del self.begun[day]

    def finish(self) -> None:
        """Take away pages of months that have no papers any more; all is as it was planned."""
        known: dict[date, Iterable[str]] = {day: plan.topics for day, plan in self.planned.items()}
        months = months_of(known | {day: tally.topics for day, tally in self.tallies.items()})
        self.remove(
            clearing.of_other_months(
                self.archive.folder, {slug: months.get(slug, ()) for slug in self.topics}
            )
        )
        self.remember(self.stamp)

    def site(self) -> Site:
        """What all pages have in common, as it will be."""
        return self._site(self.tallies)

    def made(self) -> Site:
        """What the front tells of: what is made."""
        return self._site({day: kept.tally for day, kept in self.days.items()})

    def known(self, entries: Entries) -> Entries:
        """Those that were there when the update began: what came since is for the next one."""
        return {
            lang: [entry for entry in some if entry.paper.id in self._papers(entry.day)]
            for lang, some in entries.items()
        }

    def text(self, path: str) -> str:
        """What a file holds; nothing where it is not there."""
        return self.archive.folder.read(path) or ""

    def remember(self, front: str = "") -> None:
        """Let the folder know what is made; `front` as in Memory."""
        links = frozenset[TopicMonth]() if front else self.links
        memory = Memory(self.days, front, self.span, self.begun, links)
        self.archive.folder.write(FILE, told(memory))

    def write(self, path: str, text: str) -> None:
        """Have a file hold this text."""
        if self.archive.folder.write(path, text):
            self.written.files.add(path)

    def remove(self, paths: Iterable[str]) -> None:
        """Take files away that were written here."""
        for path in paths:
            if clearing.is_ours(self.text(path)):
                self.written.removed += self.archive.folder.remove(path)

    def _site(self, tallies: Mapping[date, Tally]) -> Site:
        topics = tuple(self.topics.values())
        return Site(self.archive.arxiv, self.archive.address, topics, tallies)

    def _papers(self, day: date) -> Mapping[PaperId, str]:
        return self.planned[day].papers if day in self.planned else {}

    def _forgotten(self) -> Iterable[str]:
        """Pages of papers that nothing remembers, in topics that are shown no more."""
        papers = [paper for plan in self.planned.values() for paper in plan.papers]
        for lang in Lang:
            place = paper_path(lang, PaperId("any")).rpartition("/")[0]
            known = {paper_path(lang, paper) for paper in papers}
            yield from clearing.leading_elsewhere(self.archive.folder, place, known, self.topics)


def named(*what: object) -> str:
    """A short name of these things: another one where any of them differs."""
    return sha256(repr(what).encode()).hexdigest()[:12]
