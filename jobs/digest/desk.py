"""What digests are made with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jobs.ports import Clock, Renderer, Summarizer
from storage.database import Database
from storage.models import Lang, Platform, Topic


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
