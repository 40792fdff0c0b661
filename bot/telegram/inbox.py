"""The updates in hand: each is taken once, answered in its turn, and survives a shutdown.

Telegram forgets an update as soon as a later one is asked for, long before a slow command is
done; what an ending bot could not answer is written to a file and taken again at the start.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from telegram import Bot, Update

from bot.kept import Kept, wind_up
from bot.lanes import Lanes


class Inbox:
    """Has updates answered side by side. `end` leaves none behind."""

    def __init__(self, answer: Callable[[Update], Coroutine[Any, Any, None]], file: Path) -> None:
        self._answer = answer
        self._lanes = Lanes()
        self._kept = Kept(file)
        self._in_hand: dict[int, tuple[Update, asyncio.Task[None]]] = {}

    def take(self, update: Update) -> None:
        """Begin to answer, unless that goes on already."""
        if update.update_id not in self._in_hand:
            task = asyncio.create_task(self._have_answered(update))
            self._in_hand[update.update_id] = update, task

    def take_kept(self, bot: Bot) -> None:
        """Take what this bot had in hand when it was ended."""
        for each in self._kept.take(bot.id):
            self.take(Update.de_json(each, bot))

    async def end(self, bot: Bot, patience: float) -> None:
        """Wait so many seconds for what goes on; keep what is not answered by then."""
        try:
            await wind_up(self._tasks, patience)
        finally:
            left = [json.loads(update.to_json()) for update, _ in self._in_hand.values()]
            self._kept.put(bot.id, left)

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for _, task in self._in_hand.values()]

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
