"""What paperround speaks of: frozen values that travel between all layers.

Pure: no I/O, no clock. Times are UTC-aware datetimes, days are plain dates in the zone
that the field's comment names, ids are arXiv base ids without a version.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType

from storage.syntax import Node

PaperId = NewType("PaperId", str)
"""Canonical base id: `2602.06043` or `astro-ph/0601001`; no version, no subject class."""
ChatKey = NewType("ChatKey", int)
SubscriptionKey = NewType("SubscriptionKey", int)
DigestKey = NewType("DigestKey", int)
PartKey = NewType("PartKey", int)
_WITHDRAWN = re.compile(
    r"this (?:paper|submission|article|manuscript) has been withdrawn"
    r"|withdrawn by (?:the author|arxiv)",
    re.IGNORECASE,
)


class Lang(StrEnum):
    """The languages of the interface; equals everywhere."""

    EN = "en"
    ZH = "zh"


class Platform(StrEnum):
    """Where a chat lives."""

    TERMINAL = "terminal"
    TELEGRAM = "telegram"
    SLACK = "slack"

    @property
    def has_threads(self) -> bool:
        """What belongs to a message can stand in a thread under it."""
        return self is Platform.SLACK


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
        return _WITHDRAWN.search(f"{self.comment or ''} {self.abstract}") is not None


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
class Topic:
    """What a chat subscribes to: the text as it was given and what it means."""

    text: str
    """Normalized; parses to `node` again. The key under which a topic is evaluated once."""
    node: Node
    preset: str | None = None
    """The preset's slug, where the text names one."""
    english: str | None = None
    """The English query that glossary words were turned into, where that happened."""
    default_categories: bool = False
    """True: the topic names no category and the configured ones were added to `node`."""


class Slot(StrEnum):
    """When a subscription is due."""

    FRESH = "fresh"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class When:
    """The hour of a subscription. Subscriptions of a chat with equal `When` share a digest."""

    slot: Slot
    tz: str
    """IANA zone."""
    at: time | None = None
    """Local time of day; None for fresh."""
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays, Monday is 0; weekly has exactly one."""

    @property
    def key(self) -> str:
        """Stable text of this slot: part of a digest's identity."""
        at = self.at.strftime("%H:%M") if self.at else "fresh"
        return f"{self.slot}|{at}|{self.tz}|{''.join(map(str, self.days))}"


@dataclass(frozen=True, slots=True)
class Chat:
    """A place that subscriptions belong to: a private chat, a group, a thread, a terminal."""

    key: ChatKey
    platform: Platform
    address: str
    """What the platform's adapter needs to reach it; unique within the platform."""
    lang: Lang
    tz: str
    length: int = 8
    """Papers shown in a digest."""
    notify_empty: bool = False
    window_opens: time = time(8, 30)
    window_closes: time = time(22, 0)
    """Fresh digests arrive within this local window."""
    parked: str | None = None
    """Why nothing can be sent here, or None."""
    thread: bool = True
    """A digest's cards stand in its thread, where there are threads; else it has none."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic of one chat."""

    key: SubscriptionKey
    chat: ChatKey
    topic: str
    """`Topic.text`."""
    when: When
    lang: Lang | None
    """None: the chat's."""
    limit: int | None
    """Most papers shown of this topic; None: the chat's length."""
    split: bool
    """A digest of its own."""
    replacements: bool
    """Also announce new versions of papers."""
    since: int
    """Announcements up to this sequence number are covered."""
    paused_until: date | None
    """Local date of the return; `date.max` for a pause without an end."""
    next_due: datetime | None
    created: datetime
    maker: str = ""
    """The person who made it, as `platform:id`; empty: not known."""


class RunState(StrEnum):
    """How a collecting run ended: an empty morning is explained by it."""

    FRESH = "fresh"
    WAITING = "waiting"
    QUIET = "quiet"
    STALLED = "stalled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt to learn what arXiv announced."""

    started: datetime
    finished: datetime
    state: RunState
    cause: str
    """Catalogue key suffix under `cause.`: weekend, holiday, not-yet, late, throttled…"""
    detail: str = ""
    """A technical word for the log and /status: a status code, a silent category."""
    day: date | None = None
    """The announcement day (US Eastern) that the feed showed."""
    announced: int = 0
    """Items that were new to us."""
    requests: int = 0
    late: timedelta = timedelta(0)
    """How long after the feed's usual hour we still waited for it."""
    retry_after: timedelta = timedelta(0)
    """How long arXiv asked to be left alone; for the next probe, not stored."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What one engine says of one paper, in one language."""

    paper: PaperId
    version: int
    lang: Lang
    engine: str
    """`built-in`, or a model's name and its prompts' version: `openai:gpt-x#p3`."""
    tldr: str
    findings: tuple[str, ...] = ()
    fallback: bool = False
    """True: a better engine was configured and failed."""
    title: str | None = None
    """The paper's title in the summary's language, where that is another."""
    abstract: str | None = None
    """Likewise the whole abstract, once somebody asked for it."""


@dataclass(frozen=True, slots=True)
class Match:
    """One paper in one topic, with the reason."""

    paper: PaperId
    score: float
    """Higher is better; comparable within one topic only."""
    reasons: tuple[str, ...]
    """The topic's words that the paper has, as `ti: continual learning`."""


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


class Operation(StrEnum):
    """What a part does on its platform."""

    POST = "post"
    EDIT = "edit"
    FILE = "file"


class OutOfReach(StrEnum):
    """Why nothing can be sent to a chat any more, as far as its platform tells."""

    REMOVED = "removed"
    """We were put out."""
    BLOCKED = "blocked"
    ARCHIVED = "archived"
    NOT_IN_CHANNEL = "not_in_channel"
    NO_RIGHTS = "no_rights"
    DELETED = "deleted"


class PartState(StrEnum):
    """Where a part is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    """Twice it could not be known whether it arrived; it is not sent again."""
    REJECTED = "rejected"
    EXPIRED = "expired"
    """Too old to matter; the next digest covers it."""


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A finished part on its way into the outbox.

    What arrives is `payload` followed by the shared payload named `card`, both in the
    platform's own finished form.
    """

    payload: str
    card: str | None = None
    """Key of a payload that many chats share; it must be stored in the same transaction."""
    operation: Operation = Operation.POST
    parent: int | None = None
    """Index of the earlier draft in the same batch that this one answers or edits."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as delivery sees it."""

    key: PartKey
    chat: ChatKey
    platform: Platform
    address: str
    operation: Operation
    payload: str
    card: str | None
    """The shared payload itself."""
    parent_ref: str | None
    """The platform's reference of the parent, once it is sent."""
    attempts: int
    ambiguities: int
