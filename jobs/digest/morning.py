"""Make the digests that are due: match once per topic, plan per chat, commit whole.

A chat's digest, its seen-marks, its parts and what its subscriptions are due for next commit
together; a run that is cut off is made again for the chats that it did not reach.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jobs import planning, schedule
from jobs.digest.bench import Bench, Ready
from jobs.digest.desk import Desk
from jobs.digest.wording import Wording
from jobs.planning import Group
from storage import digests, outbox, papers, subscriptions
from storage.database import Tx
from storage.models import Chat, Slot, Subscription

CHATS_AT_ONCE = 25
COMMITTED_AT_ONCE = 2
"""Chats a transaction: it stays within 20 ms, so that commands can write in between."""
FURTHEST_BACK = timedelta(days=14)
"""How far a catch-up looks back; what is older counts as covered."""


async def make_due(desk: Desk) -> int:
    """Make every digest that is due; returns how many. Raises only for defects and storage."""
    now = desk.clock.now()
    groups, served = await desk.db.study(_due_groups, now)
    if served:
        await desk.db.write(_settle_served, served, now)
    floor = await desk.db.study(papers.seq_before, (now - FURTHEST_BACK).date())
    made = 0
    wording = Wording(desk)
    for since, members in _by_window(groups, floor).items():
        bench = await desk.db.study(Bench.lay, desk, since, members)
        for start in range(0, len(members), CHATS_AT_ONCE):
            some = members[start : start + CHATS_AT_ONCE]
            made += await _make(desk, bench, wording, some, now)
    return made


async def _make(
    desk: Desk, bench: Bench, wording: Wording, groups: Sequence[Group], now: datetime
) -> int:
    plans = await desk.db.study(bench.plan, groups)
    said = await wording.of([bench.wanted(plan) for plan in plans])
    ready = await desk.db.study(bench.write_up, plans, said)
    made = 0
    for start in range(0, len(ready), COMMITTED_AT_ONCE):
        made += await desk.db.write(_commit, ready[start : start + COMMITTED_AT_ONCE], now)
    return made


def _due_groups(tx: Tx, now: datetime) -> tuple[list[Group], list[Group]]:
    """The digests to make now, and those that this slot and date had already."""
    groups: list[Group] = []
    served: list[Group] = []
    for chat, due in subscriptions.due(tx, now):
        dated = [
            (subscription, schedule.slot_date(subscription.when, now))
            for subscription in due
            if _may_go(subscription, chat, now)
        ]
        for group in planning.grouped(chat, dated):
            had = digests.taken(tx, chat.key, group.slot, group.local_date)
            (served if had else groups).append(group)
    return groups, served


def _may_go(subscription: Subscription, chat: Chat, now: datetime) -> bool:
    """Not during a pause; a fresh one that comes late keeps to the chat's window, too."""
    when = subscription.when
    if schedule.is_paused(subscription, now):
        return False
    opens, closes = chat.window_opens, chat.window_closes
    return (
        when.slot is not Slot.FRESH
        or schedule.fresh_due(now, when.tz, when.days, opens, closes) <= now
    )


def _by_window(groups: Iterable[Group], floor: int) -> dict[int, list[Group]]:
    """Groups by the point up to which they are covered, so that one index serves each."""
    windows: dict[int, list[Group]] = {}
    for group in groups:
        windows.setdefault(max(group.since, floor), []).append(group)
    return windows


def _commit(tx: Tx, ready: Sequence[Ready], now: datetime) -> int:
    """Store these digests; returns how many are new."""
    return sum(_store(tx, one, now) for one in ready)


def _store(tx: Tx, ready: Ready, now: datetime) -> int:
    """Store a digest whole; 0 when this chat and slot had one, or nobody wants it any more."""
    group, chat = ready.group, ready.group.chat.key
    taken = digests.taken(tx, chat, group.slot, group.local_date)
    wanted = _settle(tx, group, 0 if taken else ready.last_seq, now)
    if taken or not wanted:
        return 0
    outbox.share(tx, ready.cards, now)
    key = digests.record(tx, ready.digest, now)
    items = ((item.paper, item.version) for item in ready.digest.items)
    digests.mark_seen(tx, chat, items)
    outbox.enqueue(tx, chat, ready.parts, now, digest=key)
    return 1


def _settle_served(tx: Tx, groups: Iterable[Group], now: datetime) -> None:
    """What came after the slot's digest waits for the next one."""
    for group in groups:
        _settle(tx, group, 0, now)


def _settle(tx: Tx, group: Group, covered: int, now: datetime) -> bool:
    """Note how far the group is covered and when it is due next; whether any of it is left.

    What people changed since the digest was planned stays as they have it.
    """
    stored = {found.key: found for found in subscriptions.of_chat(tx, group.chat.key)}
    unchanged = [planned for planned in group.subscriptions if stored.get(planned.key) == planned]
    subscriptions.settle(
        tx,
        [
            (planned.key, max(planned.since, covered), schedule.next_due(planned.when, now))
            for planned in unchanged
        ],
    )
    left = [planned for planned in group.subscriptions if planned.key in stored]
    for planned in left:
        found = stored[planned.key]
        if found != planned and found.since == planned.since:
            subscriptions.update(tx, replace(found, since=max(found.since, covered)))
    return bool(left)
