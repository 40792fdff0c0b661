"""Who is let in, and who decides that.

Owns the tables access and admin. A room is a group with its threads, a channel or a private
chat; a person is named by `platform:id`. What follows from a decision is not decided here.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Tx
from storage.models import Platform
from storage.rows import moment


@dataclass(frozen=True, slots=True)
class Grant:
    """A room that was let in."""

    platform: Platform
    room: str
    title: str
    """What it was called when it was let in."""


def admins(tx: Tx) -> list[str]:
    """Everybody who decides, the first one first."""
    return [r["person"] for r in tx.query("SELECT person FROM admin ORDER BY since, person")]


def make_admin(tx: Tx, person: str, now: datetime) -> None:
    """Let a person decide from now on; one who does already stays as they are."""
    tx.conn.execute(
        "INSERT OR IGNORE INTO admin (person, since) VALUES (?, ?)", [person, moment(now)]
    )


def decision(tx: Tx, platform: Platform, room: str) -> bool | None:
    """Whether the room is let in; None where nobody has decided."""
    row = tx.conn.execute(
        "SELECT allowed FROM access WHERE platform = ? AND room = ?", [platform, room]
    ).fetchone()
    return bool(row[0]) if row else None


def decide(
    tx: Tx, platform: Platform, room: str, *, allowed: bool, title: str, now: datetime
) -> None:
    """Let a room in, or keep it out; a later decision replaces the earlier one."""
    tx.conn.execute(
        """
        INSERT OR REPLACE INTO access (platform, room, title, allowed, decided)
        VALUES (?, ?, ?, ?, ?)
        """,
        [platform, room, title, allowed, moment(now)],
    )


def granted(tx: Tx) -> list[Grant]:
    """The rooms that were let in, the first one first."""
    rows = tx.query("SELECT * FROM access WHERE allowed ORDER BY decided, platform, room")
    return [Grant(Platform(r["platform"]), r["room"], r["title"]) for r in rows]


def revoke(tx: Tx, platform: Platform, room: str) -> None:
    """Take back what was decided: the room is a stranger again."""
    tx.conn.execute("DELETE FROM access WHERE platform = ? AND room = ?", [platform, room])


def move(tx: Tx, platform: Platform, old: str, new: str) -> None:
    """A room is called otherwise: what was decided holds, unless the new name has its own."""
    if old == new:
        return
    tx.conn.execute(
        "UPDATE OR IGNORE access SET room = ? WHERE platform = ? AND room = ?",
        [new, platform, old],
    )
    revoke(tx, platform, old)
