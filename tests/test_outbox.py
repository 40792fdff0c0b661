"""The outbox: order, doubt, parents, shared payloads, and what is kept how long."""

from datetime import timedelta

import pytest
import sqlite_utils
from collecting import subscription_of
from posting import NOW, chat_at, digest_of, post, post_digest

from storage import chats, digests, outbox, subscriptions
from storage.migrations import migrations
from storage.models import DraftPart, PaperId, PartState

LATER, DAY, WEEK = NOW + timedelta(minutes=1), timedelta(days=1), timedelta(days=7)


@pytest.fixture
def tx():
    """An empty database in memory."""
    db = sqlite_utils.Database(memory=True)
    migrations.apply(db)
    db.execute("PRAGMA foreign_keys = ON")
    yield db
    db.close()


def states(tx):
    return [row[0] for row in tx.execute("SELECT state FROM part ORDER BY key")]


def names(tx):
    return {row[0] for row in tx.execute("SELECT name FROM payload")}


def test_a_part_comes_out_as_it_went_in(tx):
    outbox.share(tx, {"card": "a paper"}, NOW)
    chat, keys = post(tx, "room", DraftPart("hello", card="card"))
    part = outbox.claim(tx, chat, NOW)
    assert (part.key, part.chat, part.address) == (keys[0], chat, "room")
    assert (part.payload, part.card, part.parent_ref) == ("hello", "a paper", None)
    assert (part.attempts, part.ambiguities) == (1, 0)


def test_a_chat_has_one_part_in_flight_and_sends_in_order(tx):
    chat, keys = post(tx, "room", "one", "two")
    assert outbox.claim(tx, chat, NOW).payload == "one"
    assert outbox.claim(tx, chat, NOW) is None
    outbox.retry(tx, keys[0], LATER, "busy")
    assert outbox.claim(tx, chat, NOW) is None  # the second does not overtake
    again = outbox.claim(tx, chat, LATER)
    assert (again.payload, again.attempts) == ("one", 2)
    outbox.sent(tx, keys[0], None, LATER)
    assert outbox.claim(tx, chat, LATER).payload == "two"


def test_a_child_gets_the_reference_under_which_its_parent_arrived(tx):
    chat, keys = post(tx, "room", "root", "other", DraftPart("child", parent=0))
    for ref in ("ref-1", "ref-2"):
        outbox.sent(tx, outbox.claim(tx, chat, NOW).key, ref, NOW)
    child = outbox.claim(tx, chat, NOW)
    assert (child.key, child.parent_ref) == (keys[2], "ref-1")


def test_where_the_parent_is_in_doubt_its_first_child_leads_the_others(tx):
    drafts = [DraftPart("root"), DraftPart("a", parent=0), DraftPart("b", parent=0)]
    chat, keys = post(tx, "room", *drafts)
    for _ in range(outbox.MOST_AMBIGUITIES):
        outbox.claim(tx, chat, NOW)
        outbox.ambiguous(tx, keys[0], "no answer")
    assert states(tx) == ["unsure", "pending", "pending"]
    first = outbox.claim(tx, chat, NOW)
    assert (first.payload, first.parent_ref) == ("a", None)
    outbox.sent(tx, keys[1], "here", NOW)
    assert outbox.claim(tx, chat, NOW).parent_ref == "here"


def test_a_rejected_parent_takes_its_children_and_theirs(tx):
    drafts = ["root", DraftPart("child", parent=0), DraftPart("grandchild", parent=1), "other"]
    chat, keys = post(tx, "room", *drafts)
    outbox.claim(tx, chat, NOW)
    outbox.reject(tx, keys[0], "too long")
    assert states(tx) == ["rejected", "rejected", "rejected", "pending"]
    assert outbox.claim(tx, chat, NOW).payload == "other"


def test_a_part_in_doubt_goes_once_more_and_then_is_unsure(tx):
    chat, keys = post(tx, "room", "one", "two")
    outbox.claim(tx, chat, NOW)
    assert outbox.ambiguous(tx, keys[0], "timed out") is PartState.PENDING
    outbox.claim(tx, chat, NOW)
    assert outbox.recover(tx) == 1
    assert states(tx) == ["unsure", "pending"]
    assert outbox.claim(tx, chat, NOW).payload == "two"
    assert outbox.queue(tx) == outbox.Queue(waiting=1, unsure=1, rejected=0, parked_chats=0)


def test_waiting_chats_are_told_with_when_their_first_part_may_go(tx):
    later, _ = post(tx, "later", "one", "two", now=LATER)
    first, _ = post(tx, "first", "one")
    parked, _ = post(tx, "parked", "one")
    chats.park(tx, parked, "blocked")
    found = [(line.chat, line.address, line.not_before) for line in outbox.chats_waiting(tx)]
    assert found == [(first, "first", NOW), (later, "later", LATER)]
    outbox.claim(tx, first, NOW)
    assert [line.chat for line in outbox.chats_waiting(tx)] == [later]


def test_a_line_is_asked_whether_its_first_part_may_go(tx):
    chat, keys = post(tx, "room", "one", "two", now=LATER)
    assert not outbox.waiting(tx, chat, NOW)
    assert outbox.waiting(tx, chat, LATER)
    chats.park(tx, chat, "blocked")
    assert not outbox.waiting(tx, chat, LATER)
    chats.park(tx, chat, None)
    outbox.claim(tx, chat, LATER)
    assert not outbox.waiting(tx, chat, LATER)  # one is in flight
    outbox.sent(tx, keys[0], None, LATER)
    assert outbox.waiting(tx, chat, LATER)
    outbox.sent(tx, keys[1], None, LATER)
    assert not outbox.waiting(tx, chat, LATER)


