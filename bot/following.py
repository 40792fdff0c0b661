"""Messages of ours that are changed while something goes on: progress, best effort.

It bypasses the outbox: who waits sees it or asks again. An ending process leaves the messages
with their last word, where that can be said in a moment.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from bot.kept import wind_up
from formatters.document import Document
from jobs.ports import Rejected
from storage.errors import BotError

GOODBYE = 1.0
"""Seconds for the last words of an ending process."""

log = structlog.get_logger()


class Following:
    """The messages that are being changed."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(
        self,
        documents: AsyncIterator[Document],
        show: Callable[[Document], Awaitable[object]] | None,
        add: Callable[[Document], Awaitable[object]],
    ) -> None:
        """Show each document in the place of the one before, until there are no more.

        Where nothing can be changed (`show` is None) the last one is added.
        """
        shown = _followed(_last_of(documents), add) if show is None else _followed(documents, show)
        task = asyncio.create_task(shown)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Let last words be said; then leave the messages as they are."""
        await wind_up(lambda: self._tasks, GOODBYE)


async def _last_of(documents: AsyncIterator[Document]) -> AsyncIterator[Document]:
    last: Document | None = None
    async for document in documents:
        last = document
    if last is not None:
        yield last


async def _followed(
    documents: AsyncIterator[Document], show: Callable[[Document], Awaitable[object]]
) -> None:
    try:
        async for document in documents:
            try:
                await show(document)
            except Rejected as error:
                log.info("progress not shown any more", reason=str(error))
                return
            except BotError as error:
                log.info("progress not shown", reason=str(error))
    except Exception:
        log.exception("progress failed")
