"""Papers and their announcements: stored once, never overwritten by something poorer.

Owns the tables paper, announcement, phrase_day, and the search index's
rows. Decides nothing about what is new or relevant beyond equality of rows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from storage import search
from storage.database import Tx
from storage.models import AnnounceType, Candidate, Paper, PaperId, Prepared
from storage.rows import listed, moment, to_moment, to_tuple

UPSERT = """
INSERT INTO paper (id, version, title, abstract, authors, primary_category, categories,
    published, updated, comment, journal_ref, doi, enriched, phrases)
VALUES (:id, :version, :title, :abstract, :authors, :primary_category, :categories,
    :published, :updated, :comment, :journal_ref, :doi, :enriched, :phrases)
ON CONFLICT (id) DO UPDATE SET
    version = excluded.version, title = excluded.title, abstract = excluded.abstract,
    authors = excluded.authors, primary_category = excluded.primary_category,
    categories = excluded.categories,
    published = COALESCE(excluded.published, published),
    updated = COALESCE(excluded.updated, updated),
    comment = CASE WHEN excluded.enriched AND excluded.version > version
        THEN excluded.comment ELSE COALESCE(excluded.comment, comment) END,
    journal_ref = COALESCE(excluded.journal_ref, journal_ref),
    doi = COALESCE(excluded.doi, doi),
    enriched = excluded.enriched, phrases = excluded.phrases
WHERE (excluded.version > version
        OR (excluded.version = version AND excluded.enriched >= enriched))
    AND (excluded.title <> '' OR title = '') AND (excluded.abstract <> '' OR abstract = '')
