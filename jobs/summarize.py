"""The chain of engines: what is cached, then each engine in turn; a fallback is marked.

Used by digest and, later, analyze. The last engine of a chain should be the built-in one,
which never fails.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from jobs import extractive
from jobs.chinese import has_han
from jobs.outline import outline, passages_for
from jobs.ports import (
    Hurried,
    Metered,
    Overviewer,
    Progress,
    Stage,
    SummaryError,
    Tell,
    Translator,
)
from jobs.ports import Summarizer as Engine
from storage import digests, overviews
from storage.database import Database
from storage.models import Analysis, Answer, FullText, Lang, Overview, Paper, PaperId, Summary

T = TypeVar("T")

WAITED_FOR = 45.0
"""Seconds that a person who asked waits for models in all; the built-in engine serves then."""
MOST_PASSAGES = 3
"""That answer a question without a model."""
FEWEST_IN_OVERVIEW, MOST_IN_OVERVIEW = 3, 30
"""Papers."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when models are waited for, on the event loop's clock."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """So many seconds from now."""
        return cls(asyncio.get_running_loop().time() + seconds)

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when it has passed."""
        return max(0.0, self.at - asyncio.get_running_loop().time())


class BuiltIn:
    """The engine that quotes, off the event loop."""

    name = analyst = extractive.ENGINE

    async def summarize(self, papers: Sequence[Paper], lang: Lang) -> list[Summary]:
        """Sentences of each paper's own abstract."""
        return await asyncio.to_thread(_extract, papers, lang)

    async def analyze(self, paper: Paper, text: FullText, lang: Lang, tell: Tell) -> Analysis:
        """An outline in the paper's own sentences."""
        tell(Progress(Stage.READING, 0, len(text.sections)))
        return await asyncio.to_thread(outline, paper, text, lang)

    async def answer(self, paper: Paper, text: FullText, question: str, lang: Lang) -> Answer:
        """The passages that come nearest to the question."""
        del paper, lang  # the passages are the paper's own
        found = await asyncio.to_thread(passages_for, question, text, MOST_PASSAGES)
        return Answer(self.name, "", tuple(found))


async def summaries(
    *,
    db: Database,
    engines: Sequence[Engine],
    papers: Sequence[Paper],
    lang: Lang,
    deadline: Deadline | None = None,
) -> dict[PaperId, Summary]:
    """A summary of every paper, made once per version, language and engine.

    Engines that take long are waited for until the deadline, without one as long as they
    allow themselves. Raises SummaryError if all of the chain together can't do them all.
    """
    found: dict[PaperId, Summary] = {}
    missing = list(papers)
    for place, engine in enumerate(engines):
        made = await _by_engine(db, engine, missing, lang, deadline)
        for summary in made.values():
            found[summary.paper] = replace(summary, fallback=place > 0)
        missing = [paper for paper in missing if paper.id not in found]
        if not missing:
            return found
    raise SummaryError(", ".join(paper.id for paper in missing))


async def overview(
    *,
    db: Database,
    engines: Sequence[Engine],
    papers: Mapping[PaperId, Paper],
    said: Mapping[PaperId, Summary],
    lang: Lang,
    deadline: Deadline,
    now: datetime,
) -> Overview | None:
    """What models say of a digest's papers together, made once for all who are shown the same.

    From the summaries that models wrote, where there are some; None where no engine gives a
    good one in time.
    """
    shown = _summarized(papers, said)
    if len(shown) < FEWEST_IN_OVERVIEW:
        return None
    versions = [(paper.id, paper.version) for paper, _ in shown]
    able = [engine for engine in engines if isinstance(engine, Overviewer)]
    for engine in able:
        found = await db.read(overviews.find, versions, lang, engine.overviewer)
        if found is not None:
            return found
    for engine in able:
        made = await _in_time(engine.overview(shown, lang), deadline)
        if made is not None:
            await db.write(overviews.keep, versions, lang, made, now)
            return made
    return None


async def budget_used_up(engines: Sequence[Engine]) -> bool:
    """Whether models do nothing more today, for what they may cost is spent."""
    for engine in engines:
        if isinstance(engine, Metered) and await engine.used_up():
            return True
    return False


async def with_abstract(
    *,
    db: Database,
    engines: Sequence[Engine],
    paper: Paper,
    summary: Summary,
    deadline: Deadline,
) -> Summary:
    """The summary with the whole abstract in its language, made when it is first asked for.

    Without a model that can, it stays as it is, and the original serves.
    """
    foreign = summary.lang is not Lang.EN and not has_han(paper.abstract)
    if summary.abstract is not None or not foreign:
        return summary
    for engine in engines:
        if not isinstance(engine, Translator):
            continue
        text = await _in_time(engine.abstract(paper, summary.lang), deadline)
        if text is not None:
            found = replace(summary, abstract=text)
            await db.write(digests.keep_summaries, [found])
            return found
    return summary


async def _by_engine(
    db: Database,
    engine: Engine,
    papers: Sequence[Paper],
    lang: Lang,
    deadline: Deadline | None,
) -> dict[PaperId, Summary]:
    versions = [(paper.id, paper.version) for paper in papers]
    found = await db.read(digests.summaries, versions, lang, engine.name)
    missing = [paper for paper in papers if paper.id not in found]
    if missing:
        with suppress(SummaryError):  # the next engine's turn, for those alone
            made = await _summarize(engine, missing, lang, deadline)
            await db.write(digests.keep_summaries, made)
            found |= {summary.paper: summary for summary in made}
    return found


async def _summarize(
    engine: Engine, papers: Sequence[Paper], lang: Lang, deadline: Deadline | None
) -> list[Summary]:
    if deadline is None or not isinstance(engine, Hurried):
        return await engine.summarize(papers, lang)
    if not deadline.left:
        raise SummaryError(engine.name)
    return await engine.summarize_within(papers, lang, deadline.left)


async def _in_time(asked: Coroutine[Any, Any, T | None], deadline: Deadline) -> T | None:
    """What comes of it before the deadline, if anything does."""
    try:
        async with asyncio.timeout(deadline.left):
            return await asked
    except TimeoutError:
        return None


def _summarized(
    papers: Mapping[PaperId, Paper], said: Mapping[PaperId, Summary]
) -> list[tuple[Paper, Summary]]:
    """The first papers that a model summarized."""
    by_models = [
        (paper, said[paper.id])
        for paper in papers.values()
        if paper.id in said and said[paper.id].engine != BuiltIn.name
    ]
    return by_models[:MOST_IN_OVERVIEW]


def _extract(papers: Sequence[Paper], lang: Lang) -> list[Summary]:
    return [extractive.summarize(paper, lang) for paper in papers]
