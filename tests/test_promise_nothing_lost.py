"""The promise: whatever the mornings are like, each matching paper reaches a chat once.

Random days with late batches, repeats, replacements, missed days, pauses and restarts; over
all digests of a chat each paper that was announced for it is shown or listed exactly once.
"""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from digest_stage import HALF_PAST_EIGHT, MONDAY, Stage, at, staged, study
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.digest import make_due
from storage import subscriptions
from storage.models import Announced, AnnounceType, Paper, Slot, Subscription, When


class Event(StrEnum):
    """What may happen on a day besides its announcement."""

    REPEATED = "the feed shows yesterday's papers again"
    REPLACED = "older papers come in a new version"
    LATE = "a second batch comes hours later"
    SILENT = "no feed on this day"
    RESTART = "the service is started again"
    MADE_TWICE = "digests are made twice"
    ASLEEP = "the machine is off until the evening"
    PAUSE = "somebody pauses one subscription for three days"


@dataclass(frozen=True)
class Day:
    """One day's script."""

    papers: int
    late: int
    events: frozenset[Event]


DAYS = st.lists(
    st.builds(
        Day,
        papers=st.integers(0, 4),
        late=st.integers(1, 3),
        events=st.frozensets(st.sampled_from(Event), max_size=3),
    ),
    min_size=2,
    max_size=8,
)
HOURS = (
    HALF_PAST_EIGHT,
    When(Slot.FRESH, "UTC"),
    When(Slot.WEEKLY, "UTC", HALF_PAST_EIGHT.at, (3,)),
    When(Slot.FRESH, "Asia/Tokyo", days=(0, 1, 2, 3, 4)),
)
TOPICS = ("gaussian splatting", "cs.CV", "ti:study AND splatting")
LAST = timedelta(days=9)
"""After the last day: every slot comes once more, with nothing new."""


@dataclass
class World:
    """What arXiv announced, by day."""

    stage: Stage
    announced: list[Paper] = field(default_factory=list)
    lines: list[Announced] = field(default_factory=list)
    """The feed's."""

    def new(self, count: int) -> None:
        start = len(self.announced) + 1
        papers = [study(start + place) for place in range(count)]
        self.announced += papers
        self.lines += [Announced(paper, AnnounceType.NEW) for paper in papers]


async def live(days: list[Day], when: list[When]) -> tuple[Stage, World]:
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage:
            world = World(stage)
            rooms = [await stage.chat(f"room {n}", length=2) for n in range(len(when))]
            ours = [
                await stage.subscribe(room, topic, when[(r + t) % len(when)], split=t == 2)
                for r, room in enumerate(rooms)
                for t, topic in enumerate(TOPICS[: 1 + r])
            ]
            for number, day in enumerate(days):
                await _day(world, MONDAY + timedelta(days=number), day, ours)
            world.lines = []
            await stage.db.write(_resume, [one.key for one in ours])
            end = MONDAY + timedelta(days=len(days))
            for number in range(LAST.days):
                await _rest(stage, end + timedelta(days=number))
            await _check(stage, world, rooms)
            return stage, world


async def _day(world: World, today: date, day: Day, ours: list[Subscription]) -> None:
    stage, events = world.stage, day.events
    if Event.REPEATED not in events:
        world.lines = []
    if Event.REPLACED in events:
        renewed = [study(number, version=2) for number in range(1, len(world.announced) + 1)]
        world.lines += [Announced(paper, AnnounceType.REPLACE) for paper in renewed]
    if Event.PAUSE in events:
        until = today + timedelta(days=3)
        await stage.db.write(_pause, ours[day.papers % len(ours)].key, until)
    hour = 19 if Event.ASLEEP in events else 6
    if Event.SILENT not in events:
        world.new(day.papers)
        await _probe(stage, today, hour, world)
    await _make(stage, today, 20 if Event.ASLEEP in events else 9, events)
    if Event.LATE in events and Event.SILENT not in events:
        world.new(day.late)
        await _probe(stage, today, 20, world)
        await _make(stage, today, 21, events)


async def _probe(stage: Stage, today: date, hour: int, world: World) -> None:
    stage.clock.set(at(today, hour))
    stage.source.announce(today, *world.lines)
    await stage.collect()


async def _make(stage: Stage, today: date, hour: int, events: frozenset[Event]) -> None:
    if Event.RESTART in events:
        stage.restart()
    stage.clock.set(at(today, hour))
    await make_due(stage.desk)
    if Event.MADE_TWICE in events:
        await make_due(stage.desk)


async def _rest(stage: Stage, today: date) -> None:
    """A day on which nothing comes; the probe still wakes who waits."""
    stage.source.announce(today)
    for hour in (2, 9):
        stage.clock.set(at(today, hour))
        await stage.collect()
        await make_due(stage.desk)


def _pause(tx, key, until: date) -> None:
    one = subscriptions.get(tx, key)
    subscriptions.update(tx, replace(one, paused_until=until))


def _resume(tx, keys) -> None:
    for key in keys:
        tx.execute("UPDATE subscription SET paused_until = NULL WHERE key = ?", [key])


async def _check(stage: Stage, world: World, rooms) -> None:
    made = await stage.made()
    for room in rooms:
        own = [digest for digest in made if digest.chat == room.key]
        found = Counter(item.paper for digest in own for item in digest.items)
        assert found == Counter(paper.id for paper in world.announced)
        dates = [(digest.slot, digest.local_date) for digest in own]
        assert len(dates) == len(set(dates))
        assert await stage.seen(room) == set(found)


@settings(max_examples=25)
@given(DAYS, st.lists(st.sampled_from(HOURS), min_size=1, max_size=3))
def test_each_paper_reaches_each_chat_exactly_once(days: list[Day], when: list[When]) -> None:
    asyncio.run(live(days, when))
