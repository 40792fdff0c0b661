"""Learn what arXiv announced: the feed names it, batches of ids describe it.

Every run ends in a recorded state with its cause. Papers are stored first; the day's
announcement, the feed's validators, the run and who is due because of it commit together,
so a run that is cut off is simply made again. Reaches arXiv only through a PaperSource.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from formatters.text import readable
from jobs import schedule
from jobs.keyphrases import keyphrases
from jobs.ports import Clock, Feed, PaperSource, RetryLater, SourceError, Validators
from jobs.topics import kind_for
from storage import overviews, papers, runs, subscriptions
from storage.database import Database, Tx
from storage.models import Announced, AnnounceType, Paper, PaperId, Prepared, Run, RunState
from storage.syntax import Category, Node, Or

STORED_AT_ONCE = 20
"""Papers a transaction: it stays within 20 ms, so that commands can write in between."""
PREVIEW_DAYS = 7
MOST_MISSED_DAYS = 14
MOST_PREVIEWED = 2_000
MOST_CAUGHT_UP = 10_000
CAUGHT_UP = "live"
"""Under this name `runs.mark_filled` keeps days that were searched after the fact."""
STEADY_DAYS = 3
STEADY_PAPERS = 5
KEPT = timedelta(days=60)
"""How long runs and keyphrase counts stay; comparisons look back four weeks."""
MODERATION = timedelta(days=5)
"""How much earlier than its announcement's window a paper may have been submitted."""

Item = tuple[PaperId, int, AnnounceType]


async def collect(
    *, db: Database, source: PaperSource, clock: Clock, categories: Sequence[str]
) -> Run:
    """One probe, and all that follows when it shows something new. Never raises for weather.

    `categories` is everything that is wanted: the configured ones and the topics'.
    """
    attempt = _Attempt(db, source, clock, tuple(sorted(set(categories))), clock.now())
    try:
        return await attempt.run()
    except SourceError as error:
        return await attempt.end(RunState.FAILED, error.cause, error.detail)
    except RetryLater as error:
        run = await attempt.end(RunState.FAILED, error.cause)
        return replace(run, retry_after=error.after)


async def fill_previews(
    *, db: Database, source: PaperSource, clock: Clock, categories: Sequence[str]
) -> int:
    """Fill in the last week for previews, newest day first; returns how many days it filled.

    A day and category that was learned live needs no filling, nor does the day that is not
    yet announced. Raises SourceError or RetryLater; what is filled by then stays.
    """
    days = schedule.recent_days(clock.now(), PREVIEW_DAYS)
    done = await db.study(runs.filled, days[-1])
    newest = await db.study(papers.last_live_day) or days[0]
    filled = 0
    for day in days:
        missing = [each for each in sorted(set(categories)) if (day, each) not in done]
        if not missing or day > newest:
            continue
        found = await source.search(
            any_of(missing), limit=MOST_PREVIEWED, submitted=schedule.submission_window(day)
        )
        await store_papers(db, found)
        items = [(p.id, p.version, kind_for(p, AnnounceType.NEW, missing)) for p in found]
        await db.write(papers.announce, day, items, live=False)
        await _count_phrases(db, day)
        await db.write(runs.mark_filled, day, missing)
        filled += 1
    return filled


async def enrich(*, db: Database, source: PaperSource, limit: int = 400) -> int:
    """Fetch the metadata that could not be had when a paper was announced; how many came."""
    waiting = await db.study(papers.unenriched, limit)
    if not waiting:
        return 0
    found = await source.papers(waiting)
    await store_papers(db, found)
    return len(found)


async def forget_old(db: Database, now: datetime) -> None:
    """Drop runs, keyphrase counts and overviews that nobody looks at any more."""
    await db.write(runs.forget_runs, now - KEPT)
    await db.write(overviews.forget, now - KEPT)
    await db.write(papers.forget_phrases, (now - KEPT).date())


async def store_papers(db: Database, found: Sequence[Paper]) -> None:
    """Prepare and store papers, in short transactions."""
    for start in range(0, len(found), STORED_AT_ONCE):
        batch = found[start : start + STORED_AT_ONCE]
        prepared = await asyncio.to_thread(prepare, batch)
        await db.write(papers.store, prepared)


def prepare(batch: Sequence[Paper]) -> list[Prepared]:
    """What is derived from each paper's text once: readable words and keyphrases."""
    return [_prepared(paper) for paper in batch]


def any_of(categories: Sequence[str]) -> Node:
    """The tree that takes any of these categories."""
    leaves = tuple(Category(category) for category in categories)
    return leaves[0] if len(leaves) == 1 else Or(leaves)


def best_of(announced: Announced, described: Paper | None) -> Paper:
    """The fuller description, where it is whole and no older than what was announced."""
    if described is None or described.version < announced.paper.version:
        return announced.paper
    return described if described.title and described.abstract else announced.paper


