"""What an ending bot has in hand: waited for a while, then in a file until its next start."""

import asyncio
import json
import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import structlog

AFTERMATH = 0.5
"""Seconds for which what is broken off may still tidy up."""

log = structlog.get_logger()


async def wind_up(in_hand: Callable[[], Collection[asyncio.Task[Any]]], patience: float) -> None:
    """Wait so many seconds for what goes on, then break it off."""
    for seconds in (patience, AFTERMATH):
        tasks = in_hand()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()


class Kept:
    """One bot's file. What it has is JSON, and may be secret."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def take(self, bot: int | str) -> list[Any]:
        """What this bot kept, which is then gone: what is taken again is not taken a third time."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._file.unlink()
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            log.warning("kept commands can't be read", reason=str(error))
            return []
        is_ours = isinstance(kept, dict) and kept.get("bot") == bot
        return list(kept.get("updates", ())) if is_ours else []

    def put(self, bot: int | str, updates: Sequence[Any]) -> None:
        """Keep these; with none, nothing is written."""
        if not updates:
            return
        log.info("commands kept for the next start", n=len(updates))
        try:
            number = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(number, "w", encoding="utf-8") as out:
                json.dump({"bot": bot, "updates": list(updates)}, out)
        except OSError as error:
            log.error("commands lost at the end", n=len(updates), reason=str(error))  # noqa: TRY400
