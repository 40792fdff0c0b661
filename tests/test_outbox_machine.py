"""Whatever happens to parts in whatever order: none is lost, none overtakes, none comes thrice."""

from datetime import timedelta

import sqlite_utils
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from posting import NOW, chat_at

from storage import outbox
from storage.migrations import migrations
from storage.models import DraftPart, PartState

ROOMS = st.sampled_from(["attic", "cellar"])
SETTLED = {"sent", "unsure", "rejected"}


class Sending(RuleBasedStateMachine):
    """A model of both chats beside the real tables."""

    @initialize()
    def begin(self):
        self.tx = sqlite_utils.Database(memory=True)
        migrations.apply(self.tx)
        self.tx.execute("PRAGMA foreign_keys = ON")
        self.chats = {room: chat_at(self.tx, room) for room in ("attic", "cellar")}
        self.now = NOW
        self.made = {room: [] for room in self.chats}
        self.parents: dict[int, int] = {}
        self.state: dict[int, str] = {}
        self.doubts: dict[int, int] = {}
        self.sends: dict[int, int] = {}
        self.flying = {}
        self.arrived = {room: [] for room in self.chats}

    def teardown(self):
        if hasattr(self, "tx"):
            self.tx.close()

    @rule(room=ROOMS, parents=st.lists(st.integers(-1, 3), min_size=1, max_size=4))
    def enqueue(self, room, parents):
        drafts = [
            DraftPart(f"{at}", parent=parent if 0 <= parent < at else None)
            for at, parent in enumerate(parents)
        ]
        keys = outbox.enqueue(self.tx, self.chats[room], drafts, self.now)
        for key, draft in zip(keys, drafts, strict=True):
            self.made[room].append(key)
            self.state[key] = "pending"
            self.doubts[key] = self.sends[key] = 0
            if draft.parent is not None:
                self.parents[key] = keys[draft.parent]

    @rule(room=ROOMS)
    def claim(self, room):
        part = outbox.claim(self.tx, self.chats[room], self.now)
        head = next((key for key in self.made[room] if self.state[key] not in SETTLED), None)
        if part is None:
            assert head is None or self.state[head] == "sending" or self.delayed(head)
            return
        assert part.key == head
        assert self.state[head] == "pending"
        parent = self.parents.get(part.key)
        arrived = parent is not None and self.state[parent] == "sent"
        assert part.parent_ref == (f"ref {parent}" if arrived else None)
        assert parent is None or self.state[parent] in ("sent", "unsure")
        self.state[part.key] = "sending"
        self.sends[part.key] += 1
        self.flying[room] = part.key

    def delayed(self, key):
        row = self.tx.execute("SELECT not_before FROM part WHERE key = ?", [key]).fetchone()
        return row[0] > self.now.isoformat(timespec="microseconds")

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def arrive(self, data):
        room, key = self.landed(data)
        outbox.sent(self.tx, key, f"ref {key}", self.now)
        self.state[key] = "sent"
        self.arrived[room].append(key)

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), seconds=st.integers(0, 100))
    def bounce(self, data, seconds):
        _, key = self.landed(data)
        outbox.retry(self.tx, key, self.now + timedelta(seconds=seconds), "busy")
        self.state[key] = "pending"
        self.sends[key] -= 1  # it certainly did not arrive

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def doubt(self, data):
        _, key = self.landed(data)
        told = outbox.ambiguous(self.tx, key, "timed out")
        self.doubted(key)
        assert told == PartState(self.state[key])

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def refuse(self, data):
        _, key = self.landed(data)
        outbox.reject(self.tx, key, "too long")
        gone = {key}
        for child, parent in sorted(self.parents.items()):
            if parent in gone:
                gone.add(child)
        for each in gone:
            self.state[each] = "rejected"

    @rule()
    def crash(self):
        assert outbox.recover(self.tx) == len(self.flying)
        for key in self.flying.values():
            self.doubted(key)
        self.flying.clear()

    @rule(seconds=st.integers(1, 200))
    def pass_time(self, seconds):
        self.now += timedelta(seconds=seconds)

    def landed(self, data):
        room = data.draw(st.sampled_from(sorted(self.flying)))
        return room, self.flying.pop(room)

    def doubted(self, key):
        self.doubts[key] += 1
        self.state[key] = "unsure" if self.doubts[key] >= outbox.MOST_AMBIGUITIES else "pending"

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "tx"):
            assert dict(self.tx.execute("SELECT key, state FROM part")) == self.state

    @invariant()
    def the_order_of_a_chat_is_kept(self):
        for arrived in getattr(self, "arrived", {}).values():
            assert arrived == sorted(arrived)

    @invariant()
    def what_may_have_arrived_goes_at_most_once_more(self):
        assert max(getattr(self, "sends", {0: 0}).values(), default=0) <= outbox.MOST_AMBIGUITIES


Sending.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestSending = Sending.TestCase
