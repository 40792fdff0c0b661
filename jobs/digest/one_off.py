"""A digest of one topic straight from the source: nothing is subscribed or marked.

Of what it makes, only what engines say is stored, for who asks again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from formatters.compose.morning import Morning
from jobs import planning, schedule
from jobs.collect import prepare
from jobs.digest.bench import Bench, Plan, find, indexed
from jobs.digest.desk import Desk
from jobs.digest.wording import Wanted, Wording
from jobs.matching import match
from jobs.planning import Group
from jobs.ports import PaperSource, RetryLater, SourceError
from jobs.topics import kind_for, topic_categories
from storage.models import (
    Announced,
    AnnounceType,
    Candidate,
    Chat,
    ChatKey,
    Lang,
    Paper,
    Platform,
    Slot,
    Subscription,
    SubscriptionKey,
    Topic,
    When,
)
from storage.search import DayIndex

WEEK = timedelta(days=7)

Progress = Callable[[str], None]
"""Told the catalogue key of each step, under `once.`."""


async def one_off(
    desk: Desk,
    source: PaperSource,
    topic: Topic,
    *,
    categories: Sequence[str],
    most: int,
    lang: Lang,
    tz: str,
    progress: Progress,
) -> Morning:
    """The latest announcements that match; when they are fewer than `most`, the last week's.

    `categories` is where a topic that names none is looked for. Raises SourceError or
    RetryLater when arXiv gives nothing usable, UserError for what only live search refuses.
    """
    now = desk.clock.now()
    wanted = topic_categories(topic.node) or tuple(categories)
    progress("feed")
    feed = await source.announcements(wanted)
    items = feed.items if feed else ()
    day = (feed.day if feed else None) or schedule.feed_day(now)
    candidates = await asyncio.to_thread(_from_feed, items, day)
    group = _group(topic, most, lang, tz, now)
    bench = await asyncio.to_thread(_lay, desk, topic, candidates)
    plan = bench.decide(group, {})
    if plan.digest.counts.matched < most:
        progress("search")
        found = await source.search(topic.node, limit=most, submitted=(now - WEEK, now))
        candidates = await asyncio.to_thread(_with_week, candidates, found, wanted)
        bench = await asyncio.to_thread(_lay, desk, topic, candidates)
        plan = bench.decide(group, {})
    progress("write")
    return await _morning(desk, bench, plan, source)


def _from_feed(items: Sequence[Announced], day: date) -> list[Candidate]:
    """First announcements; the feed's own title and abstract are enough to match on."""
    first = [item for item in items if not item.kind.is_replacement]
    prepared = prepare([item.paper for item in first])
    return [
        Candidate(row + 1, row, day, item.kind, item.paper.version, paper)
        for row, (item, paper) in enumerate(zip(first, prepared, strict=True))
    ]


def _with_week(
    candidates: Sequence[Candidate], found: Sequence[Paper], categories: Sequence[str]
) -> list[Candidate]:
    """Add what a search of the last week found and the feed does not have."""
    known = {candidate.paper.id for candidate in candidates}
    more = [paper for paper in found if paper.id not in known]
    start = len(candidates)
    added = [
        Candidate(
            seq=row + 1,
            row=row,
            day=_day_of(prepared.paper),
            kind=kind_for(prepared.paper, AnnounceType.NEW, categories),
            version=prepared.paper.version,
            prepared=prepared,
        )
        for row, prepared in enumerate(prepare(more), start)
    ]
    return [*candidates, *added]


def _day_of(paper: Paper) -> date:
    return schedule.announcement_day_of(paper.published) if paper.published else date.min


def _lay(desk: Desk, topic: Topic, candidates: Sequence[Candidate]) -> Bench:
    window = planning.window_of(candidates)
    with DayIndex() as index:
        index.add(indexed(window))
        matches = match({topic.text: topic}, index)
    return Bench(desk, window, find(desk, [topic.text], window, matches), None, frozenset())


async def _morning(desk: Desk, bench: Bench, plan: Plan, source: PaperSource) -> Morning:
    """The digest, with the full metadata of what it shows."""
    shown = bench.shown(plan)
    bare = [paper.id for paper in shown.values() if not paper.enriched]
    if bare:
        with suppress(SourceError, RetryLater):  # the feed's own fields serve
            shown |= {paper.id: paper for paper in await source.papers(bare)}
    wanted = Wanted(plan.lang, shown, dict.fromkeys(plan.digest.sections, tuple(shown)))
    (said,) = await Wording(desk).of([wanted])
    morning = bench.morning(plan, said)
    return replace(morning, papers={**morning.papers, **shown})


def _group(topic: Topic, most: int, lang: Lang, tz: str, now: datetime) -> Group:
    """A chat and a subscription for this one digest."""
    chat = Chat(ChatKey(0), Platform.TERMINAL, "", lang, tz, length=most)
    subscription = Subscription(
        key=SubscriptionKey(0),
        chat=chat.key,
        topic=topic.text,
        when=When(Slot.FRESH, tz),
        lang=None,
        limit=None,
        split=False,
        replacements=False,
        since=0,
        paused_until=None,
        next_due=None,
        created=now,
    )
    return Group(chat, (subscription,), "once", schedule.local_date(now, tz))
