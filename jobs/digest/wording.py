"""What engines say of digests: of each paper, and of all together; whatever the number of chats.

A digest never waits for a model beyond its deadline, and is never lost for one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jobs import summarize
from jobs.digest.desk import Desk
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


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of it."""

    summaries: Mapping[PaperId, Summary]
    overview: Overview | None = None
    budget_used_up: bool = False
    """For that, models did not say all that they might have."""


Shown = tuple[Lang, frozenset[tuple[PaperId, int]]]
"""What decides an overview."""


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
        self._overviews: dict[Shown, Overview | None] = {}
        """None: there is none, and it is not tried again."""

    async def of(self, wanted: Sequence[Wanted]) -> list[Said]:
        """What is said of each of these digests."""
        summaries = await self._summaries(wanted)
        await self._make_overviews(wanted, summaries)
        made = [Said(summaries[one.lang], self._overviews[_shown(one)]) for one in wanted]
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
        """An overview of each set of papers that had no turn yet, beside each other."""
        new = {_shown(one): one for one in wanted if _shown(one) not in self._overviews}
        deadline = min(self._deadline, Deadline.within(STEP_WAITED_FOR), key=lambda one: one.at)
        made = await asyncio.gather(
            *(
                summarize.overview(
                    db=self._desk.db,
                    engines=self._desk.engines,
                    papers=one.papers,
                    said=summaries[one.lang],
                    lang=one.lang,
                    deadline=deadline,
                    now=self._desk.clock.now(),
                )
                for one in new.values()
            )
        )
        self._overviews.update(zip(new, made, strict=True))


def _shown(wanted: Wanted) -> Shown:
    return wanted.lang, frozenset((p.id, p.version) for p in wanted.papers.values())


def _lacks(wanted: Wanted, said: Said) -> bool:
    """Whether models might have said more."""
    if any(said.summaries[paper].fallback for paper in wanted.papers):
        return True
    return said.overview is None and len(wanted.papers) >= summarize.FEWEST_IN_OVERVIEW
