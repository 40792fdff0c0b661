"""Where things happen on Slack: channels, threads and people as addresses. Pure.

A chat's address is its channel's id, for a thread `channel/ts`; a room is the channel alone.
"""

from dataclasses import dataclass

from storage.models import Lang, Platform


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, a direct message, or one thread of it."""

    channel: str
    thread: str | None = None
    """The timestamp of the thread's root."""

    @property
    def address(self) -> str:
        """As it is stored."""
        return f"{self.channel}/{self.thread}" if self.thread else self.channel

    @property
    def is_private(self) -> bool:
        """A direct message with one person; an address that is a user's id leads there, too."""
        return self.channel[:1] in ("D", "U", "W")


def is_address(text: str) -> bool:
    """Whether this may be a place of Slack's, and is not called as one of another platform."""
    return text[:1] in ("C", "D", "G", "U", "W")


def read_address(address: str) -> Place:
    """The place of an address."""
    channel, _, thread = address.partition("/")
    return Place(channel, thread or None)


def person(user: str) -> str:
    """A user as the commands know them."""
    return f"{Platform.SLACK}:{user}"


def lang_of(locale: str | None) -> Lang | None:
    """The language of a user's Slack, where it is one of ours."""
    code = (locale or "").casefold()
    if code.startswith("zh"):
        return Lang.ZH
    return Lang.EN if code.startswith("en") else None
