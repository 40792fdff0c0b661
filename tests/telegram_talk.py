"""Whole conversations with a staged bot, at the end of which nothing was ever refused.

Between two lines somebody takes their time (`Talk.rest`), so that neither Telegram's pace nor
the floods' limit holds an answer back: tests of those speak through `stage.server` themselves.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from digest_stage import study
from telegram_messages import Message
from telegram_server import TelegramServer
from telegram_stage import Stage, telegram_stage
from telegram_users import Tap, User

from formatters.catalogue import say
from storage.models import Lang, Paper

WEDNESDAY, THURSDAY = date(2026, 2, 4), date(2026, 2, 5)
ABOUT = "multimodal large language models"
BREAK = timedelta(seconds=30)
TELEGRAM_SPEAKS = {Lang.EN: "en", Lang.ZH: "zh-hans"}
DEFECTS = {say("elsewhere.defect", lang) for lang in Lang}
NAMES = {Lang.EN: "Ada Invented", Lang.ZH: "虚小兰"}


class Talk:
    """A stage, and how people talk there with the bot in private."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.server = stage.server
        self.excused: set[str] = set()
        """Words of what a test provokes by itself."""
        self._database = folder / "paperround.db"

    def rest(self, break_: timedelta = BREAK) -> None:
        """Time passes."""
        self.stage.clock.set(self.stage.clock.now() + break_)

    def user(self, lang: Lang = Lang.EN) -> User:
        """Somebody whose Telegram speaks the language, and who has opened the chat."""
        user = self.server.user(NAMES[lang], language=TELEGRAM_SPEAKS[lang])
        user.started = True
        return user

    async def asks(self, user: User, line: str) -> Message:
        """Say it; the answer."""
        self.rest()
        return await user.asks(line)

    async def hears(self, user: User, line: str) -> list[Message]:
        """Say it; all that comes of it in the private chat, be it nothing."""
        self.rest()
        user.private.unread()
        await self.dealt_with(user, await user.says(line))
        return user.private.unread()

    async def dealt_with(self, user: User, said: Message) -> None:
        """Wait until all is done that somebody asked for, this last.

        One person's lines and taps are answered in their order, and a tap always is.
        """
        await user.taps(said, data="/paper")

    async def taps(self, user: User, message: Message, which: Any = "", **how: Any) -> Tap:
        """Tap a button; the toast. An answer in place stands when the tap is answered."""
        self.rest()
        message.chat.unread()
        return await user.taps(message, which, **how)

    async def opens(self, user: User, message: Message, which: Any, **how: Any) -> Message:
        """Tap a button that answers with a new message; that message."""
        await self.taps(user, message, which, **how)
        return await message.chat.next()

    async def morning(self, *papers: Paper, day: date = WEDNESDAY) -> int:
        """arXiv announces these, and what is due is delivered."""
        return await self.stage.morning(day, *papers)

    async def count(self, table: str) -> int:
        """The rows of a table."""
        [row] = await self.stage.query(f"SELECT COUNT(*) AS n FROM {table}")
        return row["n"]

    def dump(self) -> list[str]:
        """Everything that is stored, but for how the database is doing."""
        with sqlite3.connect(self._database) as connection:
            return list(connection.iterdump())

    def refusals(self) -> list[str]:
        """What Telegram refused, and what of ours broke."""
        said = [each.text for chat in self.server.chats.values() for each in chat.sent]
        said += [tap.text for tap in self.server.taps.values()]
        wrong = [each.description for each in self.server.refused]
        wrong += [each for each in said if each in DEFECTS]
        wrong = [each for each in wrong if not any(word in each for word in self.excused)]
        return wrong + self.server.violations


@asynccontextmanager
async def talking(
    folder: Path, *, server: TelegramServer | None = None, **settings: str
) -> AsyncIterator[Talk]:
    """A bot that everybody may talk with, unless `settings` say otherwise.

    A `server` that is given goes on after it: the same Telegram after a restart.
    """
    kept: AbstractAsyncContextManager[TelegramServer] | None = server and nullcontext(server)
    settings = {"PAPERROUND_OPEN": "true"} | settings
    async with telegram_stage(folder, settings=settings, server=kept) as stage:
        talk = Talk(stage, folder)
        yield talk
        await stage.server.quiet()
        wrong = talk.refusals()
        assert not wrong, wrong


def studies(count: int, first: int = 1, about: str = ABOUT, **fields: Any) -> list[Paper]:
    """Invented papers on one subject, the first number and those after it."""
    return [study(number, about, **fields) for number in range(first, first + count)]


def label(name: str, lang: Lang, **values: Any) -> str:
    """A button's words."""
    return say(f"button.{name}", lang, **values)
