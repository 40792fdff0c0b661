"""What keeping the archive asks of the world: what it shows, where it goes, what else it holds."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from formatters.archive.entries import ArchivedTopic, Entry
from storage.models import Lang, PaperId

Entries = Mapping[Lang, Sequence[Entry]]
"""The same papers with what is said of them in each language."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One day as the archive should show it."""

    papers: Mapping[PaperId, str]
    """Each paper with what names all that its pages are made of: its mark."""
    topics: Mapping[str, int]
    """Papers of each topic that has any, by slug."""


class Folder(Protocol):
    """Where the archive goes. Every method raises UserError, naming the file."""

    def read(self, path: str) -> str | None:
        """A file's text; None where there is none."""
        ...

    def paths(self, place: str) -> Sequence[str]:
        """The files under a path, in order; that path alone where it is a file itself."""
        ...

    def write(self, path: str, text: str) -> bool:
        """Have a file hold a text, whole or not at all; whether that changed it."""
        ...

    def remove(self, path: str) -> bool:
        """Take a file away; whether it was there."""
        ...


class Selection(Protocol):
    """What the archive shows."""

    async def topics(self) -> tuple[ArchivedTopic, ...]:
        """Its topics, in the order in which they are shown."""
        ...

    async def planned(self, topics: Sequence[ArchivedTopic]) -> Mapping[date, Planned]:
        """Every day that something was announced on, with what is in one of these topics."""
        ...

    async def entries(self, topics: Sequence[ArchivedTopic], first: date, last: date) -> Entries:
        """The papers of a span that are in one of these, oldest day first.

        Each paper on one day alone, the same ones in each language.
        """
        ...


@dataclass(frozen=True, slots=True)
class Former:
    """A day's files as they were made before, of the same papers."""

    read: Callable[[str], str | None] = lambda _: None
    """By their paths; None where one is not there."""
    unchanged: Collection[PaperId] = ()
    """Papers of which they say what they have to."""


class Formats(Protocol):
    """What else is made of the papers, beside the site: path and text of each file."""

    @property
    def place(self) -> str:
        """The folder that all of them stand in."""
        ...

    @property
    def span_place(self) -> str:
        """The folder of a span's files, within it."""
        ...

    def __call__(self, day: date, entries: Entries, former: Former, /) -> Iterable[tuple[str, str]]:
        """The files of one day."""
        ...

    def of_span(
        self, first: date, last: date, entries: Entries, topics: Sequence[ArchivedTopic], /
    ) -> Iterable[tuple[str, str]]:
        """The files of a span of days."""
        ...

    def is_of_span(self, text: str) -> bool:
        """Whether this is a topic's file of a span of days."""
        ...
