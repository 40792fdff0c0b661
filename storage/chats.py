"""Chats: where subscriptions belong and what the chat prefers.

Owns the table chat; what hangs on a chat goes with it, and comes along when it moves. An
address is a room, or a thread of it as `room/thread`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from storage.database import Tx
from storage.errors import NotFound
from storage.models import Chat, ChatKey, Lang, Platform
from storage.rows import clock_time

SHUT_OUT = "not let in"
"""Why a chat of a room that was shut out is parked: it stays so wherever it moves."""

MERGING = (
    # A topic of both covers what either would still have been sent; seen papers don't repeat.
    """
    UPDATE subscription SET since = MIN(subscription.since, gone.since),
        next_due = CASE WHEN subscription.slot = 'fresh' AND gone.slot = 'fresh'
            THEN MIN(COALESCE(subscription.next_due, gone.next_due),
                COALESCE(gone.next_due, subscription.next_due))
            ELSE subscription.next_due END
    FROM subscription gone
    WHERE subscription.chat = :into AND gone.chat = :from AND gone.topic = subscription.topic
    """,
    "UPDATE OR IGNORE subscription SET chat = :into WHERE chat = :from",
    """
    INSERT INTO seen (chat, paper, version) SELECT :into, paper, version FROM seen
        WHERE chat = :from
    ON CONFLICT (chat, paper) DO UPDATE SET version = MAX(version, excluded.version)
    """,
    "UPDATE OR IGNORE digest SET chat = :into WHERE chat = :from",
    "UPDATE part SET chat = :into WHERE chat = :from",
    "UPDATE OR IGNORE analysis_request SET chat = :into WHERE chat = :from",
    "UPDATE analysis_use SET chat = :into WHERE chat = :from",
)
"""What goes over from one chat to another; what is left goes with the old chat."""


def ensure(tx: Tx, platform: Platform, address: str, *, lang: Lang, tz: str) -> Chat:
    """The chat at this address, made with these preferences if it is new."""
    found = find(tx, platform, address)
    if found is not None:
        return found
    fresh = Chat(ChatKey(0), platform, address, lang, tz)
    tx.conn.execute(
        """
        INSERT INTO chat
            (platform, address, lang, tz, length, notify_empty, window_opens, window_closes,
                thread)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            platform,
            address,
            lang,
            tz,
            fresh.length,
            fresh.notify_empty,
            clock_time(fresh.window_opens),
            clock_time(fresh.window_closes),
            fresh.thread,
        ],
    )
    made = find(tx, platform, address)
    if made is None:
        raise NotFound(address)
    return made


def find(tx: Tx, platform: Platform, address: str) -> Chat | None:
    """The chat at this address, or None."""
    rows = list(
        tx.query("SELECT * FROM chat WHERE platform = ? AND address = ?", [platform, address])
    )
    return to_chat(rows[0]) if rows else None


def room_of(address: str) -> str:
    """The room that an address lies in."""
    return address.partition("/")[0]


def of_platform(tx: Tx, platform: Platform) -> list[Chat]:
    """Every chat of a platform."""
    return [to_chat(r) for r in tx.query("SELECT * FROM chat WHERE platform = ?", [platform])]


def of_room(tx: Tx, platform: Platform, room: str) -> list[Chat]:
    """The chats of a room: itself and its threads."""
    rows = tx.query(
        """
        SELECT * FROM chat WHERE platform = :platform AND address = :room
        UNION ALL
        SELECT * FROM chat WHERE platform = :platform
            AND address > :room || '/' AND address < :room || '0' -- which follows the slash
        """,
        {"platform": platform, "room": room},
    )
    return [to_chat(r) for r in rows]


def get(tx: Tx, key: ChatKey) -> Chat:
    """One chat. Raises NotFound."""
    rows = list(tx.query("SELECT * FROM chat WHERE key = ?", [key]))
    if not rows:
        raise NotFound(f"chat {key}")
    return to_chat(rows[0])


def update(tx: Tx, chat: Chat) -> None:
    """Store the chat's preferences."""
    tx.conn.execute(
        """
        UPDATE chat SET lang = ?, tz = ?, length = ?, notify_empty = ?, window_opens = ?,
            window_closes = ?, thread = ? WHERE key = ?
        """,
        [
            chat.lang,
            chat.tz,
            chat.length,
            chat.notify_empty,
            clock_time(chat.window_opens),
            clock_time(chat.window_closes),
            chat.thread,
            chat.key,
        ],
    )


def park(tx: Tx, key: ChatKey, reason: str | None) -> None:
    """Send nothing here any more for this reason; None takes that back."""
    tx.conn.execute("UPDATE chat SET parked = ? WHERE key = ?", [reason, key])


def park_reachable(tx: Tx, key: ChatKey, reason: str) -> bool:
    """Park a chat that is not; False when it was parked before, or is erased."""
    cursor = tx.conn.execute(
        "UPDATE chat SET parked = ? WHERE key = ? AND parked IS NULL", [reason, key]
    )
    return cursor.rowcount == 1


def move(tx: Tx, key: ChatKey, address: str) -> ChatKey:
    """The chat is reached at this address from now on; returns what it is there.

    Where there is a chat already, the two become one: nothing that is subscribed, seen or
    waiting gets lost. Raises NotFound.
    """
    chat = get(tx, key)
    there = find(tx, chat.platform, address)
    if there is None or there.key == key:
        tx.conn.execute("UPDATE chat SET address = ? WHERE key = ?", [address, key])
        there = chat
    else:
        _merge(tx, chat, there.key)
    shut_out = SHUT_OUT in (chat.parked, there.parked)
    park(tx, there.key, SHUT_OUT if shut_out else None)
    return there.key


def erase(tx: Tx, key: ChatKey) -> None:
    """Forget the chat and all that hangs on it."""
    tx.conn.execute("DELETE FROM chat WHERE key = ?", [key])


def _merge(tx: Tx, chat: Chat, into: ChatKey) -> None:
    """Let everything of a chat go over to another one, where that lacks it."""
    subscribed = tx.conn.execute("SELECT 1 FROM subscription WHERE chat = ?", [into])
    if subscribed.fetchone() is None:  # nobody has set it up
        update(tx, replace(chat, key=into))
    for statement in MERGING:
        tx.conn.execute(statement, {"from": chat.key, "into": into})
    erase(tx, chat.key)


def to_chat(row: Mapping[str, Any]) -> Chat:
    """A chat from its row."""
    return Chat(
        key=ChatKey(row["key"]),
        platform=Platform(row["platform"]),
        address=row["address"],
        lang=Lang(row["lang"]),
        tz=row["tz"],
        length=row["length"],
        notify_empty=bool(row["notify_empty"]),
        window_opens=time.fromisoformat(row["window_opens"]),
        window_closes=time.fromisoformat(row["window_closes"]),
        parked=row["parked"],
        thread=bool(row["thread"]),
    )
