"""What models say of a digest's papers together.

Owns the table overview. One is kept under the set of papers, in their versions, that it was
made of, its language and its engine: chats that are shown the same papers share it.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from storage.bodies import body_of, value_of
from storage.database import Tx
from storage.models import Lang, Overview, PaperId
from storage.rows import listed, moment

Versions = Collection[tuple[PaperId, int]]


def keep(tx: Tx, versions: Versions, lang: Lang, overview: Overview, now: datetime) -> None:
    """Keep an overview of these papers, in place of an older one of the same engine."""
    tx.conn.execute(
        "INSERT OR REPLACE INTO overview (papers, lang, engine, body, made) VALUES (?, ?, ?, ?, ?)",
        [
            _name(versions),
            lang,
            overview.engine,
            body_of(overview),
            moment(now),
        ],
    )


def find(tx: Tx, versions: Versions, lang: Lang, engine: str) -> Overview | None:
    """What the engine said of exactly these papers, if it is kept."""
    row = tx.conn.execute(
        "SELECT body FROM overview WHERE papers = ? AND lang = ? AND engine = ?",
        [_name(versions), lang, engine],
    ).fetchone()
    return value_of(Overview, row[0]) if row else None


def forget(tx: Tx, before: datetime) -> None:
    """Drop overviews that no digest asks for any more."""
    tx.conn.execute("DELETE FROM overview WHERE made < ?", [moment(before)])


def _name(versions: Versions) -> str:
    """The same for the same papers, in whatever order they are shown."""
    return sha256(listed(sorted(versions)).encode()).hexdigest()
