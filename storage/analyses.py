"""Full texts that were read, analyses made of them, and who waits for one.

Owns the tables full_text, analysis, analysis_job, analysis_request, analysis_use. A job stands
in its table until its analysis is on its way to everybody who asked: what an ending process
leaves there is made at the next start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from storage.bodies import body_of, value_of
from storage.database import Tx
from storage.models import Analysis, ChatKey, Lang, PaperId
from storage.rows import listed, moment

JobKey = NewType("JobKey", int)
UseKey = NewType("UseKey", int)

UNREACHABLE = "unreachable"
"""What a text lacks where arXiv could not be asked: it is not kept, and what was made of it is
kept for who was sent it alone."""


@dataclass(frozen=True, slots=True)
class Job:
    """One analysis that somebody waits for."""

    key: JobKey
    paper: PaperId
    version: int
    lang: Lang
    anew: bool
    """Though there is one."""
    attempts: int
    """How often it was begun before."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An analysis in the cache."""

    analysis: Analysis
    made: datetime


def keep_text(tx: Tx, paper: PaperId, version: int, body: bytes, now: datetime) -> None:
    """Keep a text that was read, packed (`bodies.packed`), for questions about it."""
    tx.conn.execute(
        "INSERT OR REPLACE INTO full_text (paper, version, body, read) VALUES (?, ?, ?, ?)",
        [paper, version, body, moment(now)],
    )


def text_of(tx: Tx, paper: PaperId, version: int) -> tuple[bytes, datetime] | None:
    """The packed text of this version, where it is kept, and when it was read."""
    row = tx.conn.execute(
        "SELECT body, read FROM full_text WHERE paper = ? AND version = ?", [paper, version]
    ).fetchone()
    return (row[0], datetime.fromisoformat(row[1])) if row else None


