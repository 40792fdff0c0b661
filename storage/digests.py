"""Digests, what each chat has seen, and the summaries of papers.

Owns the tables digest, seen, summary. A digest is unique per (chat, slot, local date):
recording a second one raises AlreadyExists.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from storage.database import Tx
from storage.errors import NotFound
from storage.models import (
    AnnounceType,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    DigestKey,
    Lang,
    PaperId,
    RunState,
    Summary,
)
from storage.rows import listed, moment, to_tuple


def record(tx: Tx, digest: Digest, now: datetime) -> DigestKey:
    """Keep a digest. AlreadyExists when this chat and slot had one on that local date."""
    counts = digest.counts
    cursor = tx.conn.execute(
        """
        INSERT INTO digest (chat, slot, local_date, days, announced, matched, already_sent,
            shown, left_over, state, cause, sections, covered_from, items, created)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            digest.chat,
            digest.slot,
            digest.local_date.isoformat(),
            listed(day.isoformat() for day in digest.days),
            counts.announced,
            counts.matched,
            counts.already_sent,
            counts.shown,
            counts.left_over,
            digest.state,
            digest.cause,
            listed(digest.sections),
            digest.covered_from,
            listed(_item_values(item) for item in digest.items),
            moment(now),
        ],
    )
    return DigestKey(cursor.lastrowid or 0)


def taken(tx: Tx, chat: ChatKey, slot: str, local_date: date) -> bool:
    """Whether this chat and slot had its digest on that local date."""
    row = tx.conn.execute(
        "SELECT 1 FROM digest WHERE chat = ? AND slot = ? AND local_date = ?",
        [chat, slot, local_date.isoformat()],
    ).fetchone()
    return row is not None


def last(tx: Tx, chat: ChatKey, *, with_items: bool = False) -> Digest | None:
    """The chat's newest digest; `with_items`: the newest that had papers."""
    rows = list(
        tx.query(
            """
            SELECT * FROM digest WHERE chat = ? AND (NOT ? OR matched > already_sent)
            ORDER BY key DESC LIMIT 1
            """,
            [chat, with_items],
        )
    )
    return _digest(rows[0]) if rows else None


def holding(tx: Tx, chat: ChatKey, paper: PaperId) -> Digest | None:
    """The chat's newest digest in which this paper stands, or None."""
    rows = tx.query(
        # The text is looked at first: it is cheap, and hardly ever misled.
        "SELECT * FROM digest WHERE chat = ? AND instr(items, ?) ORDER BY key DESC",
        [chat, json.dumps(paper)],
    )
    for digest in map(_digest, rows):
        if any(item.paper == paper for item in digest.items):
            return digest
    return None


def of_chat(tx: Tx, chat: ChatKey) -> list[Digest]:
    """Every digest that is kept of a chat, oldest first."""
    return [
        _digest(r) for r in tx.query("SELECT * FROM digest WHERE chat = ? ORDER BY key", [chat])
    ]


def all_seen(tx: Tx, chat: ChatKey) -> list[tuple[PaperId, int]]:
    """Every paper that the chat was sent, with its version."""
    rows = tx.conn.execute("SELECT paper, version FROM seen WHERE chat = ? ORDER BY paper", [chat])
    return [(PaperId(paper), version) for paper, version in rows]


def turn_page(tx: Tx, key: DigestKey, papers: int) -> int:
    """Take the next `papers` left-overs; returns how many had been taken before."""
    row = tx.conn.execute("SELECT paged FROM digest WHERE key = ?", [key]).fetchone()
    if row is None:
        raise NotFound(f"digest {key}")
    tx.conn.execute("UPDATE digest SET paged = paged + ? WHERE key = ?", [papers, key])
    return int(row[0])


def seen(tx: Tx, chat: ChatKey, ids: Collection[PaperId]) -> dict[PaperId, int]:
    """Which of these papers the chat was sent, and in which version."""
    rows = tx.conn.execute(
        """
        SELECT paper, version FROM seen
        WHERE chat = ? AND paper IN (SELECT value FROM json_each(?))
        """,
        [chat, listed(ids)],
    )
    return {PaperId(paper): version for paper, version in rows}


