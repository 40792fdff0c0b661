"""The stage that the benchmarks share: a database with history, chats that wait for a morning.

Everything is drawn from real papers with a fixed seed, so two runs on one file agree. The
morning's papers are real ones of the file under fresh ids. Measures nothing: `gauges` does.
"""

import argparse
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from bot.settings import Settings
from formatters.text import readable
from jobs import schedule
from jobs.collect import phrase_counts, prepare
from jobs.ports import Feed, Validators
from jobs.presets import presets
from jobs.topics import TopicError, parse
from storage import chats, papers, subscriptions
from storage.database import Database, Tx
from storage.models import (
    Announced,
    AnnounceType,
    ChatKey,
    Lang,
    Paper,
    PaperId,
    Platform,
    Prepared,
    Slot,
    Subscription,
    SubscriptionKey,
    When,
)

SEED = 20260401
MORNING = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 4, 10, tzinfo=UTC)
"""Ten minutes after the feed's midnight; past noon where the chats live."""
ZONES = ("Asia/Shanghai", "Asia/Tokyo", "Asia/Singapore")
SPAN = timedelta(days=90)
"""A further copy of the history lies this much earlier."""
KINDS = {"preset": 25, "category": 10, "query": 50, "author": 15}
"""Of 100 subscriptions, how many are of each kind."""
AT_ONCE = 500
"""Papers of the history a transaction."""
COMMON_WORDS = 150
"""Words of the titles that are too common to be asked for alone."""


_WORD = re.compile(r"\b[A-Za-z]{4,}\b")
_PAIR = re.compile(r"\b[A-Za-z]{4,} [A-Za-z]{4,}\b")
_TRIPLE = re.compile(r"\b[A-Za-z]{4,} [A-Za-z]{3,} [A-Za-z]{4,}\b")


class FixedClock:
    """It is ten past midnight in New York, and stays so."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        """No benchmark waits."""

    def wall(self, moment: datetime) -> datetime:
        return moment


@dataclass(slots=True)
class MorningSource:
    """arXiv on one morning: its feed names the new papers, and no search finds more."""

    morning: Sequence[Paper]
    requests: int = 0

    async def announcements(self, categories: Sequence[str], _known: object = None) -> Feed:
        asked = set(categories)
        items = tuple(
            Announced(
                paper, AnnounceType.NEW if paper.primary_category in asked else AnnounceType.CROSS
            )
            for paper in self.morning
        )
        return Feed(MORNING, items, Validators(etag="the morning"))

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        by_id = {paper.id: paper for paper in self.morning}
        return [by_id[paper] for paper in ids if paper in by_id]

    async def search(self, *_: Any, **__: Any) -> list[Paper]:
        return []


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the morning is."""

    subscriptions: int
    topics: int
    chats: int
    new: int
    history: int = 1
    """Copies of the file's papers that were announced before."""
    platform: Platform = Platform.TERMINAL
    addresses: Sequence[str] = ()
    """Of the chats; none: invented ones."""


def options(about: str) -> argparse.ArgumentParser:
    """A benchmark's options: the papers, and how large the morning is."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=Path, required=True, metavar="FILE.jsonl.xz")
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--topics", type=int, default=2_000)
    parser.add_argument("--chats", type=int, default=1_000)
    return parser


def options_beside(about: str, *, every: float) -> argparse.Namespace:
    """What is asked of a benchmark in which somebody says something every so many milliseconds."""
    parser = options(about)
    parser.add_argument("--every", type=float, default=every, metavar="MILLISECONDS")
    parser.add_argument("--idle", action="store_true", help="without a morning beside")
    return parser.parse_args()


def read_papers(file: Path) -> list[tuple[date, Paper]]:
    """The file's papers, each with an announcement day before the morning, oldest first."""
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        found = [_dated(json.loads(line)) for line in lines]
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def new_papers(known: Sequence[tuple[date, Paper]], count: int) -> list[Paper]:
    """Real papers under fresh ids."""
    chosen = random.Random(SEED).choices([paper for _, paper in known], k=count)
    return [
        replace(paper, id=PaperId(f"2604.{number:05}"), version=1)
        for number, paper in enumerate(chosen, 1)
    ]


