"""What the archive is made of: papers with what is said of them, and the topics they are in."""

from dataclasses import dataclass
from datetime import date

from storage.models import Analysis, AnnounceType, Lang, Paper, Summary


@dataclass(frozen=True, slots=True)
class ArchivedTopic:
    """A topic that the archive shows."""

    slug: str
    """Names its files: lower-case ASCII letters, digits and hyphens; unique in the archive."""
    names: tuple[tuple[Lang, str], ...]
    """What it is called in each language."""
    query: str
    """What finds its papers, as it was given."""

    def name(self, lang: Lang) -> str:
        """What it is called in `lang`."""
        return dict(self.names)[lang]


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper on one day, with what is said of it in one language."""

    paper: Paper
    day: date
    """On which arXiv announced it, US Eastern."""
    kind: AnnounceType
    topics: tuple[str, ...] = ()
    """Slugs of the topics that it is in."""
    summary: Summary | None = None
    analysis: Analysis | None = None
    code: tuple[str, ...] = ()
    """Addresses of its code, best first."""
    project: tuple[str, ...] = ()
    """Addresses of its project pages."""
    phrases: tuple[str, ...] = ()
    """What it is about, the most telling first, where that is known already."""
