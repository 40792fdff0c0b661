"""One analysis made: the engines asked in turn about the text, the result cached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.analyze.texts import PASSING, SECOND_BEST_LASTS, KeptTexts
from jobs.ports import Analyst, Clock, SummaryError, Tell
from jobs.screening import screened_together
from storage import analyses
from storage.analyses import UNREACHABLE, Kept
from storage.database import Database
from storage.models import Analysis, Answer, Coverage, Lang, Paper


@dataclass(frozen=True, slots=True)
class Workshop:
    """What analyses are made with; `analysts` in the order in which they are asked."""

    db: Database
    clock: Clock
    texts: KeptTexts
    analysts: Sequence[Analyst]

    async def cached(self, paper: Paper, lang: Lang) -> Analysis | None:
        """The analysis of this version that serves a new request, where there is one."""
        now = self.clock.now()
        for analyst in self.analysts:
            found = await self._found(paper, lang, analyst.analyst)
            if found is not None and _serves(found, now, first=analyst is self.analysts[0]):
                return found.analysis
        return None

    async def analysis(
        self, paper: Paper, lang: Lang, tell: Tell, *, anew: bool = False
    ) -> Analysis:
        """Made anew, and cached. SummaryError if not even the last engine gave one.

        `anew`: a text that lacks something is read again too.
        """
        paper, text = screened_together(paper, await self.texts.text(paper, tell, anew=anew))
        for analyst, last in _in_turn(self.analysts):
            try:
                made = await analyst.analyze(paper, text, lang, tell)
            except SummaryError:
                if last:
                    raise
                continue
            made = replace(made, fallback=analyst is not self.analysts[0])
            await self._keep(made, paper)
            return made
        raise SummaryError("no engine")

    async def answer(self, paper: Paper, question: str, lang: Lang) -> Answer:
        """What the paper says to a question. SummaryError as for `analysis`."""
        paper, text = screened_together(paper, await self.texts.text(paper, lambda _: None))
        for analyst, last in _in_turn(self.analysts):
            try:
                answer = await analyst.answer(paper, text, question, lang)
            except SummaryError:
                if last:
                    raise
                continue
            fallback = analyst is not self.analysts[0]
            return replace(answer, fallback=fallback, coverage=Coverage.of(text))
        raise SummaryError("no engine")

    async def _found(self, paper: Paper, lang: Lang, engine: str) -> Kept | None:
        return await self.db.read(analyses.find, paper.id, paper.version, lang, engine)

    async def _keep(self, made: Analysis, paper: Paper) -> None:
        """Cache it, unless the same engine once made one of a better text."""
        if not _lasts(made):
            before = await self._found(paper, made.lang, made.engine)
            if before is not None and _lasts(before.analysis):
                return
        await self.db.write(analyses.keep, made, self.clock.now())


def _lasts(analysis: Analysis) -> bool:
    """Whether its text is as good as it will be."""
    return analysis.coverage.lacks not in {*PASSING, UNREACHABLE}


def _serves(kept: Kept, now: datetime, *, first: bool) -> bool:
    """Whether a new request takes it; `first`: the first engine made it."""
    if kept.analysis.coverage.lacks == UNREACHABLE:
        return False
    return (first and _lasts(kept.analysis)) or now - kept.made < SECOND_BEST_LASTS


def _in_turn(analysts: Sequence[Analyst]) -> Iterator[tuple[Analyst, bool]]:
    """Each analyst, and whether it is the last one."""
    for place, analyst in enumerate(analysts, 1):
        yield analyst, place == len(analysts)
