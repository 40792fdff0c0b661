"""The updates in hand: each is taken once, answered in its turn, and survives a shutdown.

Telegram forgets an update as soon as a later one is asked for, long before a slow command is
done; what an ending bot could not answer is written to a file and taken again at the start.
"""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot, Update

from bot.lanes import Lanes

AFTERMATH = 0.5
"""Seconds for which a command that is broken off may still tidy up."""

log = structlog.get_logger()


class Inbox:
    """Has updates answered side by side. `end` leaves none behind."""

    def __init__(self, answer: Callable[[Update], Coroutine[Any, Any, None]], file: Path) -> None:
        self._answer = answer
        self._lanes = Lanes()
        self._file = file
        self._in_hand: dict[int, tuple[Update, asyncio.Task[None]]] = {}

    def take(self, update: Update) -> None:
        """Begin to answer, unless that goes on already."""
        if update.update_id not in self._in_hand:
            task = asyncio.create_task(self._have_answered(update))
            self._in_hand[update.update_id] = update, task

    def take_kept(self, bot: Bot) -> None:
        """Take what this bot had in hand when it was ended."""
        kept = _read(self._file)
        if kept is not None and kept.get("bot") == bot.id:
            for each in kept.get("updates", ()):
                self.take(Update.de_json(each, bot))

    async def end(self, bot: Bot, patience: float) -> None:
        """Wait so many seconds for what goes on; keep what is not answered by then."""
        try:
            await self._wait(patience)
        finally:
            left = [json.loads(update.to_json()) for update, _ in self._in_hand.values()]
            if left:
                log.info("commands kept for the next start", n=len(left))
                _write(self._file, {"bot": bot.id, "updates": left})

    async def _wait(self, patience: float) -> None:
        for seconds in (patience, AFTERMATH):
            tasks = [task for _, task in self._in_hand.values()]
            if not tasks:
                return
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()

    async def _have_answered(self, update: Update) -> None:
        try:
            async with self._lanes.turn(_who(update)):
                await self._answer(update)
        except asyncio.CancelledError:  # it stays in hand
            return
        del self._in_hand[update.update_id]


def _who(update: Update) -> int:
    """Who shares an order: a person, wherever they speak; what nobody says, a chat."""
    user, chat = update.effective_user, update.effective_chat
    return user.id if user else chat.id if chat else 0


def _read(file: Path) -> dict[str, Any] | None:
    """What the file has, which is then gone: what is taken again is not taken a third time."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        file.unlink()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("kept commands can't be read", reason=str(error))
        return None
    return kept if isinstance(kept, dict) else None


def _write(file: Path, kept: dict[str, Any]) -> None:
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as out:
            json.dump(kept, out)
    except OSError as error:
        log.error("commands lost at the end", n=len(kept["updates"]), reason=str(error))  # noqa: TRY400
