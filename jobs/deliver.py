"""Send what waits in the outbox: in order within a chat, chats beside each other.

Knows parts and messengers, never papers. A part is marked before it is sent and settled
after, so a kill at any point leaves at most the part in flight of each chat in doubt.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec

from jobs.ports import Ambiguous, Clock, Messenger, Rejected, RetryLater
from storage import chats, outbox, subscriptions
from storage import digests as digest_store
from storage.database import Database, Tx
from storage.errors import StorageError
from storage.models import ChatKey, Part, Platform

P = ParamSpec("P")

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
TOO_OLD = timedelta(hours=36)
"""A digest none of whose parts left within this time is replaced by the next one."""
KEPT = timedelta(days=7)
"""How long settled parts stay, for /status and for edits."""
FORGOTTEN_AT_ONCE = 200
SETTLE_AGAIN = 10.0
"""Seconds until what could not be stored is tried again."""
AFTERMATH = 1.0
"""Seconds for which a cancelled send may still tidy up."""


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
        self._defect: BaseException | None = None

    async def deliver(self) -> datetime | None:
        """Start every chat whose first part may go; returns when to look again, if at all.

        Raises, once, what ended an earlier send unforeseen: a defect of an adapter, whose
        part stays in doubt until the next start, or storage that could not be asked.
        """
        self._raise_defect()
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
        """Wait until nothing is being sent. Raises as `deliver` does."""
        while self._sending:
            await asyncio.wait(self._sending.values())
        self._raise_defect()

    async def stop(self, patience: float) -> None:
        """Begin no further part and wait this many seconds for those in flight."""
        self._stopping = True
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=patience)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=AFTERMATH)

    def _start(self, chat: ChatKey) -> None:
        task = asyncio.create_task(self._send_all(chat), name=f"deliver to chat {chat}")
        self._sending[chat] = task
        task.add_done_callback(lambda ended: self._ended(chat, ended))

    def _ended(self, chat: ChatKey, task: asyncio.Task[None]) -> None:
        self._sending.pop(chat, None)
        if not task.cancelled():
            self._defect = self._defect or task.exception()

    def _raise_defect(self) -> None:
        defect, self._defect = self._defect, None
        if defect is not None:
            raise defect

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
            await self._settle(outbox.retry, part.key, not_before, str(error))
            return False
        except Ambiguous as error:
            await self._settle(outbox.ambiguous, part.key, str(error))
        except Rejected as error:
            if error.gone:
                await self._settle(_park, part, str(error), self._clock.now())
                return False
            await self._settle(outbox.reject, part.key, str(error))
        else:
            await self._settle(outbox.sent, part.key, ref, self._clock.now())
        return True

    async def _settle(
        self, change: Callable[Concatenate[Tx, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Store what became of a part: it is known only here, so full storage is waited for."""
        while True:
            try:
                await self._db.write(change, *args, **kwargs)
            except StorageError:
                if self._stopping:
                    raise
                await self._clock.sleep(SETTLE_AGAIN)
            else:
                return


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
        digest = digest_store.unsee(tx, key)
        subscriptions.uncover(tx, digest.chat, digest.sections, digest.covered_from)


def _park(tx: Tx, part: Part, reason: str, now: datetime) -> None:
    chats.park(tx, part.chat, reason)
    outbox.retry(tx, part.key, now, reason)
