"""Sending: in order within a chat, chats beside each other, honest about what is unknown."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest
from collecting import subscription_of
from office import Office
from posting import NOW, post_digest

from jobs import deliver
from jobs.deliver import Deliverer
from jobs.ports import Ambiguous, Rejected, RetryLater
from storage import chats, digests, outbox, subscriptions
from storage.models import DraftPart, PaperId

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.db.close()


async def test_parts_arrive_in_order_and_children_under_their_parent(office):
    await office.post("room", "root", DraftPart("child", parent=0), "last")
    await office.deliver()
    assert office.platform.sent == ["root", "child", "last"]
    assert office.platform.parts[1].parent_ref == "ref root"
    assert await office.states() == ["sent"] * 3


async def test_what_is_delivered_is_not_delivered_again(office):
    await office.post("room", "one")
    for _ in range(3):
        await office.deliver()
    assert office.platform.sent == ["one"]


async def test_a_throttled_part_waits_as_long_as_it_is_asked_to(office):
    await office.post("room", "one", "two")
    office.platform.failures["one"] = [RetryLater("flood wait", timedelta(hours=12))]
    await office.deliver()
    due = await office.deliverer.deliver()
    assert timedelta(0) <= due - NOW - timedelta(hours=12) <= timedelta(seconds=1)
    office.clock.set(due - timedelta(seconds=1))
    await office.deliver()
    assert office.platform.sent == []
    office.clock.set(due)
    await office.deliver()
    assert office.platform.sent == ["one", "two"]


async def test_a_short_time_that_is_asked_for_is_no_longer_one(office):
    await office.post("room", "one")
    office.platform.failures["one"] = [RetryLater("flood wait", timedelta(seconds=3))]
    await office.deliver()
    due = await office.deliverer.deliver()
    assert timedelta(seconds=3) <= due - NOW <= timedelta(seconds=4)


async def test_retries_back_off_up_to_an_hour(office):
    await office.post("room", "one")
    office.platform.failures["one"] = [RetryLater("busy") for _ in range(12)]
    waits = []
    for _ in range(12):
        await office.deliver()
        due = await office.deliverer.deliver()
        waits.append(due - office.clock.now())
        office.clock.set(due)
    assert timedelta(seconds=30) <= waits[0] < timedelta(seconds=40)
    assert waits == sorted(waits)
    assert timedelta(hours=1) <= waits[-1] <= timedelta(minutes=75)


async def test_a_chat_that_is_gone_is_parked_with_its_parts(office):
    chat, _ = await office.post("room", "one", "two")
    office.platform.failures["one"] = [Rejected("blocked by the user", gone=True)]
    await office.deliver()
    assert (await office.db.read(chats.get, chat)).parked == "blocked by the user"
    assert await office.states() == ["pending", "pending"]
    assert await office.deliver() is None
    await office.db.write(chats.park, chat, None)
    await office.deliver()
    assert office.platform.sent == ["one", "two"]


async def test_a_part_that_is_refused_goes_with_its_children_and_the_rest_goes_on(office):
    await office.post("room", "root", DraftPart("child", parent=0), "other")
    office.platform.failures["root"] = [Rejected("too long")]
    await office.deliver()
    assert office.platform.sent == ["other"]
    assert await office.states() == ["rejected", "rejected", "sent"]


async def test_what_may_have_arrived_goes_once_more_and_no_further(office):
    await office.post("room", "one", "two", "three")
    office.platform.failures["one"] = [Ambiguous("timed out")]
    office.platform.failures["two"] = [Ambiguous("timed out"), Ambiguous("timed out")]
    await office.deliver()
    assert office.platform.sent == ["one", "three"]
    assert await office.states() == ["sent", "unsure", "sent"]


async def test_lesson_23_one_stuck_chat_delays_no_other(office):
    await office.post("stuck", "never")
    await office.post("lively", "one", "two")
    office.platform.gate["never"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.arrived["two"].wait()
    await office.post("late", "three")
    await office.deliverer.deliver()
    await office.platform.arrived["three"].wait()
    office.platform.gate["never"].set()
    await office.deliverer.drained()
    assert office.platform.sent == ["one", "two", "three", "never"]


async def test_a_platform_without_a_messenger_keeps_its_parts(office):
    await office.post("room", "one")
    idle = Deliverer(db=office.db, messengers={}, clock=office.clock)
    assert await idle.deliver() is None
    assert await office.states() == ["pending"]


async def test_stopping_lets_the_part_in_flight_arrive_and_begins_no_other(office):
    await office.post("room", "one", "two")
    office.platform.gate["one"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    stopping = asyncio.create_task(office.deliverer.stop(5.0))
    await asyncio.sleep(0)
    office.platform.gate["one"].set()
    await stopping
    assert await office.states() == ["sent", "pending"]
    assert await office.deliver() is None
    assert office.platform.sent == ["one"]


async def test_stopping_does_not_wait_beyond_its_patience(office):
    await office.post("room", "one")
    office.platform.gate["one"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    async with asyncio.timeout(2):
        await office.deliverer.stop(0.05)
        await office.deliverer.drained()  # nothing goes on behind its back
    assert await office.states() == ["sending"]
    assert await deliver.recover(office.db) == 1
    office.platform.gate.clear()
    office.deliverer = office.fresh_deliverer()
    await office.deliver()
    assert office.platform.sent == ["one"]


async def test_a_defect_of_an_adapter_is_told_once_and_stops_no_other_chat(office):
    await office.post("broken", "one")
    await office.post("room", "two")
    office.platform.failures["one"] = [KeyError("ok")]
    await office.deliverer.deliver()
    with pytest.raises(KeyError):
        await office.deliverer.drained()
    await office.deliver()
    assert office.platform.sent == ["two"]
    assert await office.states() == ["sending", "sent"]


async def test_what_arrived_while_the_database_is_locked_is_not_sent_again(office, tmp_path):
    await office.db.write(lambda tx: tx.execute("PRAGMA busy_timeout = 0"))
    await office.post("room", "one", "two")
    office.platform.gate["one"] = asyncio.Event()
    await office.deliverer.deliver()
    await office.platform.started.wait()
    other = sqlite3.connect(tmp_path / "post.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    office.platform.gate["one"].set()
    await office.clock.asleep.wait()
    other.execute("ROLLBACK")
    other.close()
    await office.deliverer.drained()
    assert office.platform.sent == ["one", "two"]
    assert await office.states() == ["sent", "sent"]


async def test_a_digest_too_old_to_matter_gives_way_to_the_next(office):
    chat, _, _ = await office.db.write(post_digest, ["2602.00001"], "one", "two")
    waiting = await office.db.write(
        subscriptions.add, subscription_of(chat, "cs.CV", NOW, since=50)
    )
    await office.db.write(chats.park, chat, "blocked")
    await deliver.housekeep(office.db, NOW + deliver.TOO_OLD)
    assert await office.states() == ["pending", "pending"]
    await deliver.housekeep(office.db, NOW + deliver.TOO_OLD + MINUTE)
    assert await office.states() == ["expired", "expired"]
    assert await office.db.read(digests.seen, chat, [PaperId("2602.00001")]) == {}
    assert (await office.db.read(subscriptions.get, waiting.key)).since == 7
    await office.db.write(chats.park, chat, None)
    await office.deliver()
    assert office.platform.sent == []


async def test_housekeeping_forgets_what_was_settled_a_week_ago(office):
    await office.post("room", *(str(n) for n in range(deliver.FORGOTTEN_AT_ONCE + 5)))
    await office.deliver()
    await deliver.housekeep(office.db, NOW + deliver.KEPT)
    assert len(await office.states()) == deliver.FORGOTTEN_AT_ONCE + 5
    await deliver.housekeep(office.db, NOW + deliver.KEPT + MINUTE)
    assert await office.states() == []
    assert (await office.db.read(outbox.queue)).waiting == 0
