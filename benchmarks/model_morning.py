"""The stage of `model_calls.py`: a morning of many chats that a model writes, and another one.

The model is a loopback server that says what is good of invented papers. Everything is drawn
with a fixed seed. Measures nothing: it hands back what was shown and what was asked for it.
"""

import json
import random
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from model_papers import SUBJECTS, Invented, overview, summaries
from model_server import Asked, ModelServer, Say, model_server
from stage import NOW, SEED, ZONES, FixedClock, MorningSource, settings_for, subscription

from bot.app import App, opened
from bot.service import categories_wanted
from jobs.collect import collect
from jobs.digest import make_due
from jobs.llm.engine import ModelEngine
from storage import chats, digests, subscriptions
from storage.database import Tx
from storage.models import Chat, Lang, PaperId, Platform

MOST_TOPICS = 3
ROUNDS = ("first", "second")
"""The chats of the morning, and those that are served after the restart."""
_NAME = re.compile(r"Title: (\w+)[:：]")


class Kind(StrEnum):
    """What is asked for."""

    SUMMARIES = "summaries"
    OVERVIEW = "overview"
    CORRECTION = "correction"
    """Of either, when an answer was not good."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its answer."""

    kind: Kind
    lang: Lang
    opening: str
    """The form of the answer and the instructions."""
    question: str
    """What follows them."""
    answer: str

    @property
    def asked(self) -> str:
        return self.opening + self.question


@dataclass(slots=True)
class GoodModel:
    """Says what is good of the invented papers, and keeps what it was asked."""

    papers: Mapping[str, Invented]
    calls: list[Call] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Say:
        lang = Lang.ZH if "中文" in asked.system else Lang.EN
        told = {number: self._told(text) for number, text in asked.papers.items()}
        together = "themes" in asked.system
        said = overview(told, lang) if together else summaries(told, lang)
        answer = json.dumps(said, ensure_ascii=False)
        form = json.dumps(asked.body.get("response_format") or asked.body.get("tools"))
        heard = [one["content"] or "" for one in asked.body["messages"] if one["role"] != "system"]
        kind = Kind.OVERVIEW if together else Kind.SUMMARIES
        self.calls.append(
            Call(
                Kind.CORRECTION if len(heard) > 1 else kind,
                lang,
                opening=f"{form}\n{asked.system}\n",
                question="\n".join(heard),
                answer=answer,
            )
        )
        return Say(answer)

    def _told(self, text: str) -> Invented:
        found = _NAME.match(text)
        assert found is not None, text
        return self.papers[found[1]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the digest of one chat shows."""

    lang: Lang
    topics: tuple[str, ...]
    papers: tuple[PaperId, ...]
    by_model: int
    """Papers that the model summarized."""

    @property
    def complete(self) -> bool:
        """Whether the model summarized every paper."""
        return self.by_model == len(self.papers) > 0


@dataclass(frozen=True, slots=True)
class Morning:
    """What a morning showed and what was asked for it."""

    shown: Sequence[Shown]
    calls: Sequence[Call]
    shown_again: Sequence[Shown]
    """To the other chats, after the restart."""
    asked_again: int

    @property
    def faultless(self) -> bool:
        """Whether the model summarized all, each paper once, and was asked in constant words."""
        digests = (*self.shown, *self.shown_again)
        kinds = {(call.kind, call.lang) for call in self.calls}
        openings = {(call.kind, call.lang, call.opening) for call in self.calls}
        return (
            all(one.complete for one in digests)
            and [one.papers for one in self.shown] == [one.papers for one in self.shown_again]
            and all(kind is not Kind.CORRECTION for kind, _ in kinds)
            and len(openings) == len(kinds)
            and not self.asked_again
        )


async def morning_of(count: int, papers: Mapping[str, Invented]) -> Morning:
    """Serve so many chats with these papers; restart, and serve as many others."""
    new = [one.paper for one in papers.values()]
    model = GoodModel(papers)
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        async with model_server() as server:
            server.otherwise = model
            path, source = Path(folder) / "calls.db", MorningSource(new)
            async with _opened(path, server, source) as app:
                await app.db.write(_subscribe, count, ROUNDS[0])
                wanted = await app.db.study(categories_wanted, app)
                await collect(db=app.db, source=source, clock=app.clock, categories=wanted)
                await make_due(app.desk)
                shown = await app.db.study(_shown, app, ROUNDS[0])
            calls = tuple(model.calls)
            async with _opened(path, server, source) as app:
                await app.db.write(_subscribe, count, ROUNDS[1])
                await make_due(app.desk)
                shown_again = await app.db.study(_shown, app, ROUNDS[1])
    return Morning(shown, calls, shown_again, len(model.calls) - len(calls))


def _opened(
    path: Path, server: ModelServer, source: MorningSource
) -> AbstractAsyncContextManager[App]:
    chosen = {
        "llm_model": "invented",
        "llm_base_url": server.url,
        "llm_fallback_model": "",
        "llm_daily_tokens": None,
        "llm_daily_cost": None,
        "llm_own_proxy": None,
    }
    settings = settings_for(path).model_copy(update=chosen)
    return opened(settings, clock=FixedClock(), source=source)


def _subscribe(tx: Tx, count: int, round_: str) -> None:
    """Chats with one to three topics each; those of every round alike."""
    chosen = random.Random(SEED)
    for number in range(count):
        zone = ZONES[number % len(ZONES)]
        address = f"{round_}-{number:05}"
        chat = chats.ensure(tx, Platform.TERMINAL, address, lang=tuple(Lang)[number % 2], tz=zone)
        for topic in _topics(chosen):
            due = NOW if round_ == ROUNDS[1] else None
            subscriptions.add(tx, subscription(chat.key, topic, zone, since=0, due=due))


def _topics(chosen: random.Random) -> list[str]:
    """What one chat follows: the first subject n times as often as the nth."""
    left, found = list(SUBJECTS), []
    for _ in range(chosen.randint(1, MOST_TOPICS)):
        weights = [1 / (1 + SUBJECTS.index(subject)) for subject in left]
        subject = chosen.choices(left, weights)[0]
        left.remove(subject)
        found.append(subject.topic)
    return found


def _shown(tx: Tx, app: App, round_: str) -> list[Shown]:
    """What the chats of a round were shown, in the order of their addresses."""
    rooms = [c for c in chats.of_platform(tx, Platform.TERMINAL) if c.address.startswith(round_)]
    return [_shown_to(tx, app, chat) for chat in sorted(rooms, key=lambda room: room.address)]


def _shown_to(tx: Tx, app: App, chat: Chat) -> Shown:
    engine = app.desk.engines[0]
    assert isinstance(engine, ModelEngine)
    digest = digests.last(tx, chat.key)
    assert digest is not None
    versions = [(item.paper, item.version) for item in digest.items if item.shown]
    return Shown(
        lang=chat.lang,
        topics=digest.sections,
        papers=tuple(paper for paper, _ in versions),
        by_model=len(digests.summaries(tx, versions, chat.lang, engine.name)),
    )
