"""What people keep and think of papers: reading lists and votes.

Owns the tables saved and vote. A person is named by `platform:id`.
"""

from datetime import datetime

from storage.database import Tx
from storage.models import PaperId
from storage.rows import moment


def save(tx: Tx, person: str, paper: PaperId, now: datetime) -> bool:
    """Put a paper on the person's list; False when it was there."""
    cursor = tx.conn.execute(
        "INSERT OR IGNORE INTO saved (person, paper, saved) VALUES (?, ?, ?)",
        [person, paper, moment(now)],
    )
    return cursor.rowcount == 1


def unsave(tx: Tx, person: str, paper: PaperId) -> bool:
    """Take a paper off the person's list; False when it was not there."""
    cursor = tx.conn.execute("DELETE FROM saved WHERE person = ? AND paper = ?", [person, paper])
    return cursor.rowcount == 1


def saved(tx: Tx, person: str) -> list[PaperId]:
    """The person's list, newest first."""
    rows = tx.query("SELECT paper FROM saved WHERE person = ? ORDER BY saved DESC, paper", [person])
    return [PaperId(r["paper"]) for r in rows]


def vote(tx: Tx, person: str, paper: PaperId, value: int, now: datetime) -> None:
    """Keep +1 or -1; a person's later vote replaces the earlier one."""
    tx.conn.execute(
        "INSERT OR REPLACE INTO vote (person, paper, value, voted) VALUES (?, ?, ?, ?)",
        [person, paper, value, moment(now)],
    )


def votes(tx: Tx, paper: PaperId) -> tuple[int, int]:
    """How many people voted a paper up and down."""
    row = tx.conn.execute(
        "SELECT COUNT(CASE WHEN value > 0 THEN 1 END), COUNT(CASE WHEN value < 0 THEN 1 END)"
        " FROM vote WHERE paper = ?",
        [paper],
    ).fetchone()
    return row[0], row[1]


def votes_of(tx: Tx, person: str) -> list[tuple[PaperId, int]]:
    """Everything that a person voted."""
    rows = tx.query("SELECT paper, value FROM vote WHERE person = ? ORDER BY voted", [person])
    return [(PaperId(r["paper"]), r["value"]) for r in rows]


def erase(tx: Tx, person: str) -> None:
    """Forget what this person kept and voted."""
    tx.conn.execute("DELETE FROM saved WHERE person = ?", [person])
    tx.conn.execute("DELETE FROM vote WHERE person = ?", [person])