RETURNING key
"""
"""A comment speaks of its version (one withdrawn, the next restored); the rest stays true."""


def store(tx: Tx, entries: Iterable[Prepared]) -> None:
    """Add or renew papers. An older version or poorer metadata changes nothing."""
    stored = []
    for entry in entries:
        row = tx.conn.execute(UPSERT, _columns(entry)).fetchone()
        if row is not None:
            stored.append(_indexed(row[0], entry))
    search.index_papers(tx, stored)


def announce(
    tx: Tx, day: date, items: Sequence[tuple[PaperId, int, AnnounceType]], *, live: bool
) -> int:
    """Record one day's announcement of stored papers; returns how many items are new to us.

    An item that was recorded for the same day, or live under the same version and kind for
    another one, is known already: arXiv repeats itself. `live` False is history filled in
    for previews, which no digest shows.
    """
    before = tx.conn.total_changes
    tx.conn.executemany(
        """
        INSERT INTO announcement (day, paper, version, kind, live)
        SELECT :day, key, :version, :kind, :live FROM paper WHERE id = :id
            AND NOT EXISTS (
                SELECT 1 FROM announcement a WHERE a.paper = paper.key
                AND a.version = :version AND a.live >= :live
                AND (a.day = :day OR (a.kind = :kind AND :kind NOT LIKE '%cross'))
            )
        """,
        [
            {"day": day.isoformat(), "id": paper, "version": version, "kind": kind, "live": live}
            for paper, version, kind in items
        ],
    )
    return tx.conn.total_changes - before


def known(tx: Tx, ids: Collection[PaperId]) -> dict[PaperId, tuple[int, bool]]:
    """Version and whether the metadata is full, for those of the ids that are stored."""
    rows = tx.query(
        "SELECT id, version, enriched FROM paper WHERE id IN (SELECT value FROM json_each(?))",
        [listed(ids)],
    )
    return {PaperId(r["id"]): (r["version"], bool(r["enriched"])) for r in rows}


def already_announced(tx: Tx, ids: Collection[PaperId], first: date) -> set[PaperId]:
    """Those of the ids that were announced live, or are known from before the day `first`."""
    rows = tx.query(
        """
        SELECT p.id FROM paper p WHERE p.id IN (SELECT value FROM json_each(?))
            AND EXISTS (SELECT 1 FROM announcement a WHERE a.paper = p.key
                AND (a.live = 1 OR a.day < ?))
        """,
        [listed(ids), first.isoformat()],
    )
    return {PaperId(r["id"]) for r in rows}


def unenriched(tx: Tx, limit: int) -> list[PaperId]:
    """Papers that wait for their full metadata, newest first."""
    rows = tx.query("SELECT id FROM paper WHERE enriched = 0 ORDER BY key DESC LIMIT ?", [limit])
    return [PaperId(r["id"]) for r in rows]


def keep_code(tx: Tx, paper: PaperId, links: Sequence[str]) -> None:
    """Note what a stored paper's full text calls its authors' code; nothing takes nothing away."""
    if links:
        tx.conn.execute("UPDATE paper SET code = ? WHERE id = ?", [listed(links), paper])


def code_of(tx: Tx, ids: Collection[PaperId]) -> dict[PaperId, tuple[str, ...]]:
    """The code of those of the papers whose full text was read and names some."""
    rows = tx.query(
        "SELECT id, code FROM paper WHERE code <> '[]' AND id IN (SELECT value FROM json_each(?))",
        [listed(ids)],
    )
    return {PaperId(r["id"]): to_tuple(r["code"]) for r in rows}


def get(tx: Tx, paper: PaperId) -> Paper | None:
    """One paper, or None when it is not stored."""
    found = get_many(tx, [paper])
    return found.get(paper)


def get_many(tx: Tx, ids: Collection[PaperId]) -> dict[PaperId, Paper]:
    """The stored ones of these papers."""
    rows = tx.query(
        "SELECT * FROM paper WHERE id IN (SELECT value FROM json_each(?))", [listed(ids)]
    )
    return {PaperId(r["id"]): _paper(r) for r in rows}


def by_rows(tx: Tx, keys: Collection[int]) -> dict[int, Paper]:
    """Papers by the row keys that the search index speaks of."""
    rows = tx.query(
        "SELECT * FROM paper WHERE key IN (SELECT value FROM json_each(?))", [listed(keys)]
    )
    return {r["key"]: _paper(r) for r in rows}


def newest_rows(tx: Tx, keys: Collection[int], limit: int) -> list[int]:
    """Those of the row keys that were submitted last, newest first."""
    rows = tx.query(
        """
        SELECT key FROM paper WHERE key IN (SELECT value FROM json_each(?))
        ORDER BY published DESC, key DESC LIMIT ?
        """,
        [listed(keys), limit],
    )
    return [r["key"] for r in rows]


def last_seq(tx: Tx) -> int:
    """The sequence number of the newest live announcement; 0 before the first."""
    row = tx.conn.execute(
        "SELECT COALESCE(MAX(seq), 0) FROM announcement WHERE live = 1"
    ).fetchone()
    return int(row[0])


def count_since(tx: Tx, seq: int) -> int:
    """How many papers were announced for the first time, live, after `seq`."""
    row = tx.conn.execute(
        "SELECT COUNT(DISTINCT paper) FROM announcement WHERE seq > ? AND live = 1"
        " AND kind IN ('new', 'cross')",
        [seq],
    ).fetchone()
    return int(row[0])


def announced_since(tx: Tx, seq: int) -> list[Candidate]:
    """Live announcements after `seq`, in order, each with its paper."""
    return _candidates(tx, "a.seq > ? AND a.live = 1", [seq])


def announced_between(tx: Tx, first: date, last: date) -> list[Candidate]:
    """First announcements of these days, history included: what a preview looks at."""
    return _candidates(
        tx,
        "a.day BETWEEN ? AND ? AND a.kind IN ('new', 'cross')",
        [first.isoformat(), last.isoformat()],
    )


def rows_between(tx: Tx, first: date, last: date) -> list[int]:
    """Row keys of the papers first announced on these days, history included."""
    (found,) = tx.conn.execute(
        "SELECT json_group_array(DISTINCT paper) FROM announcement WHERE day BETWEEN ? AND ?"
        " AND kind IN ('new', 'cross')",
        [first.isoformat(), last.isoformat()],
    ).fetchone()
    return list(to_tuple(found))


def days_known(tx: Tx, first: date, last: date, *, live: bool = False) -> list[date]:
    """Announcement days of this span of which a paper is stored; `live`: learned live."""
    rows = tx.query(
        "SELECT DISTINCT day FROM announcement WHERE day BETWEEN ? AND ? AND live >= ? ORDER BY 1",
        [first.isoformat(), last.isoformat(), live],
    )
    return [date.fromisoformat(r["day"]) for r in rows]


def first_live_day(tx: Tx) -> date | None:
    """The oldest announcement day that was learned live."""
    row = tx.conn.execute("SELECT MIN(day) FROM announcement WHERE live = 1").fetchone()
    return date.fromisoformat(row[0]) if row[0] else None


def last_live_day(tx: Tx) -> date | None:
    """The newest announcement day that was learned live."""
    row = tx.conn.execute("SELECT MAX(day) FROM announcement WHERE live = 1").fetchone()
    return date.fromisoformat(row[0]) if row[0] else None


def category_counts(tx: Tx, first: date, last: date) -> dict[str, dict[date, int]]:
    """Live first announcements per primary category and day of a span."""
    rows = tx.query(
        """
        SELECT p.primary_category AS category, a.day AS day, COUNT(*) AS papers
        FROM announcement a JOIN paper p ON p.key = a.paper
        WHERE a.day BETWEEN ? AND ? AND a.live = 1 AND a.kind IN ('new', 'cross')
        GROUP BY 1, 2
        """,
        [first.isoformat(), last.isoformat()],
    )
    counts: dict[str, dict[date, int]] = {}
    for r in rows:
        counts.setdefault(r["category"], {})[date.fromisoformat(r["day"])] = r["papers"]
    return counts


def count_phrases(tx: Tx, day: date, counts: Mapping[str, int]) -> None:
    """Replace the day's keyphrase counts (papers that have each phrase)."""
    tx.conn.execute("DELETE FROM phrase_day WHERE day = ?", [day.isoformat()])
    tx.conn.executemany(
        "INSERT INTO phrase_day (phrase, day, papers) VALUES (?, ?, ?)",
        [(phrase, day.isoformat(), papers) for phrase, papers in counts.items()],
    )


