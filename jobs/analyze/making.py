"""One analysis made: the text read, the engines asked in turn, the result cached."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from formatters.text.own_code import own_code
from jobs.ports import (
    Analyst,
    Clock,
    RetryLater,
    SourceError,
    SummaryError,
    Tell,
    TextReader,
)
from jobs.screening import screened_together
from storage import analyses, papers
from storage.analyses import UNREACHABLE, Kept
from storage.bodies import packed, unpacked
from storage.database import Database
from storage.models import Analysis, Answer, Coverage, FullText, Lang, Paper

PASSING = frozenset({"no_text", "too_slow", "too_much_memory", "crashed"})
"""What a text may lack now and have within the hour."""
SECOND_BEST_LASTS = timedelta(hours=1)
"""For so long serves what may be better by then: a text that lacks something passing, what was
made of it, and an analysis by any engine but the first."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workshop:
    """What analyses are made with; `analysts` in the order in which they are asked."""

    db: Database
    clock: Clock
    reader: TextReader
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
        paper, text = screened_together(paper, await self.text(paper, tell, anew=anew))
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
        paper, text = screened_together(paper, await self.text(paper, lambda _: None))
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

    async def text(self, paper: Paper, tell: Tell, *, anew: bool = False) -> FullText:
        """The paper's text, read once; where arXiv can't be had, its abstract, which says so.

        `anew`: one that lacks something is read again, and what is whole or longer serves.
        """
        kept = await self._kept_text(paper)
        if kept is not None and not (anew and kept.lacks):
            return kept
        read = await self._read(paper, tell)
        if kept is not None and read.lacks and kept.characters > read.characters:
            return kept
        if read.lacks != UNREACHABLE:
            body = await asyncio.to_thread(packed, read)
            now = self.clock.now()
            code = await asyncio.to_thread(own_code, read)
            await self.db.write(papers.keep_code, paper.id, code)
            await self.db.write(analyses.keep_text, paper.id, paper.version, body, now)
        return read

    async def _kept_text(self, paper: Paper) -> FullText | None:
        found = await self.db.read(analyses.text_of, paper.id, paper.version)
        if found is None:
            return None
        body, read = found
        text = await asyncio.to_thread(unpacked, FullText, body)
        is_old = self.clock.now() - read >= SECOND_BEST_LASTS
        return None if text is not None and text.lacks in PASSING and is_old else text

    async def _read(self, paper: Paper, tell: Tell) -> FullText:
        try:
            return await self.reader.read(paper, tell)
        except (RetryLater, SourceError) as error:
            log.info("text not to be had", paper=paper.id, reason=str(error))
            return FullText.of_abstract(paper, UNREACHABLE)

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
