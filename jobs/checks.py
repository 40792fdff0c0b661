"""Whether everything that paperround needs is there, a finding a line. Changes nothing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from jobs.ports import Clock, PaperSource, RetryLater, SourceError
from storage import outbox
from storage.database import Database
from storage.errors import StorageError

LEAST_ZONES = 400
EARLIEST_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `name` and `advice` are catalogue keys under `check.`."""

    name: str
    passed: bool
    detail: str = ""
    advice: str = ""


async def check_all(
    *, db: Database, clock: Clock, source: PaperSource, tz: str, categories: Sequence[str]
) -> list[Finding]:
    """Every check, in the order in which they build on each other."""
    looks: list[Callable[[], Awaitable[Finding]]] = [
        lambda: _database(db),
        lambda: _clock(clock, tz),
        lambda: _arxiv(source, categories),
    ]
    return [await look() for look in looks]


async def _database(db: Database) -> Finding:
    try:
        waiting = await db.read(outbox.queue)
    except StorageError as error:
        return Finding("database", passed=False, detail=str(error), advice="database_advice")
    return Finding("database", passed=True, detail=f"{db.path} ({waiting.waiting})")


async def _clock(clock: Clock, tz: str) -> Finding:
    now, zones = clock.now(), len(available_timezones())
    if now < EARLIEST_CLOCK or zones < LEAST_ZONES:
        detail = f"{now:%Y-%m-%d %H:%M} UTC, {zones} zones"
        return Finding("clock", passed=False, detail=detail, advice="clock_advice")
    local = now.astimezone(ZoneInfo(tz))
    return Finding("clock", passed=True, detail=f"{local:%Y-%m-%d %H:%M} {tz}, {zones} zones")


async def _arxiv(source: PaperSource, categories: Sequence[str]) -> Finding:
    try:
        feed = await source.announcements(categories[:1])
    except (SourceError, RetryLater) as error:
        return Finding("arxiv", passed=False, detail=str(error), advice="arxiv_advice")
    size = len(feed.items) if feed else 0
    day = feed.day.isoformat() if feed and feed.day else "–"
    return Finding("arxiv", passed=True, detail=f"{categories[0]}: {day}, {size}")
