"""What digests are made with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jobs.ports import Clock, Renderer, Summarizer
from storage.database import Database
from storage.errors import UserError
from storage.models import Lang, Platform, Topic
from storage.syntax import Or

NOTHING = Or(())
"""The tree that holds for no paper."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What digests are made with; built once by the composition root."""

    db: Database
    clock: Clock
    engines: Sequence[Summarizer]
    renderers: Mapping[Platform, Renderer]
    parse: Callable[[str], Topic]
    topic_name: Callable[[Topic, Lang], str]
    site: str
    archive: str = ""
    """Where the archive is served, without a stroke at its end; empty: nowhere."""

    def stored(self, text: str) -> Topic:
        """A subscription's topic, which was valid when it was stored.

        One that can't be read any more, its preset or category gone, finds nothing, so that
        it stops nobody else's morning.
        """
        try:
            return self.parse(text)
        except UserError:
            return Topic(text, NOTHING)
