"""What each collecting run ended with, and the feed's validators for the next one.

Owns the tables run, feed and filled.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from storage.database import Tx
from storage.models import Run, RunState
from storage.rows import moment, to_day, to_moment


def record(tx: Tx, run: Run) -> None:
    """Keep a run."""
    tx.conn.execute(
        """
        INSERT INTO run
            (started, finished, state, cause, detail, day, announced, requests, late_minutes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            moment(run.started),
            moment(run.finished),
            run.state,
            run.cause,
            run.detail,
            run.day.isoformat() if run.day else None,
            run.announced,
            run.requests,
            int(run.late.total_seconds() // 60),
        ],
    )


def last(tx: Tx) -> Run | None:
    """The newest run."""
    return _first(tx, "1 = 1")


def last_fresh(tx: Tx) -> Run | None:
    """The newest run that found something."""
    return _first(tx, "state = 'fresh'")


def forget_runs(tx: Tx, before: datetime) -> None:
    """Drop runs that nobody asks about any more."""
    tx.conn.execute("DELETE FROM run WHERE finished < ?", [moment(before)])


def feed_seen(tx: Tx, categories: str) -> tuple[str | None, str | None]:
    """ETag and Last-Modified of the feed that was last taken whole; None where unknown."""
    row = tx.conn.execute(
        "SELECT etag, last_modified FROM feed WHERE categories = ?", [categories]
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def shown_day(tx: Tx, categories: str) -> date | None:
    """The day that this feed showed when it was last taken whole."""
    row = tx.conn.execute("SELECT day FROM feed WHERE categories = ?", [categories]).fetchone()
    return to_day(row[0]) if row else None


def remember_feed(
    tx: Tx, categories: str, etag: str | None, last_modified: str | None, day: date | None
) -> None:
    """Keep a feed's validators, once all that it named is stored."""
    tx.conn.execute(
        """
        INSERT INTO feed (categories, etag, last_modified, day) VALUES (?, ?, ?, ?)
        ON CONFLICT (categories) DO UPDATE SET
            etag = excluded.etag, last_modified = excluded.last_modified, day = excluded.day
        """,
        [categories, etag, last_modified, day.isoformat() if day else None],
    )


def mark_filled(tx: Tx, day: date, categories: Iterable[str]) -> None:
    """All of a day's papers of these categories are stored."""
    tx.conn.executemany(
        "INSERT OR IGNORE INTO filled (day, category) VALUES (?, ?)",
        [(day.isoformat(), category) for category in categories],
    )


def filled(tx: Tx, first: date) -> set[tuple[date, str]]:
    """The days from `first` on, each with a category whose papers are all stored."""
    rows = tx.query("SELECT day, category FROM filled WHERE day >= ?", [first.isoformat()])
    return {(date.fromisoformat(r["day"]), r["category"]) for r in rows}


def _first(tx: Tx, condition: str) -> Run | None:
    rows = list(
        tx.query(f"SELECT * FROM run WHERE {condition} ORDER BY key DESC LIMIT 1")  # noqa: S608 -- our own condition
    )
    return _run(rows[0]) if rows else None


def _run(row: Mapping[str, Any]) -> Run:
    started, finished = to_moment(row["started"]), to_moment(row["finished"])
    assert started is not None  # noqa: S101 -- NOT NULL in the schema
    assert finished is not None  # noqa: S101 -- NOT NULL in the schema
    return Run(
        started=started,
        finished=finished,
        state=RunState(row["state"]),
        cause=row["cause"],
        detail=row["detail"],
        day=to_day(row["day"]),
        announced=row["announced"],
        requests=row["requests"],
        late=timedelta(minutes=row["late_minutes"]),
    )