def phrase_history(tx: Tx, phrases: Collection[str], first: date, last: date) -> dict[str, int]:
    """How many papers of a span had each of these phrases."""
    rows = tx.query(
        """
        SELECT phrase, SUM(papers) AS papers FROM phrase_day
        WHERE phrase IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?
        GROUP BY phrase
        """,
        [listed(phrases), first.isoformat(), last.isoformat()],
    )
    return {r["phrase"]: r["papers"] for r in rows}


def phrases_between(tx: Tx, first: date, last: date) -> dict[str, int]:
    """How many papers of a span had each keyphrase that papers of one day share."""
    rows = tx.query(
        "SELECT phrase, SUM(papers) AS papers FROM phrase_day WHERE day BETWEEN ? AND ?"
        " GROUP BY phrase",
        [first.isoformat(), last.isoformat()],
    )
    return {r["phrase"]: r["papers"] for r in rows}


def seq_before(tx: Tx, day: date) -> int:
    """The newest sequence number of announcements before a day; 0 where there are none."""
    row = tx.conn.execute(
        "SELECT COALESCE(MAX(seq), 0) FROM announcement WHERE day < ? AND live = 1",
        [day.isoformat()],
    ).fetchone()
    return int(row[0])


def papers_between(tx: Tx, first: date, last: date) -> int:
    """How many first announcements a span had, history included."""
    row = tx.conn.execute(
        "SELECT COUNT(*) FROM announcement WHERE day BETWEEN ? AND ? AND kind IN ('new', 'cross')",
        [first.isoformat(), last.isoformat()],
    ).fetchone()
    return int(row[0])


def forget_phrases(tx: Tx, before: date) -> None:
    """Drop keyphrase counts that no comparison looks at any more."""
    tx.conn.execute("DELETE FROM phrase_day WHERE day < ?", [before.isoformat()])


def _candidates(tx: Tx, condition: str, values: list[Any]) -> list[Candidate]:
    rows = tx.query(
        f"""
        SELECT p.*, a.seq, a.day, a.kind, a.version AS announced_version,
            t.title AS plain_title, t.abstract AS plain_abstract
        FROM announcement a JOIN paper p ON p.key = a.paper
            JOIN paper_text t ON t.paper = p.key
        WHERE {condition} ORDER BY a.seq
        """,  # noqa: S608 -- the conditions are this module's own
        values,
    )
    return [
        Candidate(
            seq=r["seq"],
            row=r["key"],
            day=date.fromisoformat(r["day"]),
            kind=AnnounceType(r["kind"]),
            version=r["announced_version"],
            prepared=Prepared(
                _paper(r), r["plain_title"], r["plain_abstract"], to_tuple(r["phrases"])
            ),
        )
        for r in rows
    ]


def _columns(entry: Prepared) -> dict[str, Any]:
    paper = entry.paper
    return {
        "id": paper.id,
        "version": paper.version,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": listed(paper.authors),
        "primary_category": paper.primary_category,
        "categories": listed(paper.categories),
        "published": moment(paper.published) if paper.published else None,
        "updated": moment(paper.updated) if paper.updated else None,
        "comment": paper.comment,
        "journal_ref": paper.journal_ref,
        "doi": paper.doi,
        "enriched": paper.enriched,
        "phrases": listed(entry.phrases),
    }


def _paper(row: Mapping[str, Any]) -> Paper:
    return Paper(
        id=PaperId(row["id"]),
        version=row["version"],
        title=row["title"],
        abstract=row["abstract"],
        authors=to_tuple(row["authors"]),
        primary_category=row["primary_category"],
        categories=to_tuple(row["categories"]),
        published=to_moment(row["published"]),
        updated=to_moment(row["updated"]),
        comment=row["comment"],
        journal_ref=row["journal_ref"],
        doi=row["doi"],
        enriched=bool(row["enriched"]),
    )


def _indexed(key: int, entry: Prepared) -> search.IndexedPaper:
    paper = entry.paper
    return search.IndexedPaper(
        row=key,
        paper_id=paper.id,
        title=entry.title,
        abstract=entry.abstract,
        authors=paper.authors,
        categories=paper.categories,
    )
