"""One morning's window laid out: its papers, its topics' matches, and digests made of them.

Everything here runs on the jobs' own thread. A topic is evaluated once, a card rendered
once, whatever the number of chats.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from formatters.compose.cards import Frame, card, card_name
from formatters.compose.digest import Shared, empty_line, pages
from formatters.compose.morning import Morning
from formatters.document import Document, Text, plain
from formatters.site.paths import day_address
from jobs import planning
from jobs.digest.desk import Desk
from jobs.digest.highlights import highlights_of, rising_phrases
from jobs.digest.wording import Said, Wanted
from jobs.matching import Matched, match
from jobs.planning import Assembled, Group, Window
from jobs.ports import Renderer
from jobs.ranking import Ranked
from jobs.topics import topic_categories
from storage import digests, papers, runs
from storage.database import Tx
from storage.models import (
    ChatKey,
    Digest,
    DigestItem,
    DraftPart,
    Lang,
    Paper,
    PaperId,
    Run,
    Summary,
    Topic,
)
from storage.search import DayIndex, IndexedPaper

T = TypeVar("T")

PAPERS_AT_ONCE, TOPICS_AT_ONCE = 50, 20
"""Sizes of the steps between which the work gives way; each takes some milliseconds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One digest, decided but not yet written up."""

    group: Group
    digest: Digest
    rows: Mapping[PaperId, int]

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


@dataclass(frozen=True, slots=True)
class Found:
    """One topic's matches in the window."""

    topic: Topic
    categories: tuple[str, ...]
    ranked: tuple[Ranked[int], ...]
    by_row: Mapping[int, Matched]


