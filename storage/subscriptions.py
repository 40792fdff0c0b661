"""Subscriptions: which topic, when, and up to where it is covered.

Owns the table subscription. When something is due is decided in `jobs.schedule`; here it
is a column with an index.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from storage.chats import room_of, to_chat
from storage.database import Tx
from storage.errors import NotFound
from storage.models import Chat, ChatKey, Lang, Platform, Slot, Subscription, SubscriptionKey, When
from storage.rows import clock_time, moment, to_day, to_moment


def add(tx: Tx, draft: Subscription) -> Subscription:
    """Store a new subscription; its key is given here. AlreadyExists for the chat's same topic."""
    columns = _columns(draft)
    names = ", ".join(columns)
    places = ", ".join(f":{name}" for name in columns)
    cursor = tx.conn.execute(
        f"INSERT INTO subscription ({names}) VALUES ({places})",  # noqa: S608 -- our own names
        columns,
    )
    return get(tx, SubscriptionKey(cursor.lastrowid or 0))


def update(tx: Tx, subscription: Subscription) -> None:
    """Store every field of an existing subscription."""
    columns = _columns(subscription)
    changes = ", ".join(f"{name} = :{name}" for name in columns)
    tx.conn.execute(
        f"UPDATE subscription SET {changes} WHERE key = :key",  # noqa: S608 -- our own names
        {**columns, "key": subscription.key},
    )


def remove(tx: Tx, keys: Sequence[SubscriptionKey]) -> None:
    """Forget these subscriptions."""
    tx.conn.executemany("DELETE FROM subscription WHERE key = ?", [(key,) for key in keys])


def disown(tx: Tx, person: str) -> None:
    """Forget that this person made any; what they made stays with its chats."""
    tx.conn.execute("UPDATE subscription SET maker = '' WHERE maker = ?", [person])


def get(tx: Tx, key: SubscriptionKey) -> Subscription:
    """One subscription. Raises NotFound."""
    rows = list(tx.query("SELECT * FROM subscription WHERE key = ?", [key]))
    if not rows:
        raise NotFound(f"subscription {key}")
    return _subscription(rows[0])


def of_chat(tx: Tx, chat: ChatKey) -> list[Subscription]:
    """The chat's subscriptions in the order in which they were made."""
    rows = tx.query("SELECT * FROM subscription WHERE chat = ? ORDER BY key", [chat])
    return [_subscription(r) for r in rows]


def of_maker(tx: Tx, person: str) -> list[Subscription]:
    """What this person made, in whatever chat."""
    rows = tx.query("SELECT * FROM subscription WHERE maker = ? ORDER BY chat, key", [person])
    return [_subscription(r) for r in rows]


def rooms(tx: Tx, platform: Platform) -> list[str]:
    """The rooms of a platform that have subscriptions."""
    rows = tx.query(
        """
        SELECT DISTINCT c.address FROM chat c JOIN subscription s ON s.chat = c.key
        WHERE c.platform = ?
        """,
        [platform],
    )
    return sorted({room_of(r["address"]) for r in rows})


def everything(tx: Tx) -> list[tuple[Chat, list[Subscription]]]:
    """All chats that have subscriptions, each with them."""
    return _by_chat(tx, "1 = 1", [])


def due(tx: Tx, now: datetime) -> list[tuple[Chat, list[Subscription]]]:
    """Reachable chats with the subscriptions whose time has come."""
    return _by_chat(tx, "s.next_due <= ? AND c.parked IS NULL", [moment(now)])


def earliest_due(tx: Tx) -> datetime | None:
    """When the next subscription of a reachable chat is due, or None."""
    row = tx.conn.execute(
        """
        SELECT MIN(s.next_due) FROM subscription s JOIN chat c ON c.key = s.chat
        WHERE s.next_due IS NOT NULL AND c.parked IS NULL
        """
    ).fetchone()
    return to_moment(row[0])


def topics(tx: Tx) -> list[str]:
    """The distinct topics of all subscriptions."""
    return [r["topic"] for r in tx.query("SELECT DISTINCT topic FROM subscription")]


def public_topics(tx: Tx) -> list[str]:
    """The distinct topics of those subscriptions that anybody may see."""
    rows = tx.query("SELECT DISTINCT topic FROM subscription WHERE public = 1 ORDER BY topic")
    return [r["topic"] for r in rows]


@dataclass(frozen=True, slots=True)
class FreshGroup:
    """Subscriptions that wait for the day's announcement under one local clock."""

    tz: str
    days: tuple[int, ...]
    opens: time
    closes: time


