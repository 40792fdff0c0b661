"""How values are written in columns and read back: days, moments, lists.

Pure. Moments are ISO 8601 in UTC, so that the order of text is the order of time.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any


def moment(value: datetime) -> str:
    """A UTC-aware moment as text of constant width; ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(value: str | None) -> datetime | None:
    """The moment written by `moment`."""
    return datetime.fromisoformat(value) if value else None


def to_day(value: str | None) -> date | None:
    """The day written by `date.isoformat`."""
    return date.fromisoformat(value) if value else None


def clock_time(value: time | None) -> str | None:
    """A local time of day as `HH:MM`."""
    return value.strftime("%H:%M") if value else None


def listed(values: Iterable[Any]) -> str:
    """A list as JSON."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def to_tuple(value: str) -> tuple[Any, ...]:
    """The list written by `listed`."""
    return tuple(json.loads(value))
