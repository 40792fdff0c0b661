"""Stand-ins that several tests share: a clock that obeys, papers that nobody wrote."""

import asyncio
from datetime import datetime, timedelta

from storage.models import Chat, ChatKey, Lang, Platform


class FakeClock:
    """A clock that a test sets: sleeping moves the time on at once and yields to the loop."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the clock's start needs a zone")
        self._now = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def advance(self, by: timedelta) -> None:
        self._now += by

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=max(seconds, 0))
        await asyncio.sleep(0)


def invented_paper(ident: str, **fields: object) -> dict:
    """A paper of the loopback arXiv, in the form of its JSON Lines; every field can be given."""
    primary = fields.get("primary_category", "cs.CV")
    return {
        "id": ident,
        "version": 1,
        "title": f"An Invented Study, Number {ident}",
        "abstract": f"We invent study {ident} to see what a reader makes of it.",
        "authors": ["Imena Vorga", "Tolan Brisk"],
        "primary_category": primary,
        "categories": [primary],
        "published": "2026-02-04T12:00:00Z",
        "updated": "2026-02-04T12:00:00Z",
        "comment": None,
        "journal_ref": None,
        "doi": None,
        "announced": None,
    } | fields


def chat_at(address: str, platform: Platform = Platform.TELEGRAM, **fields: object) -> Chat:
    """A chat that no database knows."""
    return Chat(ChatKey(1), platform, address, Lang.EN, "UTC", **fields)
