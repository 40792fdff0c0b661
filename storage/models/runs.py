"""How collecting went."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class RunState(StrEnum):
    """How a collecting run ended: an empty morning is explained by it."""

    FRESH = "fresh"
    WAITING = "waiting"
    QUIET = "quiet"
    STALLED = "stalled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt to learn what arXiv announced."""

    started: datetime
    finished: datetime
    state: RunState
    cause: str
    """Catalogue key suffix under `cause.`: weekend, holiday, not-yet, late, throttled…"""
    detail: str = ""
    """A technical word for the log and /status: a status code, a silent category."""
    day: date | None = None
    """The announcement day (US Eastern) that the feed showed."""
    announced: int = 0
    """Items that were new to us."""
    requests: int = 0
    late: timedelta = timedelta(0)
    """How long after the feed's usual hour we still waited for it."""
    retry_after: timedelta = timedelta(0)
    """How long arXiv asked to be left alone; for the next probe, not stored."""
