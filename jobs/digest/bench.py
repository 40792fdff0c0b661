"""One morning's window laid out: its papers, its topics' matches, and digests made of them.

Everything here runs on the jobs' own thread. A topic is evaluated once, a card rendered
once, whatever the number of chats.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from formatters.compose.cards import Frame, card, card_name
from formatters.compose.digest import Morning, empty_line, pages
from formatters.document import Document, Text, plain
from jobs import planning
from jobs.digest.desk import Desk
from jobs.digest.highlights import highlights_of, rising_phrases
from jobs.matching import Matched, match
from jobs.planning import Assembled, Group, Window
from jobs.ports import Renderer
from jobs.ranking import Ranked
from storage import digests, papers, runs
from storage.database import Tx
from storage.models import (
    Candidate,
    Digest,
    DraftPart,
    Lang,
    Paper,
    PaperId,
    Run,
    Summary,
    Topic,
)
from storage.search import DayIndex, IndexedPaper


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
    ) -> None:
        self._desk = desk
        self._window = window
        self._found = found
        self._run = run
        self._rising = rising
        self._cards: dict[str, str] = {}

    @classmethod
    def lay(cls, tx: Tx, desk: Desk, since: int, groups: Sequence[Group]) -> "Bench":
        """Read what was announced after `since` and match the groups' topics against it."""
        candidates = papers.announced_since(tx, since)
        names = {s.topic for group in groups for s in group.subscriptions}
        with DayIndex() as index:
            window = planning.window_of(candidates)
            index.add(indexed(window))
            found = find(desk, names, window, match({n: desk.parse(n) for n in names}, index))
        days = [day for day, _ in window.days]
        return cls(desk, window, found, runs.last(tx), rising_phrases(tx, days))

    def plan(self, tx: Tx, groups: Sequence[Group]) -> list[Plan]:
        """Decide what each group's digest holds."""
        return [self._plan(tx, group) for group in groups]

    def shown(self, plan: Plan) -> dict[PaperId, Paper]:
        """The papers that a plan shows: what is to be summarized."""
        return {i.paper: self._paper(plan, i.paper) for i in plan.digest.items if i.shown}

    def write_up(
        self, _: Tx, plans: Sequence[Plan], said: Mapping[Lang, Mapping[PaperId, Summary]]
    ) -> list[Ready]:
        """Render each plan with the summaries, by language, of what it shows."""
        return [self._write_up(plan, said.get(plan.lang, {})) for plan in plans]

    def decide(self, group: Group, seen: Mapping[PaperId, int]) -> Plan:
        """What a group's digest holds, given which versions its chat was sent."""
        found = [self._found[s.topic] for s in group.subscriptions]
        ranked = [f.ranked for f in found]
        assembled = planning.assemble(group, self._window, ranked, seen, self._run)
        return Plan(group, self._explained(assembled, found), assembled.rows)

    def _plan(self, tx: Tx, group: Group) -> Plan:
        found = [self._found[s.topic] for s in group.subscriptions]
        ids = {self._window.rows[r.paper][0].paper.id for f in found for r in f.ranked}
        return self.decide(group, digests.seen(tx, group.chat.key, ids) if ids else {})

    def _explained(self, assembled: Assembled, found: Sequence[Found]) -> Digest:
        digest, rows = assembled.digest, assembled.rows
        items = tuple(
            planning.explained(
                item,
                found[item.section].topic,
                self._latest(rows[item.paper]).paper,
                found[item.section].by_row[rows[item.paper]].reasons,
            )
            for item in digest.items
        )
        return replace(digest, items=items)

    def _write_up(self, plan: Plan, said: Mapping[PaperId, Summary]) -> Ready:
        renderer = self._desk.renderers[plan.group.chat.platform]
        frame = Frame(plan.lang, self._desk.site)
        if not plan.digest.items:
            parts: Sequence[DraftPart] = ()
            if plan.group.chat.notify_empty:
                line = plain(empty_line(plan.digest, plan.lang))
                parts = renderer.notice(Document((Text(line),)))
            return Ready(plan.group, plan.digest, parts, {}, self._window.last_seq)
        morning = self.morning(plan, said)
        names = {
            paper: self._card(found, said[paper], frame, renderer)
            for paper, found in self.shown(plan).items()
        }
        parts = renderer.digest(pages(morning, frame), names)
        cards = {name: self._cards[name] for name in names.values()}
        return Ready(plan.group, plan.digest, parts, cards, self._window.last_seq)

    def morning(self, plan: Plan, said: Mapping[PaperId, Summary]) -> Morning:
        """All that the plan's document is made of."""
        candidates = {paper: self._latest(row) for paper, row in plan.rows.items()}
        topics = [self._found[text].topic for text in plan.digest.sections]
        phrases = [(paper, c.prepared.phrases) for paper, c in candidates.items()]
        return Morning(
            digest=plan.digest,
            sections=tuple(self._desk.topic_name(topic, plan.lang) for topic in topics),
            papers={paper: candidate.paper for paper, candidate in candidates.items()},
            summaries=said,
            highlights=highlights_of(phrases, topics, self._rising),
            late=planning.lateness_of(self._run, plan.digest),
        )

    def _card(self, paper: Paper, summary: Summary, frame: Frame, renderer: Renderer) -> str:
        name = card_name(paper, summary, frame, renderer.name)
        if name not in self._cards:
            self._cards[name] = renderer.card(card(paper, summary, frame))
        return name

    def _paper(self, plan: Plan, paper: PaperId) -> Paper:
        return self._latest(plan.rows[paper]).paper

    def _latest(self, row: int) -> Candidate:
        return self._window.rows[row][-1]


def find(
    desk: Desk, names: Iterable[str], window: Window, matches: Mapping[str, Sequence[Matched]]
) -> dict[str, Found]:
    """Each topic's matches, ranked."""
    return {
        name: Found(
            desk.parse(name),
            planning.ordered(matches[name], window),
            {m.row: m for m in matches[name]},
        )
        for name in names
    }


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