def fresh_groups(tx: Tx) -> list[FreshGroup]:
    """The distinct zones, days and windows under which fresh digests are awaited."""
    rows = tx.query(
        """
        SELECT DISTINCT s.tz, s.days, c.window_opens, c.window_closes
        FROM subscription s JOIN chat c ON c.key = s.chat WHERE s.slot = 'fresh'
        """
    )
    return [
        FreshGroup(
            r["tz"],
            _days(r["days"]),
            time.fromisoformat(r["window_opens"]),
            time.fromisoformat(r["window_closes"]),
        )
        for r in rows
    ]


def wake_fresh(tx: Tx, group: FreshGroup, at: datetime, local_date: date, last_seq: int) -> int:
    """Make a group's uncovered, unpaused subscriptions due at a moment; how many that were.

    `local_date` is that moment's in the group's zone. One that is due earlier stays so.
    """
    cursor = tx.conn.execute(
        """
        UPDATE subscription SET next_due = :due
        WHERE slot = 'fresh' AND tz = :tz AND days = :days AND since < :seq
            AND (next_due IS NULL OR next_due > :due)
            AND (paused_until IS NULL OR paused_until <= :date)
            AND chat IN (SELECT key FROM chat WHERE window_opens = :opens
                AND window_closes = :closes)
        """,
        {
            "due": moment(at),
            "tz": group.tz,
            "days": "".join(map(str, group.days)),
            "seq": last_seq,
            "date": local_date.isoformat(),
            "opens": clock_time(group.opens),
            "closes": clock_time(group.closes),
        },
    )
    return cursor.rowcount


def settle(tx: Tx, settled: Iterable[tuple[SubscriptionKey, int, datetime | None]]) -> None:
    """After a digest: covered up to (sequence number) and next due, per subscription."""
    tx.conn.executemany(
        "UPDATE subscription SET since = ?, next_due = ?, paused_until = NULL WHERE key = ?",
        [(since, moment(due) if due else None, key) for key, since, due in settled],
    )


def uncover(tx: Tx, chat: ChatKey, topics: Sequence[str], since: int) -> None:
    """Look again for these topics at what came after `since`: their digest never left."""
    tx.conn.executemany(
        "UPDATE subscription SET since = MIN(since, ?) WHERE chat = ? AND topic = ?",
        [(since, chat, topic) for topic in topics],
    )


def _by_chat(tx: Tx, condition: str, values: list[Any]) -> list[tuple[Chat, list[Subscription]]]:
    rows = tx.query(
        f"""
        SELECT s.* FROM subscription s JOIN chat c ON c.key = s.chat
        WHERE {condition} ORDER BY s.chat, s.key
        """,  # noqa: S608 -- the conditions are this module's own
        values,
    )
    grouped: dict[ChatKey, list[Subscription]] = {}
    for r in rows:
        grouped.setdefault(ChatKey(r["chat"]), []).append(_subscription(r))
    chats = {
        ChatKey(r["key"]): to_chat(r)
        for r in tx.query("SELECT * FROM chat WHERE key IN (SELECT chat FROM subscription)")
    }
    return [(chats[key], subscriptions) for key, subscriptions in grouped.items()]


def _columns(subscription: Subscription) -> dict[str, Any]:
    when = subscription.when
    due, paused = subscription.next_due, subscription.paused_until
    return {
        "chat": subscription.chat,
        "topic": subscription.topic,
        "slot": when.slot,
        "at": clock_time(when.at),
        "tz": when.tz,
        "days": "".join(map(str, when.days)),
        "lang": subscription.lang,
        "most": subscription.limit,
        "split": subscription.split,
        "replacements": subscription.replacements,
        "since": subscription.since,
        "paused_until": paused.isoformat() if paused else None,
        "next_due": moment(due) if due else None,
        "created": moment(subscription.created),
        "maker": subscription.maker,
        "public": subscription.public,
    }


def _subscription(row: Mapping[str, Any]) -> Subscription:
    created = to_moment(row["created"])
    assert created is not None  # noqa: S101 -- NOT NULL in the schema
    return Subscription(
        key=SubscriptionKey(row["key"]),
        chat=ChatKey(row["chat"]),
        topic=row["topic"],
        when=_when(row["slot"], row["at"], row["tz"], row["days"]),
        lang=Lang(row["lang"]) if row["lang"] else None,
        limit=row["most"],
        split=bool(row["split"]),
        replacements=bool(row["replacements"]),
        since=row["since"],
        paused_until=to_day(row["paused_until"]),
        next_due=to_moment(row["next_due"]),
        created=created,
        maker=row["maker"],
        public=bool(row["public"]),
    )


@lru_cache(maxsize=1 << 10)
def _when(slot: str, at: str | None, tz: str, days: str) -> When:
    """The hour of a subscription: one value for the thousands that share it."""
    return When(Slot(slot), tz, time.fromisoformat(at) if at else None, _days(days))


def _days(column: str) -> tuple[int, ...]:
    return tuple(int(day) for day in column)
