"""What the archive's folder remembers of itself: from what each day was made, and its tally.

A day is made anew when it would be made from something else: other papers or summaries,
another form of the pages, other topics. Pure.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from formatters.site.contents import Tally
from formatters.site.paths import month_of

FILE = "paperround.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """One day in the folder."""

    mark: str
    """Names all that it was made from."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class Memory:
    """All that the folder remembers."""

    days: Mapping[date, Kept]
    front: str = ""
    """What the files that stand for all days were made with; empty: they are not all made."""
    span: tuple[str, ...] = ()
    """Paths of the other formats' files of a span of days."""


def remembered(text: str | None) -> Memory:
    """What `text` tells; nothing where it can't be read."""
    try:
        known = json.loads(text or "{}")
        days = {date.fromisoformat(day): _kept(entry) for day, entry in known["days"].items()}
        return Memory(days, str(known["front"]), tuple(map(str, known["span"])))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Memory({})


def told(memory: Memory) -> str:
    """It as a file's text, newest day first, one a line."""
    lines = (
        f'"{day}":' + json.dumps(_entry(memory.days[day]), separators=(",", ":"))
        for day in sorted(memory.days, reverse=True)
    )
    front = json.dumps({"front": memory.front, "span": memory.span})
    return front[:-1] + ',"days":{\n' + ",\n".join(lines) + "\n}}\n"


def due(
    known: Mapping[date, Kept], marks: Mapping[date, str], only: Collection[date] | None = None
) -> list[date]:
    """The days to be made for the folder to be as `marks` have it, oldest first.

    The day after a new one links to it, so that it is among them. `only` leaves all others out.
    """
    changed = {day for day, mark in marks.items() if day not in known or known[day].mark != mark}
    if only is not None:
        changed &= set(only)
    there = sorted({*known, *changed})
    fresh = changed.difference(known)
    linking = {later for day, later in pairwise(there) if day in fresh and later in marks}
    return sorted(changed | linking)


def months_of(days: Mapping[date, Kept]) -> dict[str, list[str]]:
    """By a topic's slug, the months in which it has papers, oldest first."""
    found: dict[str, set[str]] = {}
    for day, kept in days.items():
        for slug in kept.tally.topics:
            found.setdefault(slug, set()).add(month_of(day))
    return {slug: sorted(months) for slug, months in found.items()}


def relinked(
    before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> set[tuple[str, str]]:
    """Topics' months whose pages link otherwise than before, as (slug, month).

    A month links to the one before it, and the newest one to all.
    """
    found: set[tuple[str, str]] = set()
    for slug, months in after.items():
        had = before.get(slug, [])
        older, was_older = ({new: old for old, new in pairwise(known)} for known in (months, had))
        found |= {(slug, month) for month in months if older.get(month) != was_older.get(month)}
        if months != had:
            found.add((slug, months[-1]))
    return found


def _kept(entry: Mapping[str, Any]) -> Kept:
    topics = {str(slug): int(papers) for slug, papers in entry["topics"].items()}
    tally = Tally(int(entry["papers"]), topics, tuple(map(int, entry["shards"])))
    return Kept(str(entry["mark"]), tally)


def _entry(kept: Kept) -> dict[str, Any]:
    tally = kept.tally
    return {
        "mark": kept.mark,
        "papers": tally.papers,
        "topics": dict(sorted(tally.topics.items())),
        "shards": tally.shards,
    }
