"""Keep the archive's folder as what is stored: only what changed is made, and written.

Made in steps off the event loop: the newest day and the front first, then what waits behind
them, newest month first. What a step has made is remembered, and what it is about to make, so
that a run that is cut off goes on where it was.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from formatters.site.paths import month_of
from jobs.archive.days import make_day
from jobs.archive.edition import Archive, Edition, Written
from jobs.archive.front import make_feeds, make_indexes, make_span
from jobs.archive.ports import Entries
from jobs.archive.topics import Items, items_of, make_topic, touched, unlisted
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
    planned = await archive.selection.planned(topics)
    edition = await asyncio.to_thread(Edition.begin, archive, topics, planned)
    days = edition.plan(only, anew=anew)
    stale = edition.memory.front != edition.stamp
    newest = [day for day in days if day == max(planned)]
    if newest:
        await _make(edition, month_of(newest[0]), newest)
    if newest or stale:
        await _make_front(edition, planned)
    behind = _by_month(days[len(newest) :], {month for _, month in edition.links}, newest)
    for month, some in behind:
        await _make(edition, month, some)
    if behind:
        await _make_front(edition, [day for _, some in behind for day in some])
    if newest or stale or behind:
        await asyncio.to_thread(edition.finish)
    return edition.written


def _by_month(
    days: Iterable[date], linking: Iterable[str], made: Iterable[date]
) -> list[tuple[str, list[date]]]:
    """The days by their months, with further months whose pages link otherwise; newest first."""
    found: dict[str, list[date]] = {month: [] for month in linking}
    for day in made:
        found.pop(month_of(day), None)
    for day in days:
        found.setdefault(month_of(day), []).append(day)
    return sorted(found.items(), reverse=True)


async def _make(edition: Edition, month: str, days: Sequence[date]) -> None:
    """Make some days of one month, then all pages of topics that this changes."""
    read = edition.archive.selection.entries
    await asyncio.to_thread(edition.open, days)
    for day in days:
        entries = await read(list(edition.topics.values()), day, day)
        await asyncio.to_thread(make_day, edition, day, entries)
    slugs = touched(edition, month, days)
    fresh = {slug: await asyncio.to_thread(unlisted, edition, slug, month) for slug in slugs}
    items = await _items(edition, slugs, sorted({day for some in fresh.values() for day in some}))
    for slug in slugs:
        await asyncio.to_thread(make_topic, edition, slug, month, items, fresh[slug])
    edition.close(days)


async def _items(edition: Edition, slugs: Sequence[str], days: Sequence[date]) -> Items:
    """What these topics' pages list of the days, and of those between them."""
    if not days:
        return dict.fromkeys(Lang, ())
    topics = [edition.topics[slug] for slug in slugs]
    entries = await edition.archive.selection.entries(topics, days[0], days[-1])
    return await asyncio.to_thread(items_of, edition, entries)


async def _make_front(edition: Edition, changed: Collection[date]) -> None:
    """The files that stand for many days, after some days changed."""
    last = max(edition.planned, default=None)
    if last is None:
        nothing: Entries = dict.fromkeys(Lang, ())
        await asyncio.to_thread(make_feeds, edition, nothing)
    elif max(changed, default=last) >= (first := last - SPAN):
        topics = list(edition.topics.values())
        recent = await edition.archive.selection.entries(topics, first, last)
        await asyncio.to_thread(make_feeds, edition, recent)
        await asyncio.to_thread(make_span, edition, first, last, recent)
    await asyncio.to_thread(make_indexes, edition)
