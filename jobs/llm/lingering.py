"""Work that goes on when whoever asked for it waits no longer: it was begun, and is stored."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

import structlog

from storage.models import Summary

log = structlog.get_logger()

Begin = Callable[[list[Summary]], Coroutine[Any, Any, None]]
"""Work that fills a list as it goes."""


@dataclass(frozen=True, slots=True)
class _Work:
    task: asyncio.Task[None]
    made: list[Summary]


class Lingering:
    """Summaries under way, each asked for by somebody who waits, or did."""

    def __init__(self) -> None:
        self._works: dict[Hashable, _Work] = {}

    async def within(self, seconds: float, wanted: Hashable, begin: Begin) -> list[Summary]:
        """What is made in that time. Who wants the same meanwhile waits for the same work.

        Raises what the work raises while somebody waits.
        """
        work = self._works.get(wanted) or self._begun(wanted, begin)
        await asyncio.wait({work.task}, timeout=seconds)
        if work.task.done():
            work.task.result()
        return list(work.made)

    async def close(self) -> None:
        """End what is still under way."""
        tasks = [work.task for work in self._works.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begun(self, wanted: Hashable, begin: Begin) -> _Work:
        made: list[Summary] = []
        work = _Work(asyncio.create_task(begin(made)), made)

        def ended(task: asyncio.Task[None]) -> None:
            del self._works[wanted]
            if not task.cancelled() and (error := task.exception()) is not None:
                log.warning("late_summaries_failed", error=type(error).__name__)

        work.task.add_done_callback(ended)
        self._works[wanted] = work
        return work
