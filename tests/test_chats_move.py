"""A chat that moves takes everything along, also where there is a chat already."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlite_utils
from collecting import subscription_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from posting import NOW, chat_at, digest_of, post

from storage import chats, digests, outbox, subscriptions
from storage.errors import NotFound
from storage.migrations import migrations
from storage.models import DraftPart, Lang, PaperId, Platform, When

TERMINAL = Platform.TERMINAL
HOUR = timedelta(hours=1)


def fresh_database():
    db = sqlite_utils.Database(memory=True)
    migrations.apply(db)
    db.execute("PRAGMA foreign_keys = ON")
    return db


@pytest.fixture
def tx():
    db = fresh_database()
    yield db
    db.close()


def subscribe(tx, chat, topic, **fields):
    return subscriptions.add(tx, replace(subscription_of(chat, topic, NOW), **fields))


def addresses(tx):
    return [row[0] for row in tx.execute("SELECT address FROM chat ORDER BY address")]


def test_a_room_is_found_with_its_threads_and_no_other(tx):
    for address in ("-100", "-100/5", "-100/12", "-1001", "-100x", "-100/", "-10"):
        chat_at(tx, address)
    chats.ensure(tx, Platform.TELEGRAM, "-100/7", lang=Lang.EN, tz="UTC")
    found = {chat.address for chat in chats.of_room(tx, TERMINAL, "-100")}
    assert found == {"-100", "-100/5", "-100/12"}
    assert {chats.room_of(address) for address in found} == {"-100"}
    assert chats.of_room(tx, TERMINAL, "-1") == []


def test_a_chat_keeps_its_key_where_nobody_is_yet(tx):
    chat, _ = post(tx, "old", "one")
    assert chats.move(tx, chat, "new") == chat
    assert addresses(tx) == ["new"]
    assert outbox.claim(tx, chat, NOW).address == "new"


def test_moving_to_where_it_is_changes_nothing(tx):
    chat, _ = post(tx, "room", "one")
    assert chats.move(tx, chat, "room") == chat
    assert addresses(tx) == ["room"]


def test_a_chat_that_is_not_there_can_not_be_moved(tx):
    with pytest.raises(NotFound):
        chats.move(tx, 99, "new")


@pytest.mark.parametrize("there", [False, True])
def test_a_chat_that_could_not_be_reached_can_be_once_it_moved(tx, there):
    old = chat_at(tx, "old")
    if there:
        chats.park(tx, chat_at(tx, "new"), "kicked")
    chats.park(tx, old, "upgraded")
    assert chats.get(tx, chats.move(tx, old, "new")).parked is None


@pytest.mark.parametrize("shut_out", ["old", "new"])
def test_a_room_that_was_shut_out_stays_so(tx, shut_out):
    old, _ = chat_at(tx, "old"), chat_at(tx, "new")
    chats.park(tx, chat_at(tx, shut_out), chats.SHUT_OUT)
    assert chats.get(tx, chats.move(tx, old, "new")).parked == chats.SHUT_OUT


def test_preferences_come_along_to_a_chat_that_nobody_has_set_up(tx):
    old, new = chat_at(tx, "old"), chat_at(tx, "new")
    chats.update(tx, replace(chats.get(tx, old), lang=Lang.ZH, length=3, tz="Asia/Tokyo"))
    moved = chats.get(tx, chats.move(tx, old, "new"))
    assert (moved.key, moved.address) == (new, "new")
    assert (moved.lang, moved.length, moved.tz) == (Lang.ZH, 3, "Asia/Tokyo")


def test_a_chat_with_subscriptions_keeps_its_own_preferences(tx):
    old, new = chat_at(tx, "old"), chat_at(tx, "new")
    chats.update(tx, replace(chats.get(tx, old), length=3))
    subscribe(tx, new, "cs.CV")
    assert chats.get(tx, chats.move(tx, old, "new")).length == 8


def test_a_topic_of_both_covers_what_either_would_still_have_been_sent(tx):
    old, new = chat_at(tx, "old"), chat_at(tx, "new")
    subscribe(tx, old, "cs.CV", since=30, next_due=NOW)
    mine = subscribe(tx, new, "cs.CV", since=50, lang=Lang.ZH)
    subscribe(tx, old, "cs.CL", since=20)
    subscribe(tx, new, "cs.LG", since=10)
    chats.move(tx, old, "new")
    found = {s.topic: s for s in subscriptions.of_chat(tx, new)}
    assert {topic: s.since for topic, s in found.items()} == {"cs.CV": 30, "cs.CL": 20, "cs.LG": 10}
    assert found["cs.CV"] == replace(mine, since=30, next_due=NOW)


def test_a_topic_of_both_is_due_when_its_own_hour_comes(tx):
    old, new = chat_at(tx, "old"), chat_at(tx, "new")
    subscribe(tx, old, "cs.CV", next_due=NOW)
    at_eight = When("daily", "UTC", time_at(8))
    subscribe(tx, new, "cs.CV", when=at_eight, next_due=NOW + HOUR)
    chats.move(tx, old, "new")
    assert [s.next_due for s in subscriptions.of_chat(tx, new)] == [NOW + HOUR]


def time_at(hour):
    return (NOW.replace(hour=hour, minute=0)).time()


def test_digests_come_along_unless_that_slot_and_date_had_one(tx):
    old, new = chat_at(tx, "old"), chat_at(tx, "new")
    kept = digests.record(tx, digest_of(new, ["2602.00001"]), NOW)
    clash = digests.record(tx, digest_of(old, ["2602.00002"]), NOW)
    yesterday = replace(digest_of(old, ["2602.00003"]), local_date=date(2026, 2, 5))
    other = digests.record(tx, yesterday, NOW)
    (part,) = outbox.enqueue(tx, old, [DraftPart("of the clash")], NOW, digest=clash)
    chats.move(tx, old, "new")
    assert [digest.key for digest in digests.of_chat(tx, new)] == [kept, other]
    assert outbox.claim(tx, new, NOW).key == part
    assert outbox.stale_digests(tx, NOW + 99 * HOUR) == []  # nothing takes it back


def test_what_is_in_flight_to_the_one_is_not_overtaken_by_what_waits_for_the_other(tx):
    old, _ = post(tx, "old", "one")
    new, keys = post(tx, "new", "two", "three")
    assert outbox.claim(tx, new, NOW).payload == "two"
    chats.move(tx, old, "new")
    assert outbox.claim(tx, new, NOW) is None
    assert not outbox.waiting(tx, new, NOW)
    outbox.sent(tx, keys[0], "ref", NOW)
    assert [outbox.claim(tx, new, NOW).payload] == ["one"]


ADDRESSES = st.sampled_from(["attic", "cellar", "garden", "garden/3"])
TOPICS = st.sampled_from(["cs.CV", "cs.CL", "cs.LG"])
PAPERS = st.sampled_from([PaperId(f"2602.0000{n}") for n in range(1, 5)])


class Moving(RuleBasedStateMachine):
    """Chats that are used and move about, beside a model of what each must still have."""

    @initialize()
    def begin(self):
        self.tx = fresh_database()
        self.topics = {}
        self.seen = {}
        self.waiting = {}

    def teardown(self):
        if hasattr(self, "tx"):
            self.tx.close()

    def at(self, address):
        self.topics.setdefault(address, {})
        self.seen.setdefault(address, {})
        self.waiting.setdefault(address, [])
        return chat_at(self.tx, address)

    @rule(address=ADDRESSES, topic=TOPICS, since=st.integers(0, 99))
    def subscribe(self, address, topic, since):
        chat = self.at(address)
        if topic not in self.topics[address]:
            subscribe(self.tx, chat, topic, since=since)
            self.topics[address][topic] = since

    @rule(address=ADDRESSES, paper=PAPERS, version=st.integers(1, 3))
    def see(self, address, paper, version):
        digests.mark_seen(self.tx, self.at(address), [(paper, version)])
        self.seen[address][paper] = max(version, self.seen[address].get(paper, 0))

    @rule(address=ADDRESSES, papers=st.lists(PAPERS, unique=True), day=st.integers(1, 3))
    def post(self, address, papers, day):
        chat = self.at(address)
        digest = replace(digest_of(chat, papers), local_date=date(2026, 2, day))
        had = digests.taken(self.tx, chat, digest.slot, digest.local_date)
        key = None if had else digests.record(self.tx, digest, NOW)
        drafts = [DraftPart("root"), DraftPart("child", parent=0)]
        self.waiting[address] += outbox.enqueue(self.tx, chat, drafts, NOW, digest=key)

    @rule(address=ADDRESSES)
    def deliver(self, address):
        part = outbox.claim(self.tx, self.at(address), NOW)
        assert (part and part.key) == next(iter(self.waiting[address]), None)
        if part is not None:
            assert part.address == address
            outbox.sent(self.tx, part.key, f"ref {part.key}", NOW)
            self.waiting[address].pop(0)

    @precondition(lambda self: getattr(self, "topics", None))
    @rule(data=st.data(), address=ADDRESSES)
    def move(self, data, address):
        source = data.draw(st.sampled_from(sorted(self.topics)))
        key = chats.move(self.tx, self.at(source), address)
        assert chats.get(self.tx, key).address == address
        assert (chats.find(self.tx, TERMINAL, source) is None) == (source != address)
        topics, seen = self.topics.pop(source), self.seen.pop(source)
        waiting = self.waiting.pop(source)
        self.at(address)
        for topic, since in topics.items():
            self.topics[address][topic] = min(since, self.topics[address].get(topic, since))
        for paper, version in seen.items():
            self.seen[address][paper] = max(version, self.seen[address].get(paper, 0))
        self.waiting[address] = sorted(self.waiting[address] + waiting)

    @invariant()
    def no_subscription_vanishes(self):
        for address, topics in getattr(self, "topics", {}).items():
            found = subscriptions.of_chat(self.tx, chat_at(self.tx, address))
            assert {s.topic: s.since for s in found} == topics

    @invariant()
    def no_seen_paper_is_forgotten(self):
        for address, seen in getattr(self, "seen", {}).items():
            assert dict(digests.all_seen(self.tx, chat_at(self.tx, address))) == seen

    @invariant()
    def no_waiting_part_vanishes(self):
        for address, waiting in getattr(self, "waiting", {}).items():
            rows = self.tx.execute(
                "SELECT key FROM part WHERE chat = ? AND state = 'pending' ORDER BY key",
                [chat_at(self.tx, address)],
            )
            assert [row[0] for row in rows] == waiting


Moving.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestMoving = Moving.TestCase
