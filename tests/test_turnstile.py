"""Waiting for one's turn, and a whole morning at the platform's pace, in a time of its own."""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

import pytest
import sqlite_utils
from pace import MINUTE, MOST, MOST_IN_GROUP, SECOND, VirtualClock, is_group, most_within
from posting import NOW, post

from bot.pacing import ANSWER_PATIENCE, PATIENCE, Pacer, Turnstile
from jobs.deliver import Deliverer
from jobs.ports import RetryLater
from storage.migrations import migrations
from storage.models import Part, Platform


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def turnstile(clock):
    return Turnstile(Pacer(), clock)


@pytest.fixture
def tx():
    db = sqlite_utils.Database(memory=True)
    yield db
    db.close()


async def test_a_long_line_is_no_reason_to_come_again_later(clock, turnstile):
    async def everybody() -> None:
        await asyncio.gather(*(turnstile.turn(f"{chat}", group=False) for chat in range(400)))

    await clock.run(everybody())
    assert clock.now() - NOW > 2 * PATIENCE


async def test_a_chat_that_is_held_for_long_comes_again_later(clock, turnstile):
    turnstile.refused("anna", PATIENCE)
    await clock.run(turnstile.turn("anna", group=False))
    assert clock.now() == NOW + PATIENCE
    turnstile.refused("anna", MINUTE)
    with pytest.raises(RetryLater) as told:
        await clock.run(turnstile.turn("anna", group=False))
    assert told.value.after == MINUTE


async def test_a_hold_that_comes_while_somebody_waits_is_heeded(clock, turnstile):
    async def meanwhile() -> None:
        await clock.sleep(2)
        turnstile.refused("anna", MINUTE)

    async def both() -> None:
        turnstile.refused("anna", 3 * SECOND)
        await asyncio.gather(turnstile.turn("anna", group=False), meanwhile())

    with pytest.raises(RetryLater) as told:
        await clock.run(both())
    assert told.value.after == MINUTE - SECOND


async def test_a_turn_that_is_broken_off_leaves_the_line(clock, turnstile):
    async def broken_off() -> None:
        turnstile.refused("anna", 3 * SECOND)
        waiting = asyncio.create_task(turnstile.turn("anna", group=False))
        await clock.sleep(1)
        waiting.cancel()
        await asyncio.wait([waiting])

    await clock.run(broken_off())
    assert not turnstile._pacer._line


async def test_an_answer_waits_for_its_group_but_not_for_ever(clock, turnstile):
    async def answers(count: int) -> None:
        for _ in range(count):
            await turnstile.answer("-lab", group=True)

    await clock.run(answers(MOST_IN_GROUP))
    assert clock.now() == NOW + (MOST_IN_GROUP - 3) * SECOND
    with pytest.raises(RetryLater) as told:
        await clock.run(answers(1))
    assert told.value.after == MINUTE - (MOST_IN_GROUP - 3) * SECOND > ANSWER_PATIENCE


class Memory:
    """A database in memory, asked without threads: the test's time is the only one."""

    def __init__(self, tx: sqlite_utils.Database) -> None:
        migrations.apply(tx)
        self.tx = tx

    async def write(self, change, *args):
        return change(self.tx, *args)

    read = write


class Post:
    """A platform at the real pace, whose answers take a while; some are refusals."""

    def __init__(self, clock: VirtualClock) -> None:
        self.turnstile = Turnstile(Pacer(), clock)
        self.refusals: dict[str, timedelta] = {}
        self.sent: list[tuple[datetime, str, str]] = []
        self._clock = clock
        self._dice = Random(20260206)

    async def turn(self, address: str) -> None:
        await self.turnstile.turn(address, group=is_group(address))

    async def send(self, part: Part) -> str | None:
        at = self._clock.now()
        await self._clock.sleep(self._dice.uniform(0.05, 0.6))
        if after := self.refusals.pop(part.address, None):
            self.turnstile.refused(part.address, after)
            raise RetryLater("flood", after)
        self.sent.append((at, part.address, part.payload))
        return None


class Round:
    """A deliverer with a platform, looked after as the service does."""

    def __init__(self, tx, clock: VirtualClock, chats: list[str], parts: int) -> None:
        self.clock = clock
        self.memory = Memory(tx)
        self.post = Post(clock)
        self.looks = asyncio.Event()
        self.deliverer = Deliverer(
            db=self.memory,
            messengers={Platform.TERMINAL: self.post},
            clock=clock,
            look_again=lambda _: self.looks.set(),
        )
        self.payloads = [str(number) for number in range(parts)]
        for chat in chats:
            post(self.memory.tx, chat, *self.payloads)

    async def until_all_is_sent(self) -> None:
        while True:
            self.looks.clear()
            due = await self.deliverer.deliver()
            await self.deliverer.drained()
            if due is None and not self.looks.is_set():
                return
            if due is not None:
                await self.clock.sleep((due - self.clock.now()).total_seconds())

    def by_chat(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for _, chat, payload in self.post.sent:
            found[chat].append(payload)
        return found


async def test_a_morning_goes_out_in_order_at_the_full_rate(tx, clock):
    chats = [f"{number}" for number in range(150)] + [f"-{number}" for number in range(50)]
    morning = Round(tx, clock, chats, 3)
    await clock.run(morning.until_all_is_sent())
    assert morning.by_chat() == dict.fromkeys(chats, morning.payloads)
    times = sorted(at for at, _, _ in morning.post.sent)
    assert len(times) / (times[-1] - times[0]).total_seconds() >= 0.95 * MOST
    assert most_within(times, SECOND) <= MOST
    for chat in chats:  # what is sent together arrives together
        own = [at for at, address, _ in morning.post.sent if address == chat]
        assert own[-1] - own[0] < 6 * SECOND


async def test_chats_that_are_refused_delay_only_themselves(tx, clock):
    chats = [f"{number}" for number in range(100)]
    morning = Round(tx, clock, chats, 3)
    morning.post.refusals = {"7": 90 * SECOND, "70": 40 * SECOND}
    await clock.run(morning.until_all_is_sent())
    assert morning.by_chat() == dict.fromkeys(chats, morning.payloads)
    times = {chat: at - NOW for at, chat, _ in morning.post.sent}
    assert 90 * SECOND < times.pop("7") < 95 * SECOND
    assert 40 * SECOND < times.pop("70") < 50 * SECOND
    assert max(times.values()) < timedelta(seconds=300 / MOST + 2)


async def test_a_long_digest_in_a_group_takes_its_minutes_and_gets_there(tx, clock):
    morning = Round(tx, clock, ["-lab", "anna"], 45)
    await clock.run(morning.until_all_is_sent())
    assert morning.by_chat() == dict.fromkeys(["-lab", "anna"], morning.payloads)
    times = [at for at, chat, _ in morning.post.sent if chat == "-lab"]
    assert most_within(times, MINUTE) <= MOST_IN_GROUP
    assert times[-1] - NOW < 2 * MINUTE + 10 * SECOND
    attempts = morning.memory.tx.execute("SELECT MAX(attempts) FROM part").fetchone()
    assert attempts == (1,)  # to wait is no attempt
