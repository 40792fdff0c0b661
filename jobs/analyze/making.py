"""One analysis made: the text read, the engines asked in turn, the result cached."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from jobs.ports import (
    Analyst,
    Clock,
    RetryLater,
    SourceError,
    SummaryError,
    Tell,
    TextReader,
)
from storage import analyses
from storage.bodies import packed, unpacked
from storage.database import Database
from storage.models import Analysis, Answer, FullText, Lang, Paper

UNREACHABLE = "unreachable"
"""What a text lacks for no fault of its own: it is not kept, nor is what was made of it."""
SECOND_BEST_LASTS = timedelta(hours=1)
"""For so long an analysis by a later engine serves before the first one is asked again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workshop:
    """What analyses are made with; `analysts` in the order in which they are asked."""

    db: Database
    clock: Clock
    reader: TextReader
    analysts: Sequence[Analyst]

    async def cached(self, paper: Paper, lang: Lang) -> Analysis | None:
        """The analysis of this version that serves, where one was made before."""
        recently = self.clock.now() - SECOND_BEST_LASTS
        for place, analyst in enumerate(self.analysts):
            found = await self.db.read(
                analyses.find,
                paper.id,
                paper.version,
                lang,
                analyst.analyst,
                since=recently if place else None,
            )
            if found is not None:
                return found
        return None

    async def analysis(self, paper: Paper, lang: Lang, tell: Tell) -> Analysis:
        """Made anew, and cached. SummaryError if not even the last engine gave one."""
        text = await self.text(paper, tell)
        for analyst, last in _in_turn(self.analysts):
            try:
                made = await analyst.analyze(paper, text, lang, tell)
            except SummaryError:
                if last:
                    raise
                continue
            made = replace(made, fallback=analyst is not self.analysts[0])
            if text.lacks != UNREACHABLE:
                await self.db.write(analyses.keep, made, self.clock.now())
            return made
        raise SummaryError("no engine")

    async def answer(self, paper: Paper, question: str, lang: Lang) -> Answer:
        """What the paper says to a question. SummaryError as for `analysis`."""
        text = await self.text(paper, lambda _: None)
        for analyst, last in _in_turn(self.analysts):
            try:
                answer = await analyst.answer(paper, text, question, lang)
            except SummaryError:
                if last:
                    raise
                continue
            return replace(answer, fallback=analyst is not self.analysts[0])
        raise SummaryError("no engine")

    async def text(self, paper: Paper, tell: Tell) -> FullText:
        """The paper's text, read once; where arXiv can't be had, its abstract, which says so."""
        body = await self.db.read(analyses.text_of, paper.id, paper.version)
        kept = await asyncio.to_thread(unpacked, FullText, body) if body else None
        if kept is not None:
            return kept
        try:
            text = await self.reader.read(paper, tell)
        except (RetryLater, SourceError) as error:
            log.info("text not to be had", paper=paper.id, reason=str(error))
            return FullText.of_abstract(paper, UNREACHABLE)
        body = await asyncio.to_thread(packed, text)
        await self.db.write(analyses.keep_text, paper.id, paper.version, body, self.clock.now())
        return text


def _in_turn(analysts: Sequence[Analyst]) -> Iterator[tuple[Analyst, bool]]:
    """Each analyst, and whether it is the last one."""
    for place, analyst in enumerate(analysts, 1):
        yield analyst, place == len(analysts)