def keep(tx: Tx, analysis: Analysis, now: datetime) -> None:
    """Cache an analysis; a newer one of the same engine replaces the older."""
    tx.conn.execute(
        """
        INSERT OR REPLACE INTO analysis (paper, version, lang, engine, body, made)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            analysis.paper,
            analysis.version,
            analysis.lang,
            analysis.engine,
            body_of(analysis),
            moment(now),
        ],
    )


def find(tx: Tx, paper: PaperId, version: int, lang: Lang, engine: str) -> Kept | None:
    """One engine's analysis of this version."""
    row = tx.conn.execute(
        """
        SELECT body, made FROM analysis
        WHERE paper = ? AND version = ? AND lang = ? AND engine = ?
        """,
        [paper, version, lang, engine],
    ).fetchone()
    found = value_of(Analysis, row[0]) if row else None
    return Kept(found, datetime.fromisoformat(row[1])) if found else None


def latest(tx: Tx, paper: PaperId, version: int, lang: Lang) -> Analysis | None:
    """The analysis of this version that was made last, whoever made it and of whatever text."""
    rows = tx.conn.execute(
        """
        SELECT body FROM analysis
        WHERE paper = ? AND version = ? AND lang = ? ORDER BY made DESC
        """,
        [paper, version, lang],
    )
    found = (value_of(Analysis, body) for (body,) in rows)
    return next((analysis for analysis in found if analysis is not None), None)


def newest(tx: Tx, papers: Sequence[PaperId], lang: Lang) -> dict[PaperId, Analysis]:
    """The analysis of each paper that was made last, where there is one of a text to be had."""
    rows = tx.conn.execute(
        """
        SELECT body FROM analysis
        WHERE lang = ? AND paper IN (SELECT value FROM json_each(?)) ORDER BY version, made
        """,
        [lang, listed(papers)],
    )
    found = (value_of(Analysis, body) for (body,) in rows)
    return {
        analysis.paper: analysis
        for analysis in found
        if analysis is not None and analysis.coverage.lacks != UNREACHABLE
    }


def enlist(
    tx: Tx, paper: PaperId, version: int, lang: Lang, now: datetime, *, anew: bool
) -> tuple[Job, bool]:
    """The job of this version and language, and whether it is new."""
    found = _job(tx, paper, version, lang)
    if found is not None:
        return found, False
    tx.conn.execute(
        """
        INSERT INTO analysis_job (paper, version, lang, anew, attempts, created)
        VALUES (?, ?, ?, ?, 0, ?)
        """,
        [paper, version, lang, anew, moment(now)],
    )
    made = _job(tx, paper, version, lang)
    assert made is not None  # noqa: S101 -- it was just inserted
    return made, True


def await_job(tx: Tx, job: JobKey, chat: ChatKey, person: str, now: datetime) -> None:
    """Note that a chat wants what the job brings."""
    tx.conn.execute(
        "INSERT OR IGNORE INTO analysis_request (job, chat, person, asked) VALUES (?, ?, ?, ?)",
        [job, chat, person, moment(now)],
    )


def awaiting(tx: Tx, job: JobKey) -> list[ChatKey]:
    """The chats that want what the job brings, in the order in which they asked."""
    rows = tx.conn.execute(
        "SELECT chat FROM analysis_request WHERE job = ? ORDER BY asked, chat", [job]
    )
    return [ChatKey(chat) for (chat,) in rows]


def give_up(tx: Tx, job: JobKey, chat: ChatKey) -> bool:
    """Note that a chat wants it no more. Whether the job went: nobody waits for it now.

    With the job goes its use: it ended without an analysis.
    """
    tx.conn.execute("DELETE FROM analysis_request WHERE job = ? AND chat = ?", [job, chat])
    gone = tx.conn.execute(
        """
        DELETE FROM analysis_job WHERE key = ?
            AND NOT EXISTS (SELECT 1 FROM analysis_request WHERE job = analysis_job.key)
        """,
        [job],
    )
    if gone.rowcount:
        tx.conn.execute("DELETE FROM analysis_use WHERE job = ?", [job])
    return gone.rowcount > 0


def begin(tx: Tx, job: JobKey) -> None:
    """Count a beginning, so that a job that ends its process is not begun for ever."""
    tx.conn.execute("UPDATE analysis_job SET attempts = attempts + 1 WHERE key = ?", [job])


def put_off(tx: Tx, job: JobKey) -> None:
    """Its process ends in good order: that it was begun counts no more."""
    tx.conn.execute("UPDATE analysis_job SET attempts = MAX(0, attempts - 1) WHERE key = ?", [job])


def done(tx: Tx, job: JobKey, *, well: bool) -> None:
    """The job is over, and so is the waiting. Where it did not end well, its use goes too."""
    if not well:
        tx.conn.execute("DELETE FROM analysis_use WHERE job = ?", [job])
    tx.conn.execute("DELETE FROM analysis_request WHERE job = ?", [job])
    tx.conn.execute("DELETE FROM analysis_job WHERE key = ?", [job])


def jobs(tx: Tx) -> list[Job]:
    """Every job, the oldest first."""
    return [_read(row) for row in tx.query("SELECT * FROM analysis_job ORDER BY key")]


def waiting_for(tx: Tx, chat: ChatKey) -> list[Job]:
    """What a chat waits for."""
    rows = tx.query(
        """
        SELECT * FROM analysis_job
        WHERE key IN (SELECT job FROM analysis_request WHERE chat = ?) ORDER BY key
        """,
        [chat],
    )
    return [_read(row) for row in rows]


def note_use(
    tx: Tx, person: str, chat: ChatKey, what: str, now: datetime, *, job: JobKey | None = None
) -> UseKey:
    """Somebody had an engine do something: `analyze`, which is a job, or `ask`."""
    noted = tx.conn.execute(
        "INSERT INTO analysis_use (person, chat, what, at, job) VALUES (?, ?, ?, ?, ?)",
        [person, chat, what, moment(now), job],
    )
    return UseKey(noted.lastrowid or 0)


def give_back(tx: Tx, use: UseKey) -> None:
    """Nothing came of a use: it does not count."""
    tx.conn.execute("DELETE FROM analysis_use WHERE rowid = ?", [use])


@dataclass(frozen=True, slots=True)
class Uses:
    """How often, since some moment."""

    by_person: int
    by_chat: int


def uses(tx: Tx, person: str, chat: ChatKey, what: str, since: datetime) -> Uses:
    """How often this person, and anybody in this chat, had it done since then."""
    row = tx.conn.execute(
        """
        SELECT COALESCE(SUM(person = ?), 0), COALESCE(SUM(chat = ?), 0)
        FROM analysis_use WHERE what = ? AND at > ?
        """,
        [person, chat, what, moment(since)],
    ).fetchone()
    return Uses(*row)


def disown(tx: Tx, person: str) -> None:
    """Forget who asked; that somebody in the chat did still counts."""
    tx.conn.execute("UPDATE analysis_use SET person = '' WHERE person = ?", [person])
    tx.conn.execute("UPDATE analysis_request SET person = '' WHERE person = ?", [person])


def forget(tx: Tx, texts_before: datetime, uses_before: datetime) -> None:
    """Drop texts and counts that nobody asks for any more."""
    tx.conn.execute("DELETE FROM full_text WHERE read < ?", [moment(texts_before)])
    tx.conn.execute("DELETE FROM analysis_use WHERE at < ?", [moment(uses_before)])


def _job(tx: Tx, paper: PaperId, version: int, lang: Lang) -> Job | None:
    rows = tx.query(
        "SELECT * FROM analysis_job WHERE paper = ? AND version = ? AND lang = ?",
        [paper, version, lang],
    )
    return next(map(_read, rows), None)


def _read(row: Mapping[str, Any]) -> Job:
    return Job(
        JobKey(row["key"]),
        PaperId(row["paper"]),
        row["version"],
        Lang(row["lang"]),
        bool(row["anew"]),
        row["attempts"],
    )