async def build(path: Path, prepared: Sequence[tuple[date, Prepared]], scale: Scale) -> None:
    """Make the database at `path`: the history, and subscriptions that have covered it."""
    db = Database.open(path)
    try:
        await _store_history(db, prepared, scale.history)
        topics = topic_mix([entry.paper for _, entry in prepared], scale.topics)
        await db.write(_subscribe_all, topics, scale)
    finally:
        db.close()


def prepare_all(known: Sequence[tuple[date, Paper]]) -> list[tuple[date, Prepared]]:
    """The slow part of storing papers, done once."""
    ready = prepare([paper for _, paper in known])
    return [(day, entry) for (day, _), entry in zip(known, ready, strict=True)]


def topic_mix(known: Sequence[Paper], count: int) -> dict[str, list[str]]:
    """`count` distinct topics by kind: presets and categories, for the rest queries and authors."""
    rng = random.Random(SEED)
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    taken: set[str] = set()
    categories = Counter(c for paper in known for c in paper.categories).most_common(40)
    sources = {
        "preset": iter([preset.slug for preset in presets().entries]),
        "category": iter([category for category, _ in categories]),
        "author": _authors(rng, known),
        "query": _queries(rng, known),
    }
    shares = {"preset": count // 20, "category": count // 40, "author": count // 5, "query": count}
    for kind, source in sources.items():
        for topic in _valid(source):
            if len(found[kind]) >= shares[kind] or len(taken) >= count:
                break
            if topic not in taken:
                taken.add(topic)
                found[kind].append(topic)
    return found


def settings_for(path: Path) -> Settings:
    """Settings of a service on this database that knows no other environment."""
    return Settings(_env_file=None, PAPERROUND_DATABASE=path, PAPERROUND_LANG=Lang.EN)


def subscription(
    chat: ChatKey, topic: str, zone: str, *, since: int, due: datetime | None = None
) -> Subscription:
    """One that is served as soon as there is something new; `due`: or at that time."""
    return Subscription(
        key=SubscriptionKey(0),
        chat=chat,
        topic=topic,
        when=When(Slot.FRESH, zone),
        lang=None,
        limit=None,
        split=False,
        replacements=False,
        since=since,
        paused_until=None,
        next_due=due,
        created=NOW,
    )


def _dated(entry: dict[str, Any]) -> tuple[date, Paper]:
    published = datetime.fromisoformat(entry["published"]) if entry["published"] else None
    day = date.fromisoformat(entry["announced"]) if entry["announced"] else None
    if day is None:
        day = schedule.announcement_day_of(published) if published else MORNING
    if not schedule.is_announcement_day(day):
        day += timedelta(days=2)
    paper = Paper(
        id=PaperId(entry["id"]),
        version=entry["version"] or 1,
        title=entry["title"],
        abstract=entry["abstract"],
        authors=tuple(entry["authors"]),
        primary_category=entry["primary_category"],
        categories=tuple(entry["categories"]),
        published=published,
        updated=datetime.fromisoformat(entry["updated"]) if entry["updated"] else None,
        comment=entry["comment"],
        journal_ref=entry["journal_ref"],
        doi=entry["doi"],
    )
    return min(day, MORNING - timedelta(days=1)), paper


async def _store_history(
    db: Database, prepared: Sequence[tuple[date, Prepared]], copies: int
) -> None:
    for copy in reversed(range(copies)):
        for start in range(0, len(prepared), AT_ONCE):
            batch = prepared[start : start + AT_ONCE]
            await db.write(_announced, [_aged(day, entry, copy) for day, entry in batch])
    days = {day for day, _ in prepared if day > MORNING - timedelta(days=40)}
    for day in sorted(days):
        await db.write(papers.count_phrases, day, await db.read(phrase_counts, day))


def _aged(day: date, entry: Prepared, copy: int) -> tuple[date, Prepared]:
    if copy == 0:
        return day, entry
    paper = replace(entry.paper, id=PaperId(f"{entry.paper.id}-{copy}"))
    return day - copy * SPAN, replace(entry, paper=paper)


def _announced(tx: Tx, batch: Sequence[tuple[date, Prepared]]) -> None:
    papers.store(tx, [entry for _, entry in batch])
    for day in sorted({day for day, _ in batch}):
        items = [(e.paper.id, e.paper.version, AnnounceType.NEW) for d, e in batch if d == day]
        papers.announce(tx, day, items, live=True)


def _subscribe_all(tx: Tx, topics: dict[str, list[str]], scale: Scale) -> None:
    """Spread the topics over the chats, each chat with different ones."""
    covered = papers.last_seq(tx)
    wanted = _wanted(topics, scale.subscriptions)
    rng = random.Random(SEED)
    rng.shuffle(wanted)
    for number in range(scale.chats):
        zone = ZONES[number % len(ZONES)]
        address = scale.addresses[number] if scale.addresses else f"chat-{number}"
        chat = chats.ensure(tx, scale.platform, address, lang=tuple(Lang)[number % 2], tz=zone)
        for topic in dict.fromkeys(wanted[number :: scale.chats]):
            subscriptions.add(tx, subscription(chat.key, topic, zone, since=covered))


def _wanted(topics: dict[str, list[str]], count: int) -> list[str]:
    """One topic a subscription: the kinds in their shares, each kind's topics in turn."""
    per_kind = {kind: cycle(topics[kind]) for kind in KINDS if topics[kind]}
    shares = [KINDS[kind] for kind in per_kind]
    rng = random.Random(SEED)
    kinds = rng.choices(list(per_kind), shares, k=count)
    return [next(per_kind[kind]) for kind in kinds]


def _valid(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            yield parse(text, default_categories=("cs.CV",)).text
        except TopicError:
            continue


def _authors(rng: random.Random, known: Sequence[Paper]) -> Iterator[str]:
    names = Counter(name for paper in known for name in paper.authors[:20])
    often = [name for name, papers_by in names.most_common(4_000) if papers_by > 1]
    rng.shuffle(often)
    yield from (f'author:"{name}"' for name in often)


def _queries(rng: random.Random, known: Sequence[Paper]) -> Iterator[str]:
    """Queries of one to three words of a title: alone, AND, OR, NOT, phrases, a category."""
    titles = [readable(paper.title) for paper in known]
    counts = Counter(word.lower() for title in titles for word in set(_WORD.findall(title)))
    common = {word for word, _ in counts.most_common(COMMON_WORDS)}
    while True:
        title, other = rng.choice(titles), rng.choice(titles)
        words = _WORD.findall(title)
        rare = [word for word in words if word.lower() not in common]
        pairs, triples = _PAIR.findall(title), _TRIPLE.findall(title)
        others = _PAIR.findall(other)
        if len(rare) < 2 or not pairs or not triples or not others:
            continue
        phrase, longer, another = map(rng.choice, (pairs, triples, others))
        category = rng.choice(known).primary_category
        yield rng.choice(
            [
                rare[0],
                f"{rare[0]} {rng.choice(words)}",
                f"{rare[0]} AND {rare[1]}",
                f'"{phrase}"',
                f'"{longer}"',
                f'"{phrase}" OR "{another}"',
                f'"{phrase}" AND ({rare[0]} OR {rare[1]})',
                f'"{phrase}" NOT {rare[0]}',
                f"ti:{rare[0]} cat:{category}",
                f"{rare[0]} OR {rare[1]} OR ti:{rare[-1]}",
            ]
        )
