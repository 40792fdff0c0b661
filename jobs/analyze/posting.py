"""Finished analyses on their way: rendered for each chat, put into its outbox."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from formatters.compose.analysis import pages
from formatters.compose.cards import Frame
from formatters.compose.replies.analyzing import failed
from jobs.ports import Clock, Renderer
from storage import analyses, chats, outbox
from storage.analyses import Job, JobKey
from storage.database import Database, Tx
from storage.errors import StorageError
from storage.models import Analysis, Chat, ChatKey, DraftPart, Paper, Platform

STORE_AGAIN = 10.0
"""Seconds until what could not be stored is tried again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Made:
    """An analysis, and the paper in the version that it is of."""

    analysis: Analysis
    paper: Paper


@dataclass(frozen=True, slots=True)
class Posting:
    """What analyses are posted with. `site` is where links to papers lead."""

    db: Database
    clock: Clock
    renderers: Mapping[Platform, Renderer]
    site: str

    async def post(self, chat: Chat, made: Made) -> None:
        """Put it into one chat's outbox."""
        drafts = await asyncio.to_thread(self._parts, chat, made)
        await self.db.write(outbox.enqueue, chat.key, drafts, self.clock.now())

    async def hand_out(self, job: Job, made: Made | None) -> None:
        """Put it, or a word of regret, into the outbox of everybody who waits; the job ends.

        Who asks while it is rendered is served in the next round. What can't be stored is
        tried again until it can.
        """
        while True:
            try:
                return await self._hand_out(job, made)
            except StorageError as error:
                log.warning("analysis not stored", paper=job.paper, reason=str(error))
                await self.clock.sleep(STORE_AGAIN)

    async def _hand_out(self, job: Job, made: Made | None) -> None:
        finished: dict[ChatKey, list[DraftPart]] = {}
        well = made is not None
        while not await self.db.write(_served, job.key, finished, self.clock.now(), well=well):
            waiting = await self.db.read(_waiting, job.key)
            finished |= await asyncio.to_thread(self._rendered, waiting, job, made)

    def _rendered(
        self, waiting: Sequence[Chat], job: Job, made: Made | None
    ) -> dict[ChatKey, list[DraftPart]]:
        if made is not None:
            return {chat.key: self._parts(chat, made) for chat in waiting}
        regret = failed(job.paper, job.lang)
        return {chat.key: self.renderers[chat.platform].notice(regret) for chat in waiting}

    def _parts(self, chat: Chat, made: Made) -> list[DraftPart]:
        form = pages(made.analysis, made.paper, Frame(made.analysis.lang, self.site))
        return self.renderers[chat.platform].analysis(form, chat)


def _served(
    tx: Tx, job: JobKey, finished: Mapping[ChatKey, list[DraftPart]], now: datetime, *, well: bool
) -> bool:
    """All who wait get their parts in one transaction with the end of the job; else nothing."""
    waiting = analyses.awaiting(tx, job)
    if any(chat not in finished for chat in waiting):
        return False
    for chat in waiting:
        outbox.enqueue(tx, chat, finished[chat], now)
    analyses.done(tx, job, well=well)
    return True


def _waiting(tx: Tx, job: JobKey) -> list[Chat]:
    """The chats that wait for a job."""
    return [chats.get(tx, chat) for chat in analyses.awaiting(tx, job)]
