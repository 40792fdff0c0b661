"""Whole conversations with a staged app, at the end of which nothing was ever refused.

Between two lines somebody takes their time (`Talk.rest`), and a morning takes none: neither
Slack's pace nor the floods' limit holds anything back. Tests of those speak through
`stage.server` themselves.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from digest_stage import at, study
from slack_channels import Channel
from slack_interactions import Interaction
from slack_manifests import manifest
from slack_messages import Message
from slack_server import SlackServer
from slack_stage import Stage, slack_stage
from slack_users import User
from telegram_stage import TUESDAY, SetClock

from bot.slack.adapter import Slack
from formatters.catalogue import say
from jobs.deliver import Deliverer
from jobs.ports import TextReader
from storage.models import Lang, Paper

WEDNESDAY, THURSDAY = date(2026, 2, 4), date(2026, 2, 5)
ABOUT = "multimodal large language models"
BREAK = timedelta(seconds=30)
SETTLED = 0.01
"""Seconds in which what is on its way within the process arrives."""
LOCALES = {Lang.EN: "en-GB", Lang.ZH: "zh-CN"}
LANGS = pytest.mark.parametrize("lang", list(Lang))
HOSTILE = "<!channel> <@U00001001> @here *bold* &amp; <https://evil.example|look> `x` :tada:"
"""What would call everybody, link and format, if it were taken for markup."""
LINES = {Lang.EN: "subscribe multimodal at 08:30", Lang.ZH: "订阅 多模态 每个工作日 8:30"}
DEFECTS = {say("elsewhere.defect", lang) for lang in Lang}
NAMES = {Lang.EN: "Ada Invented", Lang.ZH: "虚小兰"}
UNSEEN = {"channel_not_found"}
"""What Slack answers when it is asked about a private channel that the app is not in."""


class HurriedClock(SetClock):
    """Who sleeps by it finds that the time has passed."""

    async def sleep(self, seconds: float) -> None:
        self.set(self.now() + timedelta(seconds=seconds))
        await asyncio.sleep(0)


class Talk:
    """A stage, and how people talk there with the app."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.server: SlackServer = stage.server
        self.excused: set[str] = set()
        """Words of what a test provokes by itself."""
        self._database = folder / "paperround.db"
        [self._slack] = [each for each in stage.app.listeners if isinstance(each, Slack)]
        stage.deliverer = Deliverer(
            db=stage.app.db,
            messengers=stage.app.messengers,
            clock=stage.clock,
            parked=stage.app.parking.tell,
        )

    def rest(self, break_: timedelta = BREAK) -> None:
        """Time passes."""
        self.stage.clock.set(self.stage.clock.now() + break_)

    def user(self, lang: Lang = Lang.EN, name: str = "", **about: Any) -> User:
        """Somebody whose Slack speaks the language."""
        return self.server.user(name or NAMES[lang], locale=LOCALES[lang], tz="UTC", **about)

    async def quiet(self) -> None:
        """Until everything is answered that was asked."""
        await self.server.quiet(SETTLED)
        while self._slack._inbox.in_hand:
            await asyncio.wait(self._slack._inbox.in_hand)
            await self.server.quiet(SETTLED)

    async def hears(
        self, user: User, line: str, where: Channel | None = None, **about: Any
    ) -> list[Message]:
        """Say it to the app, in a channel by a mention; all that comes of it there."""
        channel = where or user.dm
        self.rest()
        channel.unread()
        if where is None:
            await user.says(line, **about)
        else:
            await user.mentions(line, where, **about)
        await self.quiet()
        return channel.unread()

    async def asks(
        self, user: User, line: str, where: Channel | None = None, **about: Any
    ) -> Message:
        """Likewise, for the one answer."""
        [answer] = await self.hears(user, line, where, **about)
        return answer

    async def commands(self, user: User, line: str, where: Channel | None = None) -> list[Message]:
        """A slash command; all that is answered to it."""
        self.rest()
        channel = where or user.dm
        channel.unread()
        command, _, text = line.partition(" ")
        return await self._answers(await user.commands(command, text, where), channel)

    async def clicks(
        self, user: User, message: Message, which: str = "", **how: Any
    ) -> list[Message]:
        """Click a button; all that comes of it anew. An answer in place changes the message."""
        self.rest()
        message.channel.unread()
        return await self._answers(await user.clicks(message, which, **how), message.channel)

    async def opens(self, user: User, message: Message, which: str = "", **how: Any) -> Message:
        """Click a button that answers with a new message; that message."""
        [answer] = await self.clicks(user, message, which, **how)
        return answer

    async def _answers(self, done: Interaction, channel: Channel) -> list[Message]:
        assert not done.failed
        await self.quiet()
        later = [each for each in channel.unread() if each not in done.messages]
        return done.messages + later

    async def morning(self, *papers: Paper, day: date = WEDNESDAY) -> int:
        """arXiv announces these, and what is due is delivered. How many digests."""
        return await self.stage.morning(day, *papers)

    async def subscriptions(self) -> list[tuple[str, str]]:
        """Where, and to what."""
        rows = await self.stage.query(
            "SELECT c.address, s.topic FROM subscription s JOIN chat c ON c.key = s.chat"
            " ORDER BY s.key"
        )
        return [(row["address"], row["topic"]) for row in rows]

    async def count(self, table: str) -> int:
        """The rows of a table."""
        [row] = await self.stage.query(f"SELECT COUNT(*) AS n FROM {table}")
        return row["n"]

    def dump(self) -> list[str]:
        """Everything that is stored, but for how the database is doing."""
        with sqlite3.connect(self._database) as connection:
            return list(connection.iterdump())

    def refusals(self) -> list[str]:
        """What Slack refused or spoiled, and what of ours broke."""
        sent = [each for channel in self.server.channels.values() for each in channel.sent]
        wrong = [str(call) for call in self.server.refused if call.error not in UNSEEN]
        wrong += [each.text for each in sent if each.text in DEFECTS]
        wrong += [f"{each} mentions {each.mentions}" for each in sent if each.mentions]
        wrong = [each for each in wrong if not any(word in each for word in self.excused)]
        return wrong + self.server.violations


@asynccontextmanager
async def talking(
    folder: Path,
    *,
    server: SlackServer | None = None,
    http: bool = False,
    reader: TextReader | None = None,
    **settings: str,
) -> AsyncIterator[Talk]:
    """An app that everybody may talk with, unless `settings` say otherwise.

    A `server` that is given goes on after it: the same Slack after a restart.
    """
    clock = HurriedClock(at(TUESDAY, 6))
    slack: AbstractAsyncContextManager[SlackServer]
    slack = nullcontext(server) if server else SlackServer(manifest=manifest())
    async with slack_stage(
        folder, settings=settings, server=slack, http=http, clock=clock, reader=reader
    ) as stage:
        talk = Talk(stage, folder)
        yield talk
        await talk.quiet()
        wrong = talk.refusals()
        assert not wrong, wrong


def studies(count: int, first: int = 1, about: str = ABOUT, **fields: Any) -> list[Paper]:
    """Invented papers on one subject, the first number and those after it."""
    return [study(number, about, **fields) for number in range(first, first + count)]


def label(name: str, lang: Lang, **values: Any) -> str:
    """A button's words."""
    return say(f"button.{name}", lang, **values)
