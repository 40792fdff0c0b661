"""Which rooms were refused lately, so that each is told once an hour at most.

Pure; the time is given. In memory only: nothing is stored of who is refused.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.models import Lang, Platform

APART = timedelta(hours=1)
MOST_KEPT = 4_096
"""Rooms remembered; of more, the oldest go."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A room that was refused."""

    title: str
    """What it was called when it asked: for the admin's list once it is let in."""
    lang: Lang
    at: datetime
    asked_in: str = ""
    """The chat it asked from, where that is another one."""


class Refusals:
    """The rooms that were refused lately."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[tuple[Platform, str], Refusal] = OrderedDict()

    def note(self, platform: Platform, room: str, refusal: Refusal) -> bool:
        """Whether this refusal is to be said aloud: the room's first within an hour."""
        last = self.of(platform, room)
        if last is not None and timedelta(0) <= refusal.at - last.at < APART:
            return False
        self._rooms[platform, room] = refusal
        self._rooms.move_to_end((platform, room))
        if len(self._rooms) > MOST_KEPT:
            self._rooms.popitem(last=False)
        return True

    def of(self, platform: Platform, room: str) -> Refusal | None:
        """The last refusal that was said to the room."""
        return self._rooms.get((platform, room))

    def forget(self, platform: Platform, room: str) -> None:
        """The room is let in: a later refusal is said at once."""
        self._rooms.pop((platform, room), None)