@dataclass(slots=True)
class _Attempt:
    """One run under way."""

    db: Database
    source: PaperSource
    clock: Clock
    categories: tuple[str, ...]
    started: datetime
    requests_before: int = field(init=False)
    searched: int = 0
    """News that were found beside the feed."""

    def __post_init__(self) -> None:
        self.requests_before = self.source.requests

    @property
    def feed_name(self) -> str:
        return "+".join(self.categories)

    async def run(self) -> Run:
        known = Validators(*await self.db.study(runs.feed_seen, self.feed_name))
        feed = await self.source.announcements(self.categories, known)
        if feed is None or feed.day is None or not feed.items:
            last_day = await self.db.study(papers.last_live_day)
            shown = feed.day if feed else await self.db.study(runs.shown_day, self.feed_name)
            verdict = schedule.judge(self.clock.now(), last_day, shown)
            return await self.end(verdict.state, verdict.cause, feed=feed)
        failed = await self._catch_up(feed, feed.day)
        await self._store(feed.items)
        failed += await self._fill_silent(feed, feed.day)
        if failed:  # without validators the next probe sees the whole feed again
            feed = replace(feed, validators=Validators())
        return await self._announce(feed, detail="; ".join(failed))

    async def end(
        self, state: RunState, cause: str, detail: str = "", feed: Feed | None = None
    ) -> Run:
        run = self._result(state, cause, detail, day=feed.day if feed else None)
        await self.db.write(_finish, run, self.feed_name, feed, ())
        return run

    async def _announce(self, feed: Feed, detail: str) -> Run:
        items = [(i.paper.id, i.paper.version, i.kind) for i in feed.items]
        run = self._result(RunState.FRESH, "announced", detail, day=feed.day)
        run = await self.db.write(_finish, run, self.feed_name, feed, items)
        if run.announced and feed.day is not None:
            await _count_phrases(self.db, feed.day)
        return run

    async def _store(self, items: Sequence[Announced]) -> None:
        """Store what the feed names; described in full where arXiv can be asked."""
        ids = [item.paper.id for item in items]
        known = await self.db.study(papers.known, ids)
        wanted = [
            item
            for item in items
            if known.get(item.paper.id, (0, False)) < (item.paper.version, True)
        ]
        described: dict[PaperId, Paper] = {}
        try:
            found = await self.source.papers([item.paper.id for item in wanted])
            described = {paper.id: paper for paper in found}
        except (SourceError, RetryLater):
            pass  # the feed's own fields serve; `enrich` asks again later
        await store_papers(
            self.db, [best_of(item, described.get(item.paper.id)) for item in wanted]
        )

    async def _catch_up(self, feed: Feed, feed_day: date) -> list[str]:
        """Search for what was announced on days without a feed. What failed, in words."""
        days = await self.db.study(missed_days, feed_day)
        if not days:
            return []
        try:
            await self._search(feed, days, self.categories)
        except (SourceError, RetryLater) as error:
            return [f"{days[0]} to {days[-1]}: {error}"]
        for day in days:
            await self.db.write(runs.mark_filled, day, [CAUGHT_UP])
        return []

    async def _fill_silent(self, feed: Feed, feed_day: date) -> list[str]:
        """Search for categories of which the feed shows nothing though they are never silent."""
        counts = await self.db.study(
            papers.category_counts, feed_day - timedelta(days=PREVIEW_DAYS), feed_day
        )
        shown = {item.paper.primary_category for item in feed.items}
        silent = silent_categories(counts, shown, self.categories, feed_day)
        try:
            for category in silent:
                await self._search(feed, [feed_day], (category,))
        except (SourceError, RetryLater) as error:
            return [f"{', '.join(silent)}: {error}"]
        return [f"{category}: absent from the feed" for category in silent]

    async def _search(self, feed: Feed, days: Sequence[date], categories: tuple[str, ...]) -> None:
        """Store and announce by search what is not known yet of these days, nor in the feed."""
        span = await self.db.study(_submitted, days)
        found = await self.source.search(any_of(categories), limit=MOST_CAUGHT_UP, submitted=span)
        ids = [paper.id for paper in found]
        announced = await self.db.study(papers.already_announced, ids, days[0])
        announced |= {item.paper.id for item in feed.items if not item.kind.is_replacement}
        news = [paper for paper in found if paper.id not in announced]
        await store_papers(self.db, news)
        for day, items in _by_day(news, days, self.categories).items():
            self.searched += await self.db.write(papers.announce, day, items, live=True)
            await _count_phrases(self.db, day)

    def _result(self, state: RunState, cause: str, detail: str, day: date | None) -> Run:
        return Run(
            started=self.started,
            finished=self.clock.now(),
            state=state,
            cause=cause,
            detail=detail,
            day=day,
            announced=self.searched,
            requests=self.source.requests - self.requests_before,
        )


