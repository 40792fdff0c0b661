"""A chat's morning: what was shown, what is left over, and why."""

from dataclasses import dataclass, field
from datetime import date
from typing import NewType

from storage.models.chats import ChatKey
from storage.models.papers import AnnounceType, PaperId
from storage.models.runs import RunState

DigestKey = NewType("DigestKey", int)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a morning's papers in one digest; announced ≥ matched ≥ the rest's sum."""

    announced: int = 0
    matched: int = 0
    """Distinct papers of at least one section, whatever became of them."""
    already_sent: int = 0
    shown: int = 0
    left_over: int = 0
    """Listed as titles; `/more` shows them."""


@dataclass(frozen=True, slots=True)
class DigestItem:
    """A paper's place in a digest; stored so that `/more` and `/digest` can show it again."""

    paper: PaperId
    version: int
    kind: AnnounceType
    """Relative to the topic of its section."""
    section: int
    also: tuple[int, ...] = ()
    """Other sections that it matched."""
    reasons: tuple[str, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """One chat's morning: what was shown, what is left over, and why."""

    chat: ChatKey
    slot: str
    """`When.key`, and the subscription's key behind it for a split one."""
    local_date: date
    days: tuple[date, ...]
    """Announcement days covered (US Eastern), oldest first."""
    counts: Counts
    state: RunState
    cause: str
    sections: tuple[str, ...]
    """Topic texts."""
    covered_from: int = 0
    """Announcements after this sequence number were looked at."""
    items: tuple[DigestItem, ...] = field(default=())
    key: DigestKey | None = None
