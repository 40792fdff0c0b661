"""Chats: where subscriptions belong and what the chat prefers.

Owns the table chat; what hangs on a chat goes with it.
"""

from collections.abc import Mapping
from datetime import time
from typing import Any

from storage.database import Tx
from storage.errors import NotFound
from storage.models import Chat, ChatKey, Lang, Platform
from storage.rows import clock_time


def ensure(tx: Tx, platform: Platform, address: str, *, lang: Lang, tz: str) -> Chat:
    """The chat at this address, made with these preferences if it is new."""
    found = find(tx, platform, address)
    if found is not None:
        return found
    fresh = Chat(ChatKey(0), platform, address, lang, tz)
    tx.conn.execute(
        """
        INSERT INTO chat
            (platform, address, lang, tz, length, notify_empty, window_opens, window_closes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
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
            window_closes = ? WHERE key = ?
        """,
        [
            chat.lang,
            chat.tz,
            chat.length,
            chat.notify_empty,
            clock_time(chat.window_opens),
            clock_time(chat.window_closes),
            chat.key,
        ],
    )


def park(tx: Tx, key: ChatKey, reason: str | None) -> None:
    """Send nothing here any more for this reason; None takes that back."""
    tx.conn.execute("UPDATE chat SET parked = ? WHERE key = ?", [reason, key])


def erase(tx: Tx, key: ChatKey) -> None:
    """Forget the chat and all that hangs on it."""
    tx.conn.execute("DELETE FROM chat WHERE key = ?", [key])


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
    )
