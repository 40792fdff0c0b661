"""Papers as arXiv describes and announces them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

PaperId = NewType("PaperId", str)
"""Canonical base id: `2602.06043` or `astro-ph/0601001`; no version, no subject class."""
_WITHDRAWN = re.compile(
    r"this (?:paper|submission|article|manuscript) has been withdrawn"
    r"|withdrawn by (?:the author|arxiv)",
    re.IGNORECASE,
)


class AnnounceType(StrEnum):
    """How arXiv announced a paper, in the words of its feed."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"

    @property
    def is_replacement(self) -> bool:
        """A new version of a paper that was announced before."""
        return self in (AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as arXiv describes it, in its newest version known here."""

    id: PaperId
    version: int
    title: str
    """One line; TeX and markup as arXiv has them."""
    abstract: str
    authors: tuple[str, ...]
    primary_category: str
    categories: tuple[str, ...]
    """The primary one first."""
    published: datetime | None = None
    """When version 1 was submitted, UTC."""
    updated: datetime | None = None
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    enriched: bool = True
    """False: the feed's own fields only; the full metadata is still to come."""

    @property
    def withdrawn(self) -> bool:
        """Told by arXiv's words alone; there is no flag (info.arxiv.org/help/withdraw)."""
        said = f"{self.comment or ''} {self.abstract}"
        return "withdrawn" in said.lower() and _WITHDRAWN.search(said) is not None


@dataclass(frozen=True, slots=True)
class Announced:
    """One paper in one day's announcement."""

    paper: Paper
    kind: AnnounceType
    """As the feed has it: relative to all the categories that were asked for."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper with what is derived from its text once, when it is stored."""

    paper: Paper
    title: str
    """Free of TeX, as it is searched."""
    abstract: str
    phrases: tuple[str, ...] = ()
    """Its keyphrases."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An announced paper that a digest may show."""

    seq: int
    """Place in the order in which announcements were learned."""
    row: int
    """The paper's key in the search index."""
    day: date
    """Announcement day, US Eastern."""
    kind: AnnounceType
    version: int
    """The version that was announced; the stored paper may be newer."""
    prepared: Prepared

    @property
    def paper(self) -> Paper:
        """The paper itself."""
        return self.prepared.paper


@dataclass(frozen=True, slots=True)
class Match:
    """One paper in one topic, with the reason."""

    paper: PaperId
    score: float
    """Higher is better; comparable within one topic only."""
    reasons: tuple[str, ...]
    """The topic's words that the paper has, as `ti: continual learning`."""
