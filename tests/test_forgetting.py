"""What nobody looks at any more goes; what may still be compared stays."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from jobs.collect import KEPT, forget_old
from storage import papers, runs
from storage.database import Database
from storage.models import Run, RunState

NOW = datetime(2026, 10, 16, 5, tzinfo=UTC)


async def test_only_old_runs_and_counts_are_forgotten(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "kept.db")
    old, recent = NOW - KEPT - timedelta(days=1), NOW - timedelta(days=28)
    for moment in (old, recent):
        await db.write(runs.record, Run(moment, moment, RunState.FRESH, "announced"))
        await db.write(papers.count_phrases, moment.date(), {"visual token": 3})
    await forget_old(db, NOW)
    left = await db.read(lambda tx: [r["finished"] for r in tx.query("SELECT * FROM run")])
    assert [datetime.fromisoformat(finished) for finished in left] == [recent]
    counted = await db.read(papers.phrases_between, date(2026, 1, 1), NOW.date())
    assert counted == {"visual token": 3}
    db.close()
