"""What answers what: slack-bolt's listeners, each acknowledged at once and then answered.

A form's submission alone is acknowledged with its answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.slack.channels import Channels, Heard
from bot.slack.conversation import Conversation, commanded_from, line_of
from bot.slack.form import CALLBACK, TOPIC, ZONE
from bot.slack.home import HomeTab
from bot.slack.inbox import Inbox
from bot.slack.modal import Modal
from bot.slack.requirements import LOOKUP
from bot.slack.wording import subscribing

Ack = Callable[..., Awaitable[Any]]
Json = dict[str, Any]


class Kind(StrEnum):
    """What can be answered after its acknowledgement, even by another process."""

    COMMAND = "command"
    CLICK = "click"
    LOOKUP = "lookup"
    EVENT = "event"


class Routes:
    """The ways of one app. `events` are those to subscribe to, by their names."""

    def __init__(
        self,
        conversation: Conversation,
        modal: Modal,
        home: HomeTab,
        channels: Channels,
        goodbye: Callable[[Json], None],
    ) -> None:
        """`goodbye` is told of the events by which the app is taken out of the workspace."""
        self._conversation = conversation
        self._modal = modal
        self._home = home
        self._goodbye = goodbye
        self.events: Mapping[str, Heard] = {
            "app_home_opened": home.on_opened,
            "app_mention": conversation.on_mention,
            "app_uninstalled": self._on_goodbye,
            "message": self._on_message,
            "tokens_revoked": self._on_goodbye,
            **channels.events,
        }

    async def answer(self, kind: str, body: Json) -> None:
        """Answer what was acknowledged."""
        match Kind(kind):
            case Kind.COMMAND:
                await self._on_command(body)
            case Kind.CLICK:
                await self._on_click(body)
            case Kind.LOOKUP:
                await self._conversation.on_lookup(body)
            case Kind.EVENT:
                await self.events[body["event"]["type"]](body["event"])

    def lead(self, app: AsyncApp, inbox: Inbox) -> None:
        """Add the listeners, which put everything into the inbox."""

        def taking(kind: Kind) -> Callable[..., Awaitable[None]]:
            async def listener(ack: Ack, body: Json) -> None:
                await ack()
                await inbox.take(kind, body)

            return listener

        async def submission(ack: Ack, body: Json) -> None:
            await inbox.work(partial(self._on_submission, ack, body))

        async def typing(ack: Ack, body: Json) -> None:
            await ack(options=self._modal.suggestions(body))

        app.command(re.compile("/.*"))(taking(Kind.COMMAND))
        app.action(re.compile("command-.*"))(taking(Kind.CLICK))
        app.shortcut(LOOKUP)(taking(Kind.LOOKUP))
        app.view(CALLBACK)(submission)
        app.options(re.compile(f"{TOPIC}|{ZONE}"))(typing)
        for name in self.events:
            app.event(name)(taking(Kind.EVENT))

    async def _on_command(self, body: Json) -> None:
        """A slash command; the one to subscribe without a topic opens the form."""
        if subscribing(line_of(body)) != "":
            await self._conversation.on_command(body)
            return
        origin = commanded_from(body)
        try:
            reply = await self._modal.open(body["trigger_id"], origin.place, origin.user)
        except Exception:
            await self._conversation.sorry(origin)
            raise
        if reply is not None:
            await self._conversation.answers.answer(reply, origin)

    async def _on_click(self, body: Json) -> None:
        """A button of the Home tab, or of a message."""
        answering = self._home if body.get("view") else self._conversation
        await answering.on_click(body)

    async def _on_submission(self, ack: Ack, body: Json) -> None:
        """The form; where it was opened from the Home tab, that has changed beneath it."""
        if await self._modal.submitted(ack, body):
            await self._home.show(body["user"]["id"])

    async def _on_message(self, event: Json) -> None:
        """Direct messages of people; edits, joins and other bots are no talk to us."""
        is_talk = event.get("subtype") in (None, "file_share", "thread_broadcast")
        if event.get("channel_type") == "im" and is_talk and not event.get("bot_id"):
            await self._conversation.on_direct(event)

    async def _on_goodbye(self, event: Json) -> None:
        self._goodbye(event)
