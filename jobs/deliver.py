"""Send what waits in the outbox: in order within a chat, chats beside each other.

Knows parts and messengers, never papers. A part is marked before it is sent and settled
after, so a kill at any point leaves at most the part in flight of each chat in doubt; what
only waits for its platform's pace is not marked yet.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from jobs.ports import Ambiguous, Clock, Messenger, Moved, Rejected, RetryLater
from storage import access, chats, outbox, subscriptions
from storage import digests as digest_store
from storage.database import Database, Tx
from storage.errors import NotFound, StorageError
from storage.models import ChatKey, Part, Platform
from storage.outbox import Line

P = ParamSpec("P")
R = TypeVar("R")

Parked = Callable[[Tx, ChatKey, Rejected, datetime], None]
"""Called in the transaction that parks a chat, once; what it puts in line is sent at once."""

MOST_AT_ONCE = 60
"""Chats that are sent to beside each other: enough for any platform's pace, and few enough
that what is sent together arrives together."""
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
TOO_OLD = timedelta(hours=36)
"""A digest none of whose parts left within this time is replaced by the next one."""
KEPT = timedelta(days=7)
"""How long settled parts stay, for /status and for edits."""
TALKED_ABOUT = timedelta(days=90)
"""For so long, talk beneath a part finds the paper that it is about."""
FORGOTTEN_AT_ONCE = 200
SETTLE_AGAIN = 10.0
"""Seconds until what could not be stored is tried again."""
AFTERMATH = 1.0
"""Seconds for which a cancelled send may still tidy up."""


class Deliverer:
    """Sends for one service. `deliver` may be called at any time; it never waits for a send."""

    def __init__(
        self,
        *,
        db: Database,
        messengers: Mapping[Platform, Messenger],
        clock: Clock,
        look_again: Callable[[datetime], object] = lambda _: None,
        parked: Parked = lambda *_: None,
    ) -> None:
        """`look_again` is told when a chat's turn comes sooner than `deliver` had said.

        `parked` may put a word about a chat that is gone in another chat's line.
        """
        self._db = db
        self._messengers = messengers
        self._clock = clock
        self._look_again = look_again
        self._parked = parked
        self._next_look: datetime | None = None
        self._seats = asyncio.Semaphore(MOST_AT_ONCE)
        self._sending: dict[ChatKey, asyncio.Task[None]] = {}
        self._in_flight: set[ChatKey] = set()
        self._once_more: dict[ChatKey, Line] = {}
        self._held: dict[ChatKey, datetime] = {}
        self._stopping = False
        self._defect: BaseException | None = None

    async def deliver(self) -> datetime | None:
        """Start every chat whose first part may go; returns when to look again, if at all.

        Raises, once, what ended an earlier send unforeseen: a defect of an adapter, whose
        part stays in doubt until the next start, or storage that could not be asked.
        """
        self._raise_defect()
        lines = await self._db.read(outbox.chats_waiting)
        now = self._clock.now()
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        self._next_look = None
        for line in lines:
            due = max(line.not_before, self._held.get(line.chat, line.not_before))
            if line.platform not in self._messengers:
                continue
            if due <= now:
                self._begin(line)
            else:
                self._next_look = min(self._next_look or due, due)
        return self._next_look

    async def drained(self) -> None:
        """Wait until nothing is being sent. Raises as `deliver` does."""
        while self._sending:
            await asyncio.wait(self._sending.values())
        self._raise_defect()

    async def stop(self, patience: float) -> None:
        """Begin no further part and wait this many seconds for those in flight."""
        self._stopping = True
        for chat, task in self._sending.items():
            if chat not in self._in_flight:
                task.cancel()
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=patience)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=AFTERMATH)

    def _begin(self, line: Line) -> None:
        """Send a chat's parts; where that goes on already, once more after its end.

        It may just have found nothing more, when this part was put in line.
        """
        if self._stopping:
            return
        if line.chat in self._sending:
            self._once_more[line.chat] = line
            return
        task = asyncio.create_task(self._send_all(line), name=f"deliver to chat {line.chat}")
        self._sending[line.chat] = task
        task.add_done_callback(lambda ended: self._ended(line.chat, ended))

    def _ended(self, chat: ChatKey, task: asyncio.Task[None]) -> None:
        self._sending.pop(chat, None)
        if not task.cancelled():
            self._defect = self._defect or task.exception()
        if (line := self._once_more.pop(chat, None)) is not None:
            self._begin(line)

    def _raise_defect(self) -> None:
        defect, self._defect = self._defect, None
        if defect is not None:
            raise defect

    async def _send_all(self, line: Line) -> None:
        going: Line | None = line
        async with self._seats:
            while going is not None and going.chat == line.chat and not self._stopping:
                going = await self._send_first(going)
        if going is not None and going.chat != line.chat:
            self._begin(going)

    async def _send_first(self, line: Line) -> Line | None:
        """Send a chat's first part, if it may go; returns the line to go on with."""
        self._once_more.pop(line.chat, None)
        may_go = await self._db.read(outbox.waiting, line.chat, self._clock.now())
        if not may_go or not await self._has_turn(line):
            return None
        self._in_flight.add(line.chat)
        try:
            part = await self._db.write(outbox.claim, line.chat, self._clock.now())
            return await self._send(replace(line, address=part.address), part) if part else None
        finally:
            self._in_flight.discard(line.chat)

    async def _has_turn(self, line: Line) -> bool:
        """Wait for the platform's pace; a chat that has to wait long is held so long."""
        try:
            await self._messengers[line.platform].turn(line.address)
        except RetryLater as error:
            until = self._clock.now() + (error.after or FIRST_RETRY)
            self._held[line.chat] = until
            self._expect(until)
            return False
        return True

    async def _send(self, line: Line, part: Part) -> Line | None:
        """Send one part and settle it; returns the line to go on with, None to pause."""
        try:
            ref = await self._messengers[part.platform].send(part)
        except RetryLater as error:
            not_before = self._clock.now() + retry_after(part, error.after)
            await self._settle(outbox.retry, part.key, not_before, str(error))
            self._expect(not_before)
            return None
        except Moved as error:
            chat = await self._settle(_move, part, error.address, self._clock.now())
            return replace(line, chat=chat, address=error.address) if chat else None
        except Ambiguous as error:
            await self._settle(outbox.ambiguous, part.key, str(error))
        except Rejected as error:
            if error.gone:
                now = self._clock.now()
                await self._settle(_park, part, error, now, self._parked)
                self._expect(now)
                return None
            await self._settle(outbox.reject, part.key, str(error))
        else:
            await self._settle(outbox.sent, part.key, ref, self._clock.now())
        return line

    def _expect(self, at: datetime) -> None:
        """A chat may go on at this moment."""
        if self._next_look is None or at < self._next_look:
            self._next_look = at
            self._look_again(at)

    async def _settle(
        self, change: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Store what became of a part: it is known only here, so full storage is waited for."""
        while True:
            try:
                return await self._db.write(change, *args, **kwargs)
            except StorageError:
                if self._stopping:
                    raise
                await self._clock.sleep(SETTLE_AGAIN)


def retry_after(part: Part, asked: timedelta) -> timedelta:
    """How long to wait before a part goes again: what was asked, else doubling; spread a little."""
    spread = (part.key * 37 % 100) / 100
    if asked:
        return asked + timedelta(seconds=spread)
    doubled = min(FIRST_RETRY * (1 << min(part.attempts - 1, 10)), LONGEST_RETRY)
    return doubled * (1 + spread / 4)


async def recover(db: Database) -> int:
    """At the service's start: settle what was in flight; how many parts that were."""
    return await db.write(outbox.recover)


async def housekeep(db: Database, now: datetime) -> None:
    """Give up digests that are too old to matter, and forget what was settled long ago."""
    await db.write(_expire, now - TOO_OLD)
    while await db.write(outbox.forget_settled, now - KEPT, now - TALKED_ABOUT, FORGOTTEN_AT_ONCE):
        pass


def _expire(tx: Tx, before: datetime) -> None:
    """The papers of a digest that never left count as unseen: the next one covers them."""
    stale = outbox.stale_digests(tx, before)
    outbox.expire(tx, stale)
    for key in stale:
        digest = digest_store.unsee(tx, key)
        subscriptions.uncover(tx, digest.chat, digest.sections, digest.covered_from)


def _park(tx: Tx, part: Part, error: Rejected, now: datetime, parked: Parked) -> None:
    outbox.retry(tx, part.key, now, str(error))
    if chats.park_reachable(tx, part.chat, str(error)):
        parked(tx, part.chat, error, now)


def _move(tx: Tx, part: Part, address: str, now: datetime) -> ChatKey | None:
    """The part waits again, for the chat at its new address; what was granted moves along.

    None when the chat was erased while the part was in flight.
    """
    outbox.retry(tx, part.key, now, f"moved to {address}")
    access.move(tx, part.platform, chats.room_of(part.address), chats.room_of(address))
    try:
        return chats.move(tx, part.chat, address)
    except NotFound:  # somebody else moved it meanwhile, or erased it
        there = chats.find(tx, part.platform, address)
        return there.key if there else None
