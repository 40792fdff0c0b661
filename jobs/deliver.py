"""Send what waits in the outbox: in order within a chat, chats beside each other.

Knows parts and messengers, never papers. A part is marked before it is sent and settled
after, so a kill at any point leaves at most the part in flight of each chat in doubt.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from jobs.ports import Ambiguous, Clock, Messenger, Rejected, RetryLater
from storage import chats, outbox, subscriptions
from storage import digests as digest_store
from storage.database import Database, Tx
from storage.models import ChatKey, Part, Platform

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
TOO_OLD = timedelta(hours=36)
"""A digest none of whose parts left within this time is replaced by the next one."""
KEPT = timedelta(days=7)
"""How long settled parts stay, for /status and for edits."""
FORGOTTEN_AT_ONCE = 200


class Deliverer:
    """Sends for one service. `deliver` may be called at any time; it never waits for a send."""

    def __init__(
        self, *, db: Database, messengers: Mapping[Platform, Messenger], clock: Clock
    ) -> None:
        self._db = db
        self._messengers = messengers
        self._clock = clock
        self._sending: dict[ChatKey, asyncio.Task[None]] = {}
        self._stopping = False

    async def deliver(self) -> datetime | None:
        """Start every chat whose first part may go; returns when to look again, if at all."""
        now = self._clock.now()
        next_look: datetime | None = None
        for chat, platform, not_before in await self._db.read(outbox.chats_waiting):
            if self._stopping or chat in self._sending or platform not in self._messengers:
                continue
            if not_before <= now:
                self._start(chat)
            else:
                next_look = min(next_look or not_before, not_before)
        return next_look

    async def drained(self) -> None:
        """Wait until nothing is being sent. What an adapter raised by defect is raised here."""
        while self._sending:
            await asyncio.gather(*self._sending.values())

    async def stop(self, patience: float) -> None:
        """Begin no further part and wait this many seconds for those in flight."""
        self._stopping = True
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=patience)
            for task in late:
                task.cancel()

    def _start(self, chat: ChatKey) -> None:
        task = asyncio.create_task(self._send_all(chat), name=f"deliver to chat {chat}")
        self._sending[chat] = task
        task.add_done_callback(lambda _: self._sending.pop(chat, None))

    async def _send_all(self, chat: ChatKey) -> None:
        while not self._stopping:
            part = await self._db.write(outbox.claim, chat, self._clock.now())
            if part is None or not await self._send(part):
                return

    async def _send(self, part: Part) -> bool:
        """Send one part and settle it; False when the chat should pause."""
        messenger = self._messengers[part.platform]
        try:
            ref = await messenger.send(part)
        except RetryLater as error:
            not_before = self._clock.now() + retry_after(part, error.after)
            await self._db.write(outbox.retry, part.key, not_before, str(error))
            return False
        except Ambiguous as error:
            await self._db.write(outbox.ambiguous, part.key, str(error))
        except Rejected as error:
            if error.gone:
                await self._db.write(_park, part, str(error), self._clock.now())
                return False
            await self._db.write(outbox.reject, part.key, str(error))
        else:
            await self._db.write(outbox.sent, part.key, ref, self._clock.now())
        return True


def retry_after(part: Part, asked: timedelta) -> timedelta:
    """How long to wait before a part goes again: doubling, spread, at least what was asked."""
    doubled = min(FIRST_RETRY * (1 << min(part.attempts - 1, 10)), LONGEST_RETRY)
    spread = 1 + (part.key * 37 % 100) / 400
    return max(doubled * spread, asked)


async def recover(db: Database) -> int:
    """At the service's start: settle what was in flight; how many parts that were."""
    return await db.write(outbox.recover)


async def housekeep(db: Database, now: datetime) -> None:
    """Give up digests that are too old to matter, and forget what was settled long ago."""
    await db.write(_expire, now - TOO_OLD)
    while await db.write(outbox.forget_settled, now - KEPT, FORGOTTEN_AT_ONCE):
        pass


def _expire(tx: Tx, before: datetime) -> None:
    """The papers of a digest that never left count as unseen: the next one covers them."""
    stale = outbox.stale_digests(tx, before)
    outbox.expire(tx, stale)
    for key in stale:
        chat, since = digest_store.unsee(tx, key)
        subscriptions.uncover(tx, chat, since)


def _park(tx: Tx, part: Part, reason: str, now: datetime) -> None:
    chats.park(tx, part.chat, reason)
    outbox.retry(tx, part.key, now, reason)
