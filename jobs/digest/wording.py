"""What engines say of digests: of each paper, and of a topic's papers together.

What is asked of models grows with papers and topics, not with chats: a chat's overview is put
together of those of its topics. A digest never waits for a model beyond its deadline, and is
never lost for one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jobs import summarize
from jobs.digest.desk import Desk
from jobs.digest.gathering import gathered
from jobs.summarize import Deadline
from storage.models import Lang, Overview, Paper, PaperId, Summary

OVERVIEWS_WAITED_FOR = 540.0
"""Seconds for all the overviews of a morning: no digest is to be ten minutes late."""
STEP_WAITED_FOR = 240.0
"""Seconds for those of the chats that are served together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a digest shows."""

    lang: Lang
    papers: Mapping[PaperId, Paper]
    """In its order."""
    topics: Mapping[str, Sequence[PaperId]]
    """Those of each topic; a paper may be in several."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of it."""

    summaries: Mapping[PaperId, Summary]
    overview: Overview | None = None
    budget_used_up: bool = False
    """For that, models did not say all that they might have."""


Subject = tuple[Lang, str]
"""A topic, in the language in which it is read."""


class Wording:
    """The words of one morning, or of what was asked for.

    `waited_for` is for overviews; `asked`: for summaries, too, since somebody waits for them.
    """

    def __init__(
        self, desk: Desk, *, waited_for: float = OVERVIEWS_WAITED_FOR, asked: bool = False
    ) -> None:
        self._desk = desk
        self._deadline = Deadline.within(waited_for)
        self._asked = asked
        self._overviews: dict[Subject, Overview | None] = {}
        """None: there is none, and it is not tried again."""

    async def of(self, wanted: Sequence[Wanted]) -> list[Said]:
        """What is said of each of these digests."""
        summaries = await self._summaries(wanted)
        await self._make_overviews(wanted, summaries)
        made = [Said(summaries[one.lang], self._overview(one)) for one in wanted]
        lacking = [_lacks(one, said) for one, said in zip(wanted, made, strict=True)]
        spent = any(lacking) and await summarize.budget_used_up(self._desk.engines)
        return [
            replace(said, budget_used_up=spent and lacks)
            for said, lacks in zip(made, lacking, strict=True)
        ]

    async def _summaries(self, wanted: Sequence[Wanted]) -> dict[Lang, dict[PaperId, Summary]]:
        """Summaries of what is shown, and of nothing else, per language."""
        papers: dict[Lang, dict[PaperId, Paper]] = {}
        for one in wanted:
            papers.setdefault(one.lang, {}).update(one.papers)
        return {
            lang: await summarize.summaries(
                db=self._desk.db,
                engines=self._desk.engines,
                papers=list(found.values()),
                lang=lang,
                deadline=self._deadline if self._asked else None,
            )
            for lang, found in papers.items()
        }

    async def _make_overviews(
        self, wanted: Sequence[Wanted], summaries: Mapping[Lang, Mapping[PaperId, Summary]]
    ) -> None:
        """An overview of each topic that had no turn yet, beside each other."""
        new = {
            subject: papers
            for subject, papers in _by_subject(wanted).items()
            if subject not in self._overviews
        }
        deadline = min(self._deadline, Deadline.within(STEP_WAITED_FOR), key=lambda one: one.at)
        made = await asyncio.gather(
            *(
                summarize.overview(
                    db=self._desk.db,
                    engines=self._desk.engines,
                    papers=papers,
                    said=summaries[lang],
                    lang=lang,
                    deadline=deadline,
                    now=self._desk.clock.now(),
                )
                for (lang, _), papers in new.items()
            )
        )
        self._overviews.update(zip(new, made, strict=True))

    def _overview(self, wanted: Wanted) -> Overview | None:
        found = (self._overviews[wanted.lang, topic] for topic in wanted.topics)
        return gathered([each for each in found if each is not None], wanted.papers)


def _by_subject(wanted: Sequence[Wanted]) -> dict[Subject, dict[PaperId, Paper]]:
    """The papers of each topic that any of these digests shows."""
    found: dict[Subject, dict[PaperId, Paper]] = {}
    for one in wanted:
        for topic, papers in one.topics.items():
            of_topic = found.setdefault((one.lang, topic), {})
            of_topic.update((paper, one.papers[paper]) for paper in papers)
    return found


def _lacks(wanted: Wanted, said: Said) -> bool:
    """Whether models might have said more."""
    if any(said.summaries[paper].fallback for paper in wanted.papers):
        return True
    return said.overview is None and len(wanted.papers) >= summarize.FEWEST_IN_OVERVIEW
