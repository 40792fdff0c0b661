"""What a person asks for now: a preview of a topic, a digest out of turn, more of the last one.

Answered from the stored index, without touching what is seen or due.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from formatters.compose.morning import Morning
from formatters.compose.replies.reading import LeftOvers
from jobs import matching, planning, schedule
from jobs.digest.bench import Bench, Plan, find
from jobs.digest.desk import Desk
from jobs.digest.morning import FURTHEST_BACK
from jobs.digest.wording import Wording
from jobs.planning import Group
from jobs.summarize import WAITED_FOR
from storage import digests, papers, runs, search
from storage.database import Database, Tx
from storage.models import (
    Chat,
    Paper,
    PaperId,
    Subscription,
    Topic,
)
from storage.syntax import Leaf, Text

PREVIEW_DAYS = 7
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """What a topic would have brought in the last week."""

    days_known: int
    """Announcement days of the last week that are stored so far."""
    matched: int
    per_day: float
    samples: tuple[Paper, ...]
    """The best of them."""
    days_total: int = PREVIEW_DAYS


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """The stored papers as an index to match against, narrowed to some of its rows."""

    tx: Tx
    universe: frozenset[int]
    found: dict[Leaf, frozenset[int]] = field(default_factory=dict)
    """What each leaf was answered."""

    def rows(self, leaf: Leaf) -> frozenset[int]:
        """The rows that `leaf` holds for."""
        if leaf not in self.found:
            self.found[leaf] = search.leaf_rows(self.tx, leaf, self._span)
        return self.found[leaf]

    def scores(self, texts: Sequence[Text], rows: Collection[int]) -> Mapping[int, float]:
        """How well the rows fit the words."""
        return search.text_scores(self.tx, texts, rows)

    @property
    def _span(self) -> tuple[int, int]:
        """A week's papers lie close together: what is outside need not be read."""
        return min(self.universe, default=0), max(self.universe, default=0)


async def preview(desk: Desk, topic: Topic) -> Preview:
    """What the topic matched on the last seven announcement days that are stored."""
    days = schedule.recent_days(desk.clock.now(), PREVIEW_DAYS)

    def look(tx: Tx) -> Preview:
        known = papers.days_known(tx, days[-1], days[0])
        rows = papers.rows_between(tx, days[-1], days[0])
        found = _rank(StoredIndex(tx, frozenset(rows)), topic)
        best = papers.by_rows(tx, found[:SAMPLES])
        return Preview(
            days_known=len(known),
            matched=len(found),
            per_day=len(found) / max(1, len(known)),
            samples=tuple(best[row] for row in found[:SAMPLES]),
        )

    return await desk.db.read(look)


async def digest_now(desk: Desk, chat: Chat, subscriptions: Sequence[Subscription]) -> Morning:
    """The digest that the chat would get now; nothing is marked and no slot used up.

    It covers what came since the last digest; when nothing did, the last announcement day,
    of which what was sent before is counted, not repeated.
    """
    group = Group(
        chat,
        tuple(subscriptions),
        slot="asked",
        local_date=schedule.local_date(desk.clock.now(), chat.tz),
    )
    bench, plan = await desk.db.read(_lay, desk, group)
    wording = Wording(desk, waited_for=WAITED_FOR, asked=True)
    (said,) = await wording.of([bench.wanted(plan)])
    return bench.morning(plan, said)


async def next_page(db: Database, chat: Chat, size: int) -> LeftOvers | None:
    """The left-overs of the chat's last digest from where it stopped; remembers that it went on.

    None when the chat had no digest with papers.
    """

    def turn(tx: Tx) -> LeftOvers | None:
        digest = digests.last(tx, chat.key, with_items=True)
        if digest is None or digest.key is None:
            return None
        before = digests.turn_page(tx, digest.key, size)
        left = sum(not item.shown for item in digest.items)
        return LeftOvers(digest, min(before, left), size)

    return await db.write(turn)


async def page_from(db: Database, chat: Chat, paper: PaperId, size: int) -> LeftOvers | None:
    """The left-overs from this paper on, from the first if it is none, wherever the chat is.

    Of the newest of the chat's digests that has the paper; None when there is none.
    """
    digest = await db.read(digests.holding, chat.key, paper)
    if digest is None:
        return None
    rest = [item.paper for item in digest.items if not item.shown]
    return LeftOvers(digest, rest.index(paper) if paper in rest else 0, size)


def _lay(tx: Tx, desk: Desk, group: Group) -> tuple[Bench, Plan]:
    run = runs.last(tx)
    floor = papers.seq_before(tx, (desk.clock.now() - FURTHEST_BACK).date())
    window = planning.window_of(papers.announced_since(tx, max(group.since, floor)))
    nothing_new = not window.first_seqs
    if nothing_new:
        last_day = papers.last_live_day(tx)
        candidates = papers.announced_between(tx, last_day, last_day) if last_day else []
        window = planning.window_of(candidates)
        uncovered = tuple(replace(s, since=0) for s in group.subscriptions)
        group = replace(group, subscriptions=uncovered)
    index = StoredIndex(tx, frozenset(window.rows))
    topics = {s.topic: desk.stored(s.topic) for s in group.subscriptions}
    found = find(desk, topics, window, matching.match(topics, index))
    bench = Bench(desk, window, found, run, frozenset(), news=runs.last_fresh(tx))
    plan = bench.plan(tx, [group])[0]
    if nothing_new and not plan.digest.items and run is not None:
        plan = replace(plan, digest=replace(plan.digest, state=run.state, cause=run.cause))
    return bench, plan


def _rank(index: StoredIndex, topic: Topic) -> list[int]:
    """The rows that a topic holds for, best first."""
    rows = matching.evaluate(topic.node, index.rows, index.universe)
    scores = index.scores(matching.positive_texts(topic.node), rows)
    return sorted(rows, key=lambda row: (-scores.get(row, 0.0), -row))
