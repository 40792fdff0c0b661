"""The outbox: finished parts on their way, sent in order per chat, each at most once more.

Owns the tables part and payload. A part is pending, sending, or settled (sent, unsure,
rejected, expired). One process works on it, so there are no leases: what is `sending` when
the service starts was in flight when the last one ended, and may have arrived.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Tx
from storage.models import (
    ChatKey,
    DigestKey,
    DraftPart,
    Operation,
    Part,
    PartKey,
    PartState,
    Platform,
)
from storage.rows import listed, moment, to_moment

MOST_AMBIGUITIES = 2
"""After this many sends of unknown effect a part is unsure and not sent again."""


def share(tx: Tx, payloads: Mapping[str, str], now: datetime) -> None:
    """Store payloads that many parts may carry, by name; a name's body never changes."""
    tx.conn.executemany(
        "INSERT OR IGNORE INTO payload (name, body, created) VALUES (?, ?, ?)",
        [(name, body, moment(now)) for name, body in payloads.items()],
    )


def missing(tx: Tx, names: Collection[str]) -> set[str]:
    """Those of the payload names that are not stored yet."""
    rows = tx.conn.execute(
        "SELECT name FROM payload WHERE name IN (SELECT value FROM json_each(?))", [listed(names)]
    )
    return set(names) - {row[0] for row in rows}


def enqueue(
    tx: Tx,
    chat: ChatKey,
    drafts: Sequence[DraftPart],
    now: datetime,
    *,
    digest: DigestKey | None = None,
) -> list[PartKey]:
    """Put parts in line behind the chat's others; they arrive in this order."""
    keys: list[PartKey] = []
    for draft in drafts:
        cursor = tx.conn.execute(
            """
            INSERT INTO part
                (chat, digest, operation, payload, card, parent, about, state, not_before, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)
            """,
            [
                chat,
                digest,
                draft.operation,
                draft.payload,
                draft.card,
                None if draft.parent is None else keys[draft.parent],
                draft.about,
                moment(now),
                moment(now),
            ],
        )
        keys.append(PartKey(cursor.lastrowid or 0))
    return keys


@dataclass(frozen=True, slots=True)
class Line:
    """A reachable chat with parts in line."""

    chat: ChatKey
    platform: Platform
    address: str
    not_before: datetime
    """When the first part may go."""


def chats_waiting(tx: Tx) -> list[Line]:
    """The lines whose first part waits, in the order in which they may go."""
    rows = tx.query(
        """
        SELECT c.key, c.platform, c.address, p.not_before FROM part p
            JOIN (SELECT MIN(key) AS head FROM part
                WHERE state IN ('pending', 'sending') GROUP BY chat) h ON h.head = p.key
            JOIN chat c ON c.key = p.chat
        WHERE p.state = 'pending' AND c.parked IS NULL ORDER BY p.not_before, p.key
        """
    )
    return [
        Line(ChatKey(r["key"]), Platform(r["platform"]), r["address"], _moment(r["not_before"]))
        for r in rows
    ]


def waiting(tx: Tx, chat: ChatKey, now: datetime) -> bool:
    """Whether the chat's first part may go now: `claim` would give it."""
    head = _head(tx, chat)
    return head is not None and head["parked"] is None and _may_go(head, now)


def claim(tx: Tx, chat: ChatKey, now: datetime) -> Part | None:
    """Take the chat's first part for sending, if it may go now."""
    head = _head(tx, chat)
    if head is None or not _may_go(head, now):
        return None
    tx.conn.execute(
        "UPDATE part SET state = 'sending', attempts = attempts + 1 WHERE key = ?", [head["key"]]
    )
    return _part(head)


def sent(tx: Tx, key: PartKey, ref: str | None, now: datetime) -> None:
    """It arrived, under this reference."""
    tx.conn.execute(
        "UPDATE part SET state = 'sent', ref = ?, sent = ?, error = NULL WHERE key = ?",
        [ref, moment(now), key],
    )


def retry(tx: Tx, key: PartKey, not_before: datetime, error: str) -> None:
    """It did not arrive; it goes again at `not_before`."""
    tx.conn.execute(
        "UPDATE part SET state = 'pending', not_before = ?, error = ? WHERE key = ?",
        [moment(not_before), error, key],
    )


def reject(tx: Tx, key: PartKey, error: str) -> None:
    """It will never be taken; what answers it goes with it."""
    tx.conn.execute(
        """
        WITH RECURSIVE gone (key) AS (
            SELECT ? UNION SELECT part.key FROM part JOIN gone ON part.parent = gone.key
                WHERE part.state = 'pending'
        )
        UPDATE part SET state = 'rejected', error = ? WHERE key IN gone
        """,
        [key, error],
    )


def ambiguous(tx: Tx, key: PartKey, error: str) -> PartState | None:
    """It may have arrived: once more, and after the second time no more.

    None: the part is not there any more, its chat was erased meanwhile.
    """
    rows = tx.conn.execute(
        """
        UPDATE part SET ambiguities = ambiguities + 1, error = ?,
            state = CASE WHEN ambiguities + 1 >= ? THEN 'unsure' ELSE 'pending' END
        WHERE key = ? RETURNING state
        """,
        [error, MOST_AMBIGUITIES, key],
    ).fetchall()
    if not rows:
        return None
    state = PartState(rows[0][0])
    if state is PartState.UNSURE:
        _lead_anew(tx, key)
    return state


