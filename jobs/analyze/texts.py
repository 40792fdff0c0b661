"""Papers' texts: read once, kept, read again where they lacked something."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog

from formatters.text.own_code import own_code
from jobs.ports import Clock, RetryLater, SourceError, Tell, TextReader
from storage import analyses, papers
from storage.analyses import UNREACHABLE
from storage.bodies import packed, unpacked
from storage.database import Database
from storage.models import FullText, Paper, PaperId

AT_ONCE = 2
"""Papers read beside each other: a PDF takes memory."""
PASSING = frozenset({"no_text", "too_slow", "too_much_memory", "crashed"})
"""What a text may lack now and have within the hour."""
SECOND_BEST_LASTS = timedelta(hours=1)
"""For so long serves what may be better by then: a text that lacks something passing, what was
made of it, and an analysis by any engine but the first."""

log = structlog.get_logger()


class KeptTexts:
    """The texts of one process; who wants the same one meanwhile waits for it."""

    def __init__(self, db: Database, clock: Clock, reader: TextReader) -> None:
        self._db = db
        self._clock = clock
        self._reader = reader
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[tuple[PaperId, int], asyncio.Lock] = WeakValueDictionary()

    async def text(self, paper: Paper, tell: Tell, *, anew: bool = False) -> FullText:
        """The paper's text, read once; where arXiv can't be had, its abstract, which says so.

        `anew`: one that lacks something is read again, and what is whole or longer serves.
        """
        async with self._turn(paper):
            kept = await self._kept(paper)
            if kept is not None and not (anew and kept.lacks):
                return kept
            async with self._seats:
                read = await self._read(paper, tell)
            if kept is not None and read.lacks and kept.characters > read.characters:
                return kept
            if read.lacks != UNREACHABLE:
                await self._keep(paper, read)
            return read

    @asynccontextmanager
    async def _turn(self, paper: Paper) -> AsyncIterator[None]:
        turn = self._turns.setdefault((paper.id, paper.version), asyncio.Lock())
        async with turn:
            yield

    async def _kept(self, paper: Paper) -> FullText | None:
        found = await self._db.read(analyses.text_of, paper.id, paper.version)
        if found is None:
            return None
        body, read = found
        text = await asyncio.to_thread(unpacked, FullText, body)
        is_old = self._clock.now() - read >= SECOND_BEST_LASTS
        return None if text is not None and text.lacks in PASSING and is_old else text

    async def _keep(self, paper: Paper, text: FullText) -> None:
        body = await asyncio.to_thread(packed, text)
        code = await asyncio.to_thread(own_code, text)
        await self._db.write(papers.keep_code, paper.id, code)
        now = self._clock.now()
        await self._db.write(analyses.keep_text, paper.id, paper.version, body, now)

    async def _read(self, paper: Paper, tell: Tell) -> FullText:
        try:
            return await self._reader.read(paper, tell)
        except (RetryLater, SourceError) as error:
            log.info("text not to be had", paper=paper.id, reason=str(error))
            return FullText.of_abstract(paper, UNREACHABLE)
