"""Messages of ours that are changed while something goes on: progress, best effort.

It bypasses the outbox: who waits sees it or asks again, and after a restart it stays as it was.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from formatters.document import Document
from jobs.ports import Rejected
from storage.errors import BotError

log = structlog.get_logger()


class Following:
    """The messages that are being changed."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(
        self,
        documents: AsyncIterator[Document],
        show: Callable[[Document], Awaitable[object]],
    ) -> None:
        """Show each document in the place of the one before, until there are no more."""
        task = asyncio.create_task(_followed(documents, show))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Leave the messages as they are."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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
