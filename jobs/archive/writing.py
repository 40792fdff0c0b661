"""Keep the archive's folder as what is stored: only what changed is made, and written.

Made in steps off the event loop, a day, then its topics' month; what a step has made is
remembered after it, so that a run that is cut off goes on where it was.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby

from formatters.archive.entries import ArchivedTopic
from formatters.site.paths import month_of
from formatters.site.templating import form
from jobs.archive.edition import Archive, Edition, Written
from jobs.archive.memory import due
from jobs.archive.ports import Entries
from storage.models import Lang

SPAN = timedelta(days=6)
"""How far back the other formats and the feeds look from the newest day."""


async def update(
    archive: Archive, *, only: Collection[date] | None = None, anew: bool = False
) -> Written:
    """Bring the folder up to date: all days, or `only` those; `anew` makes them all again.

    Raises UserError for what can't be written, and StorageError; what was made till then stays.
    """
    topics = await archive.selection.topics()
    stamp = _stamp(archive, topics)
    marks = {day: f"{mark} {stamp}" for day, mark in (await archive.selection.marks()).items()}
    edition = await asyncio.to_thread(Edition.begin, archive, topics)
    days = sorted(set(only or marks) & set(marks)) if anew else due(edition.days, marks, only)
    for _, month in groupby(days, key=month_of):
        await _update_month(edition, {day: marks[day] for day in month})
    if days or edition.front != stamp:
        await _finish(edition, marks, stamp)
    return edition.written


async def _update_month(edition: Edition, days: Mapping[date, str]) -> None:
    """Make some days of one month, then all pages of topics that this changes."""
    read, before = edition.archive.selection.entries, dict(edition.days)
    for day, mark in days.items():
        entries = await read(list(edition.topics.values()), day, day)
        await asyncio.to_thread(edition.make_day, day, mark, entries)
    for month, slugs in sorted(edition.touched(before, days).items()):
        entries = await read([edition.topics[slug] for slug in slugs], *_span(month))
        items = await asyncio.to_thread(edition.items, entries)
        for slug in slugs:
            await asyncio.to_thread(edition.make_topic, slug, month, items)
    await asyncio.to_thread(edition.remember)


async def _finish(edition: Edition, days: Collection[date], stamp: str) -> None:
    """The files that stand for many days."""
    recent: Entries = dict.fromkeys(Lang, ())
    if days:
        last = max(days)
        first = last - SPAN
        topics = list(edition.topics.values())
        recent = await edition.archive.selection.entries(topics, first, last)
        await asyncio.to_thread(edition.make_span, first, last, recent)
    await asyncio.to_thread(edition.make_front, recent, stamp)


def _stamp(archive: Archive, topics: Sequence[ArchivedTopic]) -> str:
    """Names what every page depends on beside its papers."""
    known = repr((form(), archive.arxiv, archive.address, topics))
    return sha256(known.encode()).hexdigest()[:12]


def _span(month: str) -> tuple[date, date]:
    """A month's first and last day."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)