def missed_days(tx: Tx, feed_day: date) -> list[date]:
    """Announcement days before the feed's, since the first one held, of which nothing came."""
    first = papers.first_live_day(tx)
    if first is None or first >= feed_day:
        return []
    start = max(first, feed_day - timedelta(days=MOST_MISSED_DAYS))
    last = feed_day - timedelta(days=1)
    held = set(papers.days_known(tx, start, last, live=True))
    held |= {day for day, name in runs.filled(tx, start) if name == CAUGHT_UP}
    return [day for day in schedule.announcement_days(start, last) if day not in held]


def _submitted(tx: Tx, days: Sequence[date]) -> tuple[datetime, datetime]:
    """When papers of these days may have been submitted.

    Some are held for moderation, but from before the first day that we hold none are looked
    for: all but those held were announced before anybody here asked.
    """
    first = schedule.submission_window(days[0])[0] - MODERATION
    held = papers.first_live_day(tx)
    if held is not None:
        first = max(first, schedule.submission_window(held)[0])
    return first, schedule.submission_window(days[-1])[1]


def silent_categories(
    counts: Mapping[str, Mapping[date, int]], shown: set[str], wanted: Sequence[str], today: date
) -> list[str]:
    """Wanted categories with five papers or more on each of three past days, and none now."""
    silent = []
    for category in wanted:
        days = counts.get(category, {})
        past = [papers for day, papers in days.items() if day != today]
        steady = len(past) >= STEADY_DAYS and min(past) >= STEADY_PAPERS
        if steady and category not in shown and today not in days:
            silent.append(category)
    return silent


def _by_day(
    news: Sequence[Paper], days: Sequence[date], categories: Sequence[str]
) -> dict[date, list[Item]]:
    """Spread papers over announcement days by their submission; a moderated one comes first."""
    spread: dict[date, list[Item]] = {}
    for paper in news:
        earliest = schedule.announcement_day_of(paper.published) if paper.published else days[0]
        day = next((day for day in days if day >= earliest), days[-1])
        item = (paper.id, paper.version, kind_for(paper, AnnounceType.NEW, categories))
        spread.setdefault(day, []).append(item)
    return dict(sorted(spread.items()))


def _finish(tx: Tx, run: Run, feed_name: str, feed: Feed | None, items: Sequence[Item]) -> Run:
    """One transaction: the announcement, the validators, the run, and who is due by it."""
    new = 0
    if items and run.day is not None:
        new = papers.announce(tx, run.day, items, live=True)
        runs.mark_filled(tx, run.day, feed_name.split("+"))
        run = _judged(tx, replace(run, announced=run.announced + new))
    if feed is not None:
        found = feed.validators
        runs.remember_feed(tx, feed_name, found.etag, found.last_modified, feed.day)
    runs.record(tx, run)
    if 2 * new > len(items) or run.state is RunState.QUIET:
        _wake_fresh(tx, run.finished)
    return run


def _judged(tx: Tx, run: Run) -> Run:
    """The run with its state: fresh by new ids alone, never by the feed's date."""
    if run.announced:
        fresh = runs.last_fresh(tx)
        same_day = fresh is not None and fresh.day == run.day
        late = fresh.late if fresh and same_day else schedule.lateness(run, runs.last(tx))
        return replace(run, late=late)
    verdict = schedule.judge(run.finished, papers.last_live_day(tx))
    return replace(run, state=verdict.state, cause=verdict.cause)


def _wake_fresh(tx: Tx, now: datetime) -> None:
    """Make fresh subscriptions due that something uncovered waits for.

    Called when most of a feed is new, or when nothing is to come today. A few late papers
    wait for that: a digest of them alone would take the place of the day's announcement.
    """
    last_seq = papers.last_seq(tx)
    for group in subscriptions.fresh_groups(tx):
        due = schedule.fresh_due(now, group.tz, group.days, group.opens, group.closes)
        local = schedule.local_date(due, group.tz)
        subscriptions.wake_fresh(tx, group, due, local, last_seq)


async def _count_phrases(db: Database, day: date) -> None:
    """Keep how many of the day's papers have each keyphrase."""
    counts = await db.study(phrase_counts, day)
    await db.write(papers.count_phrases, day, counts)


def phrase_counts(tx: Tx, day: date) -> dict[str, int]:
    """Keyphrases of the day's first announcements that at least two papers share."""
    counts = Counter(
        phrase
        for candidate in papers.announced_between(tx, day, day)
        for phrase in set(candidate.prepared.phrases)
    )
    return {phrase: papers for phrase, papers in counts.items() if papers > 1}


def _prepared(paper: Paper) -> Prepared:
    title, abstract = readable(paper.title), readable(paper.abstract)
    return Prepared(paper, title, abstract, keyphrases(title, abstract))
