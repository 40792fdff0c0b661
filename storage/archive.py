"""What the archive reads: which papers were announced first on a day, and what is said of them.

Owns no table: it looks across those of papers, digests and analyses.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from storage.bodies import unpacked
from storage.database import Tx
from storage.digests import to_summary
from storage.models import AnnounceType, FullText, Lang, PaperId, Summary
from storage.rows import listed


@dataclass(frozen=True, slots=True)
class FirstAnnounced:
    """A paper's first announcement."""

    row: int
    """Its key in the search index."""
    day: date
    kind: AnnounceType


def first_announced(tx: Tx, first: date, last: date) -> list[FirstAnnounced]:
    """The papers that these days were the first to announce, in the order of announcement.

    So each paper belongs to one day; history that was filled in counts.
    """
    rows = tx.query(
        """
        SELECT a.paper, a.day, a.kind FROM announcement a
        WHERE a.day BETWEEN ? AND ? AND a.kind IN ('new', 'cross') AND NOT EXISTS (
            SELECT 1 FROM announcement b WHERE b.paper = a.paper AND b.kind IN ('new', 'cross')
                AND (b.day, b.seq) < (a.day, a.seq)
        )
        ORDER BY a.day, a.seq
        """,
        [first.isoformat(), last.isoformat()],
    )
    return [
        FirstAnnounced(r["paper"], date.fromisoformat(r["day"]), AnnounceType(r["kind"]))
        for r in rows
    ]


_FIRST = """
WITH first AS (
    SELECT paper, MIN(day) AS day FROM announcement WHERE kind IN ('new', 'cross') GROUP BY paper
)
"""
_KNOWN = (
    """
    SELECT day, group_concat(said) FROM (
        SELECT first.day, json_array(p.id, p.version, p.enriched, p.comment, p.doi, p.journal_ref,
            p.categories) AS said
        FROM first JOIN paper p ON p.key = first.paper ORDER BY first.day, p.key
    ) GROUP BY day
    """,
    """
    SELECT day, group_concat(said) FROM (
        SELECT first.day, json_array(s.paper, s.version, s.lang, s.engine, s.tldr, s.findings,
            s.title, s.abstract) AS said
        FROM summary s JOIN paper p ON p.id = s.paper JOIN first ON first.paper = p.key
        ORDER BY first.day, s.paper, s.version, s.lang, s.engine
    ) GROUP BY day
    """,
    """
    SELECT day, group_concat(said) FROM (
        SELECT first.day, json_array(a.paper, a.lang, a.engine, a.made) AS said
        FROM analysis a JOIN paper p ON p.id = a.paper JOIN first ON first.paper = p.key
        ORDER BY first.day, a.paper, a.made
    ) GROUP BY day
    """,
)
"""What pages are made of, by the day of a paper's first announcement."""


def marks(tx: Tx) -> dict[date, str]:
    """Each day that was the first to announce a paper, with what names all that is known of it.

    The mark changes with any of the day's papers and what is said of them.
    """
    found: dict[str, str] = {}
    for query in _KNOWN:
        for day, said in tx.conn.execute(_FIRST + query):
            found[day] = sha256((found.get(day, "") + said).encode()).hexdigest()[:16]
    return {date.fromisoformat(day): mark for day, mark in found.items()}


def best_summaries(
    tx: Tx, ids: Collection[PaperId], lang: Lang, built_in: str
) -> dict[PaperId, Summary]:
    """The summary of each paper that readers get: a model's before the engine `built_in`'s.

    Of several that of the newest version, whatever version the stored paper has.
    """
    rows = tx.query(
        """
        SELECT * FROM summary WHERE lang = ? AND paper IN (SELECT value FROM json_each(?))
        ORDER BY engine <> ?, version, engine
        """,
        [lang, listed(ids), built_in],
    )
    return {PaperId(r["paper"]): to_summary(r) for r in rows}


def kept_text(tx: Tx, paper: PaperId) -> FullText | None:
    """The full text of the paper's newest version that is kept, where one is."""
    row = tx.conn.execute(
        "SELECT body FROM full_text WHERE paper = ? ORDER BY version DESC LIMIT 1", [paper]
    ).fetchone()
    return unpacked(FullText, row[0]) if row else None


def with_text(tx: Tx, ids: Collection[PaperId]) -> set[PaperId]:
    """Those of the papers of which a full text is kept."""
    rows = tx.query(
        "SELECT DISTINCT paper FROM full_text WHERE paper IN (SELECT value FROM json_each(?))",
        [listed(ids)],
    )
    return {PaperId(r["paper"]) for r in rows}
