"""Make the digests that are due: match once per topic, plan per chat, commit whole.

Reading and matching run on the jobs' own thread, so commands stay quick. A chat's digest,
its seen-marks, its parts and what its subscriptions are due for next commit together; a run
that is cut off is made again for the chats that were not reached.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from formatters.compose.cards import Frame, card, card_name
from formatters.compose.digest import Highlights, Morning, empty_line, pages
from formatters.document import Document, Text, plain
from jobs import planning, schedule, summarize
from jobs.matching import TopicMatcher
from jobs.planning import Group, Window
from jobs.ports import Clock, Renderer, Summarizer
from jobs.themes import rising, themes
from storage import digests, outbox, papers, runs, subscriptions
from storage.database import Database, Tx
from storage.errors import AlreadyExists
from storage.models import (
    Chat,
    Digest,
    DraftPart,
    Lang,
    Paper,
    PaperId,
    Platform,
    Run,
    Subscription,
    Summary,
    Topic,
)
from storage.search import DayIndex, IndexedPaper

CHATS_AT_ONCE = 25
FURTHEST_BACK = timedelta(days=14)
"""How far a catch-up looks back; what is older is counted as covered."""
HISTORY = timedelta(days=28)
RISING_CONSIDERED = 60


async def make_due(desk: Desk) -> int:
    """Make every digest that is due; returns how many. Raises only for defects and storage."""
    now = desk.clock.now()
    groups = await desk.db.study(_due_groups, now)
    floor = await desk.db.study(_floor, now)
    made = 0
    for since, members in _by_window(groups, floor).items():
        made += await _make_window(desk, since, members, now)
    return made


async def _make_window(desk: Desk, since: int, groups: Sequence[Group], now: datetime) -> int:
    """Digests of all chats that are covered up to the same point."""
    made = 0
    bench = await desk.db.study(_Bench.lay, desk, since, groups, now)
    try:
        for start in range(0, len(groups), CHATS_AT_ONCE):
            batch = groups[start : start + CHATS_AT_ONCE]
            plans = await desk.db.study(bench.plan, batch)
            said = await _summaries(desk, bench, plans)
            ready = await desk.db.study(bench.write_up, plans, said)
            for one in ready:
                made += await desk.db.write(_commit, one, now)
    finally:
        await desk.db.study(lambda _: bench.close())
    return made


async def _summaries(
    desk: Desk, bench: "_Bench", plans: Sequence["Plan"]
) -> dict[Lang, dict[PaperId, Summary]]:
    """Summaries of what will be shown, and of nothing else, per language."""
    wanted: dict[Lang, dict[PaperId, Paper]] = {}
    for plan in plans:
        shown = (item for item in plan.digest.items if item.shown)
        wanted.setdefault(plan.lang, {}).update(
            {item.paper: bench.paper(plan, item.paper) for item in shown}
        )
    return {
        lang: await summarize.summaries(
            db=desk.db, engines=desk.engines, papers=list(found.values()), lang=lang
        )
        for lang, found in wanted.items()
    }


@dataclass(frozen=True, slots=True)
class Plan:
    """One digest, decided but not yet written up."""

    group: Group
    digest: Digest
    rows: Mapping[PaperId, int]
    topics: tuple[Topic, ...]

    @property
    def lang(self) -> Lang:
        """The language of the digest."""
        return self.group.subscriptions[0].lang or self.group.chat.lang


@dataclass(frozen=True, slots=True)
class Ready:
    """One digest, written up: all that its transaction stores."""

    group: Group
    digest: Digest
    parts: Sequence[DraftPart]
    cards: Mapping[str, str]
    last_seq: int


class _Bench:
    """One window's papers and the matches of its topics; lives on the jobs' thread."""

    def __init__(
        self, desk: Desk, window: Window, matcher: TopicMatcher, run: Run | None, news: set[str]
    ) -> None:
        self._desk = desk
        self._window = window
        self._matcher = matcher
        self._run = run
        self._news = news
        self._cards: dict[str, str] = {}

    @classmethod
    def lay(
        cls, tx: Tx, desk: Desk, since: int, groups: Sequence[Group], now: datetime
    ) -> "_Bench":
        window = planning.window_of(papers.announced_since(tx, since))
        index = DayIndex()
        index.add(_indexed(window))
        topics = {s.topic: desk.parse(s.topic) for group in groups for s in group.subscriptions}
        matcher = TopicMatcher(topics, index, order=_recency(window))
        return cls(desk, window, matcher, runs.last(tx), _rising(tx, window, now))

    def close(self) -> None:
        self._matcher.close()

    def paper(self, plan: Plan, paper: PaperId) -> Paper:
        return self._window.rows[plan.rows[paper]][-1].paper

    def plan(self, tx: Tx, groups: Sequence[Group]) -> list[Plan]:
        return [self._plan(tx, group) for group in groups]

    def _plan(self, tx: Tx, group: Group) -> Plan:
        topics = tuple(self._matcher.topic(s.topic) for s in group.subscriptions)
        ranked = [self._matcher.ranked(s.topic) for s in group.subscriptions]
        ids = {self._window.rows[row][0].paper.id for rows in ranked for row in rows}
        seen = digests.seen(tx, group.chat.key, ids) if ids else {}
        digest, rows = planning.assemble(group, self._window, ranked, seen, self._run)
        items = tuple(
            planning.explained(
                item,
                topics[item.section],
                self._window.rows[rows[item.paper]][-1],
                self._matcher.reasons(digest.sections[item.section], rows[item.paper])
                if item.shown
                else (),
            )
            for item in digest.items
        )
        return Plan(group, replace(digest, items=items), rows, topics)

    def write_up(
        self, _: Tx, plans: Sequence[Plan], said: Mapping[Lang, Mapping[PaperId, Summary]]
    ) -> list[Ready]:
        return [self._write_up(plan, said.get(plan.lang, {})) for plan in plans]

    def _write_up(self, plan: Plan, said: Mapping[PaperId, Summary]) -> Ready:
        renderer = self._desk.renderers[plan.group.chat.platform]
        frame = Frame(plan.lang, self._desk.site)
        if not plan.digest.items:
            parts: Sequence[DraftPart] = ()
            if plan.group.chat.notify_empty:
                line = empty_line(plan.digest, plan.lang)
                parts = renderer.notice(Document((Text(plain(line)),)))
            return Ready(plan.group, plan.digest, parts, {}, self._window.last_seq)
        morning = self._morning(plan, said)
        names = {
            item.paper: self._card(morning.papers[item.paper], said[item.paper], frame, renderer)
            for item in plan.digest.items
            if item.shown
        }
        parts = renderer.digest(pages(morning, frame), names)
        cards = {name: self._cards[name] for name in names.values()}
        return Ready(plan.group, plan.digest, parts, cards, self._window.last_seq)

    def _morning(self, plan: Plan, said: Mapping[PaperId, Summary]) -> Morning:
        found = {item.paper: self._window.rows[plan.rows[item.paper]] for item in plan.digest.items}
        phrases = [(paper, rows[-1].prepared.phrases) for paper, rows in found.items()]
        names = tuple(self._desk.topic_name(topic, plan.lang) for topic in plan.topics)
        return Morning(
            digest=plan.digest,
            sections=names,
            papers={paper: rows[-1].paper for paper, rows in found.items()},
            summaries=said,
            highlights=highlights_of(phrases, plan.topics, self._news),
            late=planning.lateness_of(self._run, plan.digest),
        )

    def _card(self, paper: Paper, summary: Summary, frame: Frame, renderer: Renderer) -> str:
        name = card_name(paper, summary, frame, renderer.name)
        if name not in self._cards:
            self._cards[name] = renderer.card(card(paper, summary, frame))
        return name


def _due_groups(tx: Tx, now: datetime) -> list[Group]:
    """Digests to make now; what is paused or had its digest is put off in passing."""
    groups = []
    for chat, due in subscriptions.due(tx, now):
        dated = [
            (subscription, schedule.slot_date(subscription.when, now))
            for subscription in due
            if not schedule.is_paused(subscription, now)
        ]
        groups.extend(planning.grouped(chat, dated))
    return groups


def _floor(tx: Tx, now: datetime) -> int:
    return papers.seq_before(tx, (now - FURTHEST_BACK).date())


def _by_window(groups: Iterable[Group], floor: int) -> dict[int, list[Group]]:
    """Groups by the point up to which they are covered, so that one index serves each."""
    windows: dict[int, list[Group]] = {}
    for group in groups:
        windows.setdefault(max(group.since, floor), []).append(group)
    return windows


def _indexed(window: Window) -> Iterable[IndexedPaper]:
    for row, announced in window.rows.items():
        prepared = announced[-1].prepared
        yield IndexedPaper(
            row=row,
            paper_id=prepared.paper.id,
            title=prepared.title,
            abstract=prepared.abstract,
            authors=prepared.paper.authors,
            categories=prepared.paper.categories,
        )


def _recency(window: Window) -> dict[int, tuple[datetime | None, int]]:
    raise NotImplementedError


def _commit(tx: Tx, ready: Ready, now: datetime) -> int:
    """Store a digest whole; 0 when this chat and slot had one on that date already."""
    group, made = ready.group, 1
    due = [
        (s.key, ready.last_seq, schedule.next_due(s.when, now)) for s in group.subscriptions
    ]
    if digests.taken(tx, group.chat.key, group.slot, group.local_date):
        due = [(s.key, s.since, schedule.next_due(s.when, now)) for s in group.subscriptions]
        made = 0
    else:
        outbox.share(tx, ready.cards, now)
        key = digests.record(tx, ready.digest, now)
        items = ((item.paper, item.version) for item in ready.digest.items)
        digests.mark_seen(tx, group.chat.key, items)
        outbox.enqueue(tx, group.chat.key, ready.parts, now, digest=key)
    subscriptions.settle(tx, due)
    return made
