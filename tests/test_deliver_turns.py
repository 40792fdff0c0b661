"""Sending at a platform's pace and to chats that move: who waits, who goes on, what is kept."""

import asyncio
from datetime import timedelta

import pytest
from office import Office
from posting import NOW, chat_at

from jobs.deliver import MOST_AT_ONCE
from jobs.ports import Ambiguous, Moved, RetryLater
from storage import access, chats, outbox
from storage.models import Platform

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TERMINAL = Platform.TERMINAL


@pytest.fixture
async def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.db.close()


async def soon(what) -> None:
    """Let everybody go on until this is so."""
    async with asyncio.timeout(5):
        while not what():  # noqa: ASYNC110 -- it is others who bring it about
            await asyncio.sleep(0.001)


async def test_a_turn_is_taken_for_each_part_and_for_nothing_else(office):
    await office.post("room", "one", "two")
    await office.post("empty")
    for _ in range(3):
        await office.deliver()
    assert office.platform.turns == ["room", "room"]


async def test_what_waits_for_its_turn_is_not_in_doubt_when_the_service_ends(office):
    await office.post("slow", "one")
    await office.post("room", "two")
    office.platform.pace["slow"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.arrived["two"].wait()
    async with asyncio.timeout(2):
        await office.deliverer.stop(60)  # nothing is in flight
    assert await office.states() == ["pending", "sent"]
    assert await office.db.write(outbox.recover) == 0


async def test_stopping_waits_for_what_is_in_flight_and_not_for_turns(office):
    await office.post("slow", "one")
    await office.post("room", "two")
    office.platform.pace["slow"] = asyncio.Event()
    office.platform.gate["two"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    stopping = asyncio.create_task(office.deliverer.stop(60))
    await asyncio.sleep(0)
    office.platform.gate["two"].set()
    async with asyncio.timeout(2):
        await stopping
    assert await office.states() == ["pending", "sent"]


async def test_a_chat_whose_turn_is_far_off_is_held_and_no_other(office):
    await office.post("busy", "one")
    await office.post("room", "two")
    office.platform.busy["busy"] = [RetryLater("pace", HOUR)]
    await office.deliver()
    assert office.platform.sent == ["two"]
    assert office.looks == [NOW + HOUR]
    office.clock.set(NOW + HOUR - MINUTE)
    assert await office.deliver() == NOW + HOUR
    assert office.platform.turns.count("busy") == 1
    office.clock.set(NOW + HOUR)
    await office.deliver()
    assert office.platform.sent == ["two", "one"]
    assert office.platform.parts[1].attempts == 1


async def test_one_is_told_of_the_earliest_look_and_no_later_one(office):
    for address, wait in (("a", 3 * MINUTE), ("b", 5 * MINUTE), ("c", MINUTE)):
        await office.post(address, address)
        office.platform.busy[address] = [RetryLater("pace", wait)]
    office.platform.pace = {address: asyncio.Event() for address in "abc"}
    await office.deliverer.deliver()
    for address in "abc":
        office.platform.pace[address].set()
        await soon(lambda address=address: not office.platform.busy[address])
    await office.deliverer.drained()
    assert office.looks == [NOW + 3 * MINUTE, NOW + MINUTE]
    assert await office.deliverer.deliver() == NOW + MINUTE


async def test_a_part_that_goes_again_soon_is_looked_for_then(office):
    await office.post("room", "one")
    office.platform.failures["one"] = [RetryLater("flood", timedelta(seconds=3))]
    await office.deliver()
    assert office.looks == [await office.deliverer.deliver()]


async def test_a_turn_that_names_no_time_is_not_asked_for_again_and_again(office):
    await office.post("room", "one")
    office.platform.busy["room"] = [RetryLater("unreachable")]
    await office.deliver()
    assert await office.deliver() > NOW
    assert office.platform.turns == ["room"]


async def test_so_many_chats_are_sent_to_at_once_the_others_follow_in_their_order(office):
    chats_waiting = [f"room {number:03}" for number in range(MOST_AT_ONCE + 20)]
    for address in chats_waiting:
        await office.post(address, address)
    office.platform.pace = {address: asyncio.Event() for address in chats_waiting}
    await office.deliverer.deliver()
    await soon(lambda: len(office.platform.turns) == MOST_AT_ONCE)
    assert sorted(office.platform.turns) == chats_waiting[:MOST_AT_ONCE]
    for place, address in enumerate(chats_waiting[MOST_AT_ONCE:]):
        office.platform.pace[chats_waiting[place]].set()
        await soon(lambda address=address: office.platform.turns[-1] == address)
    for free in office.platform.pace.values():
        free.set()
    await office.deliverer.drained()
    assert sorted(office.platform.sent) == chats_waiting


class JustThen:
    """The database, with something that happens when a line was just found empty."""

    def __init__(self, db) -> None:
        self._db = db
        self.write = db.write
        self.happens = None

    async def read(self, query, *args):
        found = await self._db.read(query, *args)
        if query is outbox.waiting and not found and self.happens:
            happens, self.happens = self.happens, None
            await happens()
        return found


async def test_a_part_put_in_line_while_the_last_one_ends_is_not_forgotten(office):
    async def another() -> None:
        await office.post("room", "two")
        assert await office.deliverer.deliver() is None

    db, office.db = office.db, JustThen(office.db)
    office.deliverer, office.db.happens = office.fresh_deliverer(), another
    office.db, watched = db, office.db
    await office.post("room", "one")
    await office.deliver()
    assert watched.happens is None
    assert office.platform.sent == ["one", "two"]


async def test_a_part_put_in_line_while_another_is_in_flight_follows_it(office):
    await office.post("room", "one")
    office.platform.gate["one"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    await office.post("room", "two")
    assert await office.deliverer.deliver() is None
    office.platform.gate["one"].set()
    await office.deliverer.drained()
    assert office.platform.sent == ["one", "two"]


async def test_a_chat_that_moved_gets_its_parts_at_its_new_address(office):
    chat, _ = await office.post("old", "one", "two")
    await office.db.write(access.decide, TERMINAL, "old", allowed=True, title="The lab", now=NOW)
    office.platform.failures["one"] = [Moved("new")]
    await office.deliver()
    assert office.platform.sent == ["one", "two"]
    assert [part.address for part in office.platform.parts] == ["new", "new"]
    assert office.platform.turns == ["old", "new", "new"]
    assert (await office.db.read(chats.get, chat)).address == "new"
    assert await office.db.read(access.decision, TERMINAL, "new") is True
    assert await office.db.read(access.decision, TERMINAL, "old") is None


async def test_a_thread_that_is_gone_falls_back_to_its_room(office):
    await office.post("room", "one")
    await office.post("room/7", "two", "three")
    office.platform.failures["two"] = [Moved("room")]
    await office.deliver()
    assert sorted(office.platform.sent) == ["one", "three", "two"]
    assert {part.address for part in office.platform.parts} == {"room"}
    assert await office.db.read(chats.find, TERMINAL, "room/7") is None


async def test_a_chat_that_moves_to_one_that_is_being_sent_to_stands_behind(office):
    await office.post("old", "one", "two")
    await office.post("new", "three", "four")
    office.platform.failures["one"] = [Moved("new")]
    office.platform.gate = {"one": asyncio.Event(), "three": asyncio.Event()}
    await office.deliverer.deliver()
    await soon(lambda: len(office.platform.turns) == 2)
    office.platform.gate["one"].set()
    await soon(lambda: not office.platform.failures["one"])
    await asyncio.sleep(0.02)
    assert office.platform.sent == []  # one thing at a time
    office.platform.gate["three"].set()
    await office.deliverer.drained()
    assert office.platform.sent == ["three", "one", "two", "four"]


@pytest.mark.parametrize("error", [Moved("new"), Ambiguous("timed out")])
async def test_a_chat_erased_while_its_part_is_in_flight_is_no_defect(office, error):
    chat, _ = await office.post("room", "one")
    office.platform.failures["one"] = [error]
    office.platform.gate["one"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    await office.db.write(chats.erase, chat)
    office.platform.gate["one"].set()
    await office.deliverer.drained()
    assert await office.states() == []


async def test_a_chat_that_somebody_else_moved_meanwhile_goes_on_where_it_is(office):
    chat, _ = await office.post("old", "one", "two")
    there = await office.db.write(chat_at, "new")
    office.platform.failures["one"] = [Moved("new")]
    office.platform.gate["one"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    assert await office.db.write(chats.move, chat, "new") == there
    office.platform.gate["one"].set()
    await office.deliverer.drained()
    assert office.platform.sent == ["one", "two"]
    assert {part.chat for part in office.platform.parts} == {there}


async def test_turns_are_taken_where_the_chat_is_by_now(office):
    chat, _ = await office.post("old", "one", "two", "three")
    office.platform.gate["two"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.arrived["one"].wait()
    await office.db.write(chats.move, chat, "new")
    office.platform.gate["two"].set()
    await office.deliverer.drained()
    assert office.platform.turns[-1] == "new"
    assert office.platform.parts[-1].address == "new"
