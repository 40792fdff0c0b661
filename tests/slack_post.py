"""Parts on their way to the loopback Slack: the outbox, the deliverer, the real SDK.

Nobody listens here; `slack_stage` has the whole app.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_channels import Channel
from slack_server import TOKEN, SlackServer
from telegram_post import PostOffice, QuickClock

from bot.pacing import Pacer, Turnstile
from bot.slack.adapter import LIMITS
from bot.slack.client import Connection, ConsiderateClient, open_session
from bot.slack.messenger import SlackMessenger
from formatters.document import Document, Text, plain
from formatters.slack import SlackRenderer
from jobs.deliver import Deliverer
from storage import chats, outbox
from storage.database import Database, Tx
from storage.models import DraftPart, Lang, Operation, PartKey, Platform

POSTING = "chat.postMessage"


@dataclass(frozen=True, slots=True)
class SlackOffice(PostOffice):
    """An outbox and its way to Slack."""

    messenger: SlackMessenger = field(kw_only=True)

    async def post(self, chat: Channel, *texts: str, address: str = "") -> list[PartKey]:
        """Put texts in line for a channel, each a part."""
        drafts = [draft(text) for text in texts]
        return await self.put(address or chat.id, *drafts)

    async def put(self, address: str, *drafts: DraftPart) -> list[PartKey]:
        return await self.db.write(put_in_line, address, drafts, self.clock.now())

    async def digest(self, channel: Channel, root: str, *cards: str) -> list[PartKey]:
        """Put a root and its answers in line."""
        answers = [DraftPart(draft(card).payload, parent=0) for card in cards]
        return await self.put(channel.id, draft(root), *answers)


@asynccontextmanager
async def slack_office(
    folder: Path,
    server: SlackServer | str,
    *,
    proxy: str | None = None,
    verify: bool = False,
    patience: float = 2.0,
) -> AsyncIterator[SlackOffice]:
    """A post office whose requests end after so many seconds."""
    url = server if isinstance(server, str) else server.base_url.rstrip("/")
    connection = Connection(
        TOKEN, None, None, url, proxy=proxy, verify_posts=verify, timeout=patience
    )
    db, clock = Database.open(folder / "paperround.db"), QuickClock()
    session = open_session(connection)
    client = ConsiderateClient(connection, session, clock)
    messenger = SlackMessenger(client, Turnstile(Pacer(LIMITS), clock), clock, verify=verify)
    expected: list[datetime] = []
    deliverer = Deliverer(
        db=db,
        messengers={Platform.SLACK: messenger},
        clock=clock,
        look_again=expected.append,
    )
    try:
        yield SlackOffice(db, clock, deliverer, expected, messenger=messenger)
    finally:
        await deliverer.stop(0)
        await session.close()
        db.close()


def channels(server: SlackServer, count: int) -> list[Channel]:
    """Channels that the app is in."""
    return [server.channel(f"lab-{number}") for number in range(1, count + 1)]


def said(channel: Channel) -> list[str]:
    """What the app said in a channel and its threads, in order."""
    return [message.text for message in channel.sent]


def draft(text: str, **about: Any) -> DraftPart:
    """A part that says something."""
    [made] = SlackRenderer().notice(Document((Text(plain(text)),)))
    return DraftPart(made.payload, **about)


def edit(text: str, parent: int = 0) -> DraftPart:
    """A part that changes an earlier one of the same call."""
    return draft(text, operation=Operation.EDIT, parent=parent)


def put_in_line(tx: Tx, address: str, drafts: list[DraftPart], now: datetime) -> list[PartKey]:
    """Put parts in line for the chat at an address."""
    chat = chats.ensure(tx, Platform.SLACK, address, lang=Lang.EN, tz="UTC")
    return outbox.enqueue(tx, chat.key, drafts, now)
