"""All that a digest's document is made of. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from storage.models import Digest, Overview, Paper, PaperId, Summary


@dataclass(frozen=True, slots=True)
class Highlights:
    """What stands out in a digest, by phrase."""

    themes: tuple[tuple[str, tuple[PaperId, ...]], ...] = ()
    """Phrases with the papers that share them."""
    rising: tuple[str, ...] = ()
    """Phrases that are clearly more frequent than in the weeks before."""


@dataclass(frozen=True, slots=True)
class Morning:
    """All that a digest's document is made of."""

    digest: Digest
    sections: tuple[str, ...]
    """Topic names as the chat reads them, in the digest's order."""
    papers: Mapping[PaperId, Paper]
    summaries: Mapping[PaperId, Summary]
    highlights: Highlights
    late: timedelta = timedelta(0)
    """How much later than usual arXiv announced."""
    overview: Overview | None = None
    """What a model says of all together; its themes and reads come before the counted ones."""
    archive: str = ""
    """The address of the newest day's page in the archive; empty: it has none."""
    budget_used_up: bool = False
    """For that, models did not say all that they might have."""
