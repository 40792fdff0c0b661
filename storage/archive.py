"""What the archive reads: which papers were announced first on a day, and what is said of them.

Owns no table: it looks across those of papers, digests and analyses.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from storage.database import Tx
from storage.digests import to_summary
from storage.models import AnnounceType, Lang, PaperId, Summary
from storage.rows import listed, to_tuple


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


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper as the archive would show it now."""

    row: int
    """Its key in the search index."""
    paper: PaperId
    day: date
    """Of its first announcement."""
    said: str
    """Names what is known of it and what is said of it: other words after any change."""


_PAPERS = """
WITH first AS (
    SELECT paper, MIN(day) AS day FROM announcement WHERE kind IN ('new', 'cross') GROUP BY paper
)
SELECT p.key, p.id, first.day, json_array(p.version, p.enriched, p.comment, p.doi, p.journal_ref,
    p.categories, p.code)
FROM first JOIN paper p ON p.key = first.paper ORDER BY first.day, p.key
"""
_SAID = (
    """
    SELECT paper, group_concat(version || lang || engine || mark)
    FROM summary INDEXED BY summary_mark GROUP BY paper
    """,
    """
    SELECT paper, group_concat(version || lang || engine || made)
    FROM analysis INDEXED BY analysis_made GROUP BY paper
    """,
)
"""What a paper's pages are made of, told by indexes alone: the texts themselves are large."""


def standing(tx: Tx) -> list[Standing]:
    """Every paper that was announced, oldest day first."""
    said = [dict(tx.conn.execute(query).fetchall()) for query in _SAID]
    return [
        Standing(
            row, PaperId(paper), day, "\n".join((known, *(each.get(paper, "") for each in said)))
        )
        for day, some in groupby(tx.conn.execute(_PAPERS), key=itemgetter(2))
        for day in (date.fromisoformat(day),)
        for row, paper, _, known in some
    ]


def phrases(tx: Tx, rows: Collection[int]) -> dict[int, tuple[str, ...]]:
    """What papers are about, as it was found when they were stored, by their row keys."""
    found = tx.query(
        "SELECT key, phrases FROM paper WHERE key IN (SELECT value FROM json_each(?))",
        [listed(rows)],
    )
    return {r["key"]: to_tuple(r["phrases"]) for r in found}


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
