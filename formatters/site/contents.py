"""What the archive holds, by day and topic: all that its index pages are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from formatters.archive.entries import ArchivedTopic
from formatters.site.paths import month_of


@dataclass(frozen=True, slots=True)
class Tally:
    """How much one day has."""

    papers: int
    topics: Mapping[str, int]
    """Papers of each topic that has any, by slug."""
    shards: tuple[int, ...]
    """Sizes in bytes of what search loads of it."""


@dataclass(frozen=True, slots=True)
class Site:
    """What all files of one archive have in common."""

    arxiv: str
    """arXiv's address or a mirror's, without a stroke at its end."""
    address: str
    """Where the archive is served, likewise; empty: not known."""
    topics: tuple[ArchivedTopic, ...]
    """In the order in which they are shown."""
    days: Mapping[date, Tally]

    @property
    def newest_first(self) -> list[date]:
        """The days, the newest one first."""
        return sorted(self.days, reverse=True)

    def months_of(self, slug: str) -> list[str]:
        """The months in which a topic has papers, newest first."""
        months = {month_of(day) for day, tally in self.days.items() if slug in tally.topics}
        return sorted(months, reverse=True)
