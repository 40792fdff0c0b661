"""What a chat subscribes to, and when it is due."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from storage.models.chats import ChatKey, Lang
from storage.syntax import Node

SubscriptionKey = NewType("SubscriptionKey", int)


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
    public: bool = False
    """The archive shows its topic, too."""