def mark_seen(tx: Tx, chat: ChatKey, papers: Iterable[tuple[PaperId, int]]) -> None:
    """Remember that the chat was sent these versions."""
    tx.conn.executemany(
        """
        INSERT INTO seen (chat, paper, version) VALUES (?, ?, ?)
        ON CONFLICT (chat, paper) DO UPDATE SET version = MAX(version, excluded.version)
        """,
        [(chat, paper, version) for paper, version in papers],
    )


def unsee(tx: Tx, key: DigestKey) -> Digest:
    """Take back a digest that never left: its papers count as unseen again. Returns it."""
    digest = _digest(next(iter(tx.query("SELECT * FROM digest WHERE key = ?", [key]))))
    tx.conn.executemany(
        "DELETE FROM seen WHERE chat = ? AND paper = ?",
        [(digest.chat, item.paper) for item in digest.items],
    )
    return digest


def keep_summaries(tx: Tx, summaries: Iterable[Summary]) -> None:
    """Cache summaries; a newer one of the same engine replaces the older."""
    tx.conn.executemany(
        """
        INSERT OR REPLACE INTO summary
            (paper, version, lang, engine, tldr, findings, title, abstract, mark)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [(s.paper, s.version, s.lang, s.engine, *_words(s)) for s in summaries],
    )


def _words(summary: Summary) -> tuple[str | None, ...]:
    """What a summary says, and what names it."""
    said = (summary.tldr, listed(summary.findings), summary.title, summary.abstract)
    return (*said, sha256(repr(said).encode()).hexdigest()[:10])


def summaries(
    tx: Tx, wanted: Collection[tuple[PaperId, int]], lang: Lang, engine: str
) -> dict[PaperId, Summary]:
    """Cached summaries of these paper versions by one engine in one language."""
    rows = tx.query(
        """
        SELECT s.* FROM summary s JOIN json_each(?) w
            ON s.paper = json_extract(w.value, '$[0]')
            AND s.version = json_extract(w.value, '$[1]')
        WHERE s.lang = ? AND s.engine = ?
        """,
        [listed(wanted), lang, engine],
    )
    return {PaperId(r["paper"]): to_summary(r) for r in rows}


def _item_values(item: DigestItem) -> list[Any]:
    return [
        item.paper,
        item.version,
        item.kind,
        item.section,
        item.also,
        item.reasons,
        int(item.shown),
    ]


def _item(values: list[Any]) -> DigestItem:
    paper, version, kind, section, also, reasons, shown = values
    return DigestItem(
        PaperId(paper),
        version,
        AnnounceType(kind),
        section,
        tuple(also),
        tuple(reasons),
        bool(shown),
    )


def _digest(row: Mapping[str, Any]) -> Digest:
    return Digest(
        key=DigestKey(row["key"]),
        chat=ChatKey(row["chat"]),
        slot=row["slot"],
        local_date=date.fromisoformat(row["local_date"]),
        days=tuple(date.fromisoformat(day) for day in to_tuple(row["days"])),
        counts=Counts(
            row["announced"],
            row["matched"],
            row["already_sent"],
            row["shown"],
            row["left_over"],
        ),
        state=RunState(row["state"]),
        cause=row["cause"],
        sections=to_tuple(row["sections"]),
        covered_from=row["covered_from"],
        items=tuple(_item(values) for values in to_tuple(row["items"])),
    )


def to_summary(row: Mapping[str, Any]) -> Summary:
    """A row of the table summary."""
    return Summary(
        paper=PaperId(row["paper"]),
        version=row["version"],
        lang=Lang(row["lang"]),
        engine=row["engine"],
        tldr=row["tldr"],
        findings=to_tuple(row["findings"]),
        title=row["title"],
        abstract=row["abstract"],
    )
