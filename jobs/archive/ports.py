"""What keeping the archive asks of the world: what it shows, where it goes, what else it holds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from formatters.archive.entries import ArchivedTopic, Entry
from storage.models import Lang

Entries = Mapping[Lang, Sequence[Entry]]
"""The same papers with what is said of them in each language."""


class Folder(Protocol):
    """Where the archive goes. Every method raises UserError, naming the file."""

    def read(self, path: str) -> str | None:
        """A file's text; None where there is none."""
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

    async def marks(self) -> Mapping[date, str]:
        """Every day that something was announced on, with what names all that is known of it."""
        ...

    async def entries(self, topics: Sequence[ArchivedTopic], first: date, last: date) -> Entries:
        """The papers of a span that are in one of these, oldest day first.

        Each paper on one day alone, the same ones in each language.
        """
        ...


class Formats(Protocol):
    """What else is made of the papers, beside the site: path → text."""

    def __call__(
        self, day: date, entries: Entries, topics: Sequence[ArchivedTopic], /
    ) -> Mapping[str, str]:
        """The files of one day."""
        ...

    def of_span(
        self, first: date, last: date, entries: Entries, topics: Sequence[ArchivedTopic], /
    ) -> Mapping[str, str]:
        """The files of a span of days."""
        ...