class Bench:
    """A window with the matches of its topics. Build it with `lay`."""

    def __init__(
        self,
        desk: Desk,
        window: Window,
        found: Mapping[str, Found],
        run: Run | None,
        rising: frozenset[str],
        *,
        news: Run | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`run` is the newest one, `news` the newest that brought something.

        `give_way` is called between the digests, see `Database.give_way`.
        """
        self._desk = desk
        self._window = window
        self._newest = {row: announced[-1] for row, announced in window.rows.items()}
        self._found = found
        self._run = run
        self._news = news
        self._rising = rising
        self._give_way = give_way
        self._cards: dict[str, Shared] = {}
        self._rendered: dict[str, str] = {}

    @classmethod
    def lay(cls, tx: Tx, desk: Desk, since: int, groups: Sequence[Group]) -> "Bench":
        """Read what was announced after `since` and match the groups' topics against it."""
        candidates = papers.announced_since(tx, since)
        names = {s.topic for group in groups for s in group.subscriptions}
        with DayIndex() as index:
            window = planning.window_of(candidates)
            for some in _batches(indexed(window), PAPERS_AT_ONCE):
                index.add(some)
                desk.db.give_way()
            found: dict[str, Found] = {}
            for some_names in _batches(names, TOPICS_AT_ONCE):
                matched = match({name: desk.stored(name) for name in some_names}, index)
                found |= find(desk, some_names, window, matched)
                desk.db.give_way()
        days = [day for day, _ in window.days]
        return cls(
            desk,
            window,
            found,
            runs.last(tx),
            rising_phrases(tx, days),
            news=runs.last_fresh(tx),
            give_way=desk.db.give_way,
        )

    def plan(self, tx: Tx, groups: Sequence[Group]) -> list[Plan]:
        """Decide what each group's digest holds; those of one chat do not repeat each other."""
        plans: list[Plan] = []
        sent: dict[ChatKey, dict[PaperId, int]] = {}
        for group in groups:
            before = sent.setdefault(group.chat.key, {})
            plans.append(self._plan(tx, group, before))
            before |= {item.paper: item.version for item in plans[-1].digest.items}
            self._give_way()
        return plans

    def wanted(self, plan: Plan) -> Wanted:
        """What is to be said of a plan."""
        topics: dict[str, list[PaperId]] = {}
        for item in plan.digest.items:
            for section in (item.section, *item.also) if item.shown else ():
                topics.setdefault(plan.digest.sections[section], []).append(item.paper)
        return Wanted(plan.lang, self.shown(plan), topics)

    def shown(self, plan: Plan) -> dict[PaperId, Paper]:
        """The papers that a plan shows."""
        return {i.paper: self._paper(plan, i.paper) for i in plan.digest.items if i.shown}

    def write_up(self, _: Tx, plans: Sequence[Plan], said: Sequence[Said]) -> list[Ready]:
        """Render each plan with what is said of it."""
        ready = []
        for plan, of_plan in zip(plans, said, strict=True):
            ready.append(self._write_up(plan, of_plan))
            self._give_way()
        return ready

    def decide(self, group: Group, seen: Mapping[PaperId, int]) -> Plan:
        """What a group's digest holds, given which versions its chat was sent."""
        found = [self._found[s.topic] for s in group.subscriptions]
        ranked = [f.ranked for f in found]
        assembled = planning.assemble(group, self._window, ranked, seen, self._run)
        return Plan(group, self._explained(assembled, found), assembled.rows)

    def _plan(self, tx: Tx, group: Group, sent: Mapping[PaperId, int]) -> Plan:
        found = [self._found[s.topic] for s in group.subscriptions]
        ids = {self._newest[r.paper].paper.id for f in found for r in f.ranked}
        seen = digests.seen(tx, group.chat.key, ids) if ids else {}
        return self.decide(group, {**seen, **sent})

    def _explained(self, assembled: Assembled, found: Sequence[Found]) -> Digest:
        def explained(item: DigestItem) -> DigestItem:
            row, topic = assembled.rows[item.paper], found[item.section]
            paper = self._newest[row].paper
            return planning.explained(item, topic.categories, paper, topic.by_row[row].reasons)

        digest = assembled.digest
        return replace(digest, items=tuple(map(explained, digest.items)))

    def _write_up(self, plan: Plan, said: Said) -> Ready:
        renderer = self._desk.renderers[plan.group.chat.platform]
        frame = Frame(plan.lang, self._desk.site)
        if not plan.digest.items:
            parts: Sequence[DraftPart] = ()
            if plan.group.chat.notify_empty:
                line = plain(empty_line(plan.digest, plan.lang))
                parts = renderer.notice(Document((Text(line),)))
            return Ready(plan.group, plan.digest, parts, {}, self._window.last_seq)
        morning = self.morning(plan, said)
        cards = {
            paper: self._card(found, said.summaries[paper], frame, renderer)
            for paper, found in self.shown(plan).items()
        }
        parts = renderer.digest(pages(morning, frame), cards, plan.group.chat)
        bodies = self._bodies(parts, cards.values(), renderer)
        return Ready(plan.group, plan.digest, parts, bodies, self._window.last_seq)

    def morning(self, plan: Plan, said: Said) -> Morning:
        """All that the plan's document is made of."""
        candidates = {paper: self._newest[row] for paper, row in plan.rows.items()}
        topics = [self._found[text].topic for text in plan.digest.sections]
        phrases = [(paper, c.prepared.phrases) for paper, c in candidates.items()]
        return Morning(
            digest=plan.digest,
            sections=tuple(self._desk.topic_name(topic, plan.lang) for topic in topics),
            papers={paper: candidate.paper for paper, candidate in candidates.items()},
            summaries=said.summaries,
            highlights=highlights_of(phrases, topics, self._rising),
            late=planning.lateness_of(self._news, plan.digest),
            overview=said.overview,
            archive=self._archived(plan),
            budget_used_up=said.budget_used_up,
        )

    def _archived(self, plan: Plan) -> str:
        """Where the archive has the newest day of a digest."""
        days = plan.digest.days
        if not self._desk.archive or not days:
            return ""
        return day_address(self._desk.archive, plan.lang, days[-1])

    def _card(self, paper: Paper, summary: Summary, frame: Frame, renderer: Renderer) -> Shared:
        name = card_name(paper, summary, frame, renderer.name)
        if name not in self._cards:
            self._cards[name] = Shared(name, card(paper, summary, frame))
        return self._cards[name]

    def _bodies(
        self, parts: Sequence[DraftPart], cards: Iterable[Shared], renderer: Renderer
    ) -> dict[str, str]:
        """The renderings of those cards that parts name, each made once."""
        named = {part.card for part in parts}
        found = {}
        for shared in cards:
            if shared.name in named:
                if shared.name not in self._rendered:
                    self._rendered[shared.name] = renderer.card(shared.card)
                found[shared.name] = self._rendered[shared.name]
        return found

    def _paper(self, plan: Plan, paper: PaperId) -> Paper:
        return self._newest[plan.rows[paper]].paper


def find(
    desk: Desk, names: Iterable[str], window: Window, matches: Mapping[str, Sequence[Matched]]
) -> dict[str, Found]:
    """Each topic's matches, ranked."""
    return {name: _found(desk.stored(name), matches[name], window) for name in names}


def _found(topic: Topic, matches: Sequence[Matched], window: Window) -> Found:
    return Found(
        topic=topic,
        categories=topic_categories(topic.node),
        ranked=planning.ordered(matches, window),
        by_row={matched.row: matched for matched in matches},
    )


def indexed(window: Window) -> Iterable[IndexedPaper]:
    """The window's papers as the index takes them."""
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


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of a size, the last one shorter."""
    left = iter(values)
    while batch := list(islice(left, size)):
        yield batch