def _lead_anew(tx: Tx, key: PartKey) -> None:
    """Nobody knows where a root stands: the first post that answers it becomes the others' root."""
    tx.conn.execute(
        """
        WITH answer AS (SELECT key FROM part
            WHERE parent = :root AND state = 'pending' AND operation = 'post')
        UPDATE part SET parent = NULLIF((SELECT MIN(key) FROM answer), key)
        WHERE key IN answer
        """,
        {"root": key},
    )


def recover(tx: Tx) -> int:
    """At the service's start: what was in flight may have arrived. How many that were."""
    rows = tx.conn.execute("SELECT key FROM part WHERE state = 'sending'").fetchall()
    for (key,) in rows:
        ambiguous(tx, PartKey(key), "in flight when the service ended")
    return len(rows)


def stale_digests(tx: Tx, before: datetime) -> list[DigestKey]:
    """Digests made before a moment of which no part has left."""
    rows = tx.query(
        """
        SELECT digest FROM part WHERE digest IS NOT NULL GROUP BY digest
        HAVING MAX(created) < ? AND SUM(state != 'pending' OR ambiguities > 0) = 0
        """,
        [moment(before)],
    )
    return [DigestKey(r["digest"]) for r in rows]


def expire(tx: Tx, digests: Iterable[DigestKey]) -> None:
    """Give up the waiting parts of these digests."""
    tx.conn.executemany(
        "UPDATE part SET state = 'expired' WHERE digest = ? AND state = 'pending'",
        [(key,) for key in digests],
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """The outbox in numbers."""

    waiting: int
    unsure: int
    rejected: int
    parked_chats: int


def queue(tx: Tx) -> Queue:
    """How much waits, and what needs a person's eye."""
    states = dict(tx.conn.execute("SELECT state, COUNT(*) FROM part GROUP BY state").fetchall())
    parked = tx.conn.execute("SELECT COUNT(*) FROM chat WHERE parked IS NOT NULL").fetchone()[0]
    return Queue(
        waiting=states.get("pending", 0) + states.get("sending", 0),
        unsure=states.get("unsure", 0),
        rejected=states.get("rejected", 0),
        parked_chats=parked,
    )


def about(tx: Tx, ref: str) -> str | None:
    """What the part with this reference is about, as in DraftPart."""
    row = tx.conn.execute(
        "SELECT about FROM part WHERE ref = ? AND about IS NOT NULL", [ref]
    ).fetchone()
    return str(row[0]) if row else None


def forget_settled(tx: Tx, before: datetime, talked_before: datetime, limit: int) -> int:
    """Drop settled parts made before a moment, then payloads that no part carries.

    A part that a waiting one answers stays, for its reference; one that talk may stand
    beneath stays until `talked_before`. At most `limit` of each, so that the transaction
    stays short; returns how many went.
    """
    gone = tx.conn.execute(
        """
        DELETE FROM part WHERE key IN (SELECT key FROM part p
            WHERE state NOT IN ('pending', 'sending')
                AND created < CASE WHEN about IS NULL THEN ? ELSE ? END
                AND NOT EXISTS (SELECT 1 FROM part c WHERE c.parent = p.key
                    AND c.state IN ('pending', 'sending'))
            LIMIT ?)
        """,
        [moment(before), moment(talked_before), limit],
    ).rowcount
    gone += tx.conn.execute(
        """
        DELETE FROM payload WHERE name IN (SELECT name FROM payload y WHERE created < ?
            AND NOT EXISTS (SELECT 1 FROM part WHERE card = y.name) LIMIT ?)
        """,
        [moment(before), limit],
    ).rowcount
    return gone


def _head(tx: Tx, chat: ChatKey) -> Mapping[str, Any] | None:
    """What is in flight to the chat, else the first part in line."""
    rows = tx.query(
        """
        SELECT p.*, y.body AS card_body, c.platform, c.address, c.parked, a.ref AS parent_ref
        FROM part p JOIN chat c ON c.key = p.chat
            LEFT JOIN payload y ON y.name = p.card
            LEFT JOIN part a ON a.key = p.parent
        WHERE p.chat = ? AND p.state IN ('pending', 'sending')
        ORDER BY p.state = 'pending', p.key LIMIT 1
        """,
        [chat],
    )
    return next(rows, None)


def _may_go(head: Mapping[str, Any], now: datetime) -> bool:
    return bool(head["state"] == PartState.PENDING and head["not_before"] <= moment(now))


def _moment(value: str) -> datetime:
    found = to_moment(value)
    assert found is not None  # noqa: S101 -- NOT NULL in the schema
    return found


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        key=PartKey(row["key"]),
        chat=ChatKey(row["chat"]),
        platform=Platform(row["platform"]),
        address=row["address"],
        operation=Operation(row["operation"]),
        payload=row["payload"],
        card=row["card_body"],
        parent_ref=row["parent_ref"],
        attempts=row["attempts"] + 1,
        ambiguities=row["ambiguities"],
    )