def test_doubt_about_a_part_whose_chat_was_erased_is_no_defect(tx):
    chat, keys = post(tx, "room", "one")
    outbox.claim(tx, chat, NOW)
    chats.erase(tx, chat)
    assert outbox.ambiguous(tx, keys[0], "timed out") is None


def test_settled_parts_are_forgotten_after_their_time_a_few_at_once(tx):
    chat, keys = post(tx, "room", *"abcde")
    for key in keys[:4]:
        outbox.claim(tx, chat, NOW)
        outbox.sent(tx, key, None, NOW)
    assert outbox.forget_settled(tx, NOW, NOW, 3) == 0
    assert outbox.forget_settled(tx, NOW + DAY, NOW + DAY, 3) == 3
    assert outbox.forget_settled(tx, NOW + DAY, NOW + DAY, 3) == 1
    assert states(tx) == ["pending"]


def test_a_parent_stays_as_long_as_a_child_waits_for_its_reference(tx):
    chat, keys = post(tx, "room", "root", DraftPart("child", parent=0))
    outbox.sent(tx, outbox.claim(tx, chat, NOW).key, "ref", NOW)
    assert outbox.forget_settled(tx, NOW + WEEK, NOW + WEEK, 9) == 0
    assert outbox.claim(tx, chat, NOW).parent_ref == "ref"
    outbox.sent(tx, keys[1], None, NOW)
    assert outbox.forget_settled(tx, NOW + WEEK, NOW + WEEK, 9) == 2


def test_a_shared_payload_is_kept_while_a_part_carries_it(tx):
    outbox.share(tx, {"used": "1", "left": "2"}, NOW)
    chat, keys = post(tx, "room", DraftPart("", card="used"))
    post(tx, "another", DraftPart("", card="used"))
    outbox.claim(tx, chat, NOW)
    outbox.sent(tx, keys[0], None, NOW)
    assert outbox.forget_settled(tx, NOW + DAY, NOW + DAY, 9) == 2  # a part, a payload
    assert names(tx) == {"used"}
    assert outbox.missing(tx, ["used", "left"]) == {"left"}


def test_a_shared_payload_never_changes(tx):
    outbox.share(tx, {"card": "first"}, NOW)
    outbox.share(tx, {"card": "second"}, LATER)
    chat, _ = post(tx, "room", DraftPart("", card="card"))
    assert outbox.claim(tx, chat, NOW).card == "first"


def test_a_digest_is_stale_only_if_nothing_of_it_may_have_left(tx):
    _, waiting, _ = post_digest(tx, ["2602.00001"], "one", "two", slot="a")
    _, _, begun = post_digest(tx, ["2602.00002"], "one", "two", slot="b")
    _, _, in_doubt = post_digest(tx, ["2602.00003"], "one", slot="c")
    outbox.sent(tx, begun[0], None, NOW)
    outbox.ambiguous(tx, in_doubt[0], "timed out")
    assert outbox.stale_digests(tx, NOW) == []
    assert outbox.stale_digests(tx, LATER) == [waiting]
    outbox.expire(tx, [waiting])
    assert states(tx) == ["expired", "expired", "sent", "pending", "pending"]
    assert outbox.stale_digests(tx, LATER) == []


def test_a_digest_taken_back_makes_its_papers_unseen_and_uncovered(tx):
    chat, key, _ = post_digest(tx, ["2602.00001", "2602.00002"], "one")
    digests.mark_seen(tx, chat, [(PaperId("2602.00009"), 1)])
    subscription = subscriptions.add(tx, subscription_of(chat, "cs.CV", NOW, since=50))
    other = subscriptions.add(tx, subscription_of(chat, "cs.CL", NOW, since=60))
    digest = digests.unsee(tx, key)
    assert (digest.chat, digest.covered_from) == (chat, 7)
    subscriptions.uncover(tx, chat, ["cs.CV"], 7)
    asked = [PaperId(f"2602.0000{n}") for n in range(1, 10)]
    assert digests.seen(tx, chat, asked) == {PaperId("2602.00009"): 1}
    assert subscriptions.get(tx, subscription.key).since == 7
    assert subscriptions.get(tx, other.key).since == 60
    subscriptions.uncover(tx, chat, ["cs.CV"], 20)
    assert subscriptions.get(tx, subscription.key).since == 7


def test_what_is_stored_of_a_digest_comes_back(tx):
    chat = chat_at(tx)
    key = digests.record(tx, digest_of(chat, ["2602.00001"]), NOW)
    found = digests.last(tx, chat, with_items=True)
    assert found.key == key
    assert found.items == digest_of(chat, ["2602.00001"]).items
    assert digests.turn_page(tx, key, 8) == 0
    assert digests.turn_page(tx, key, 8) == 8


def test_erasing_a_chat_erases_its_parts(tx):
    chat, _, _ = post_digest(tx, ["2602.00001"], "one", "two")
    chats.erase(tx, chat)
    assert states(tx) == []
    assert outbox.chats_waiting(tx) == []
