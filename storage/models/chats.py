"""Chats, and the platforms that they are on."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import NewType

ChatKey = NewType("ChatKey", int)


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


class OutOfReach(StrEnum):
    """Why nothing can be sent to a chat any more, as far as its platform tells."""

    REMOVED = "removed"
    """We were put out."""
    BLOCKED = "blocked"
    ARCHIVED = "archived"
    NOT_IN_CHANNEL = "not_in_channel"
    NO_RIGHTS = "no_rights"
    DELETED = "deleted"


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
