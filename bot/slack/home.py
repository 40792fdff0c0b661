"""The Home tab: shown when somebody opens it, and again after each tap on its buttons.

A tap carries the chat that it is about; whether this person may do that there is asked anew
each time, by the commands, and whether they are in the channel at all, here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.dispatch import Commands
from bot.commands.request import Reply, Request
from bot.lanes import Lanes
from bot.slack.conversation import Conversation
from bot.slack.failures import FAILURES
from bot.slack.modal import Modal
from bot.slack.places import Place, person, read_address
from bot.slack.wording import subscribing
from formatters.compose.replies.home import ABOUT, Done
from formatters.compose.replies.words import line
from formatters.document import Document
from formatters.slack import home, read_tap
from storage.models import Lang, Platform

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button of the tab said."""

    command: str
    place: Place
    """The chat that it is about."""


class HomeTab:
    """Shows everybody theirs, for one app."""

    def __init__(
        self,
        client: AsyncWebClient,
        commands: Commands,
        conversation: Conversation,
        modal: Modal,
    ) -> None:
        self._client = client
        self._commands = commands
        self._conversation = conversation
        self._modal = modal
        self._people = conversation.people
        self._lanes = Lanes()

    async def on_opened(self, event: dict[str, Any]) -> None:
        """Somebody looks at the app; at its messages, or at this."""
        if event.get("tab") == "home":
            await self.show(event["user"])

    async def show(self, user: str) -> None:
        """Show it anew."""
        async with self._lanes.turn(user):
            await self._publish(user)

    async def on_click(self, body: dict[str, Any]) -> None:
        """A button of the tab."""
        user = body["user"]["id"]
        tap = _read(read_tap(body["actions"][0].get("value") or "").command)
        if tap is None:
            return
        async with self._lanes.turn(user):
            try:
                reply = await self._answered(tap, user, body.get("trigger_id", ""))
            except Exception:
                await self._publish(user, await self._sorry(user))
                raise
            if reply is not None:
                await self._conversation.answers.tell(reply.told)
                failed = reply.failed or reply.question is not None
                await self._publish(user, Done(reply.document, tap.place.address, failed))
            elif subscribing(tap.command) != "":
                await self._publish(user)

    async def _answered(self, tap: Tap, user: str, trigger: str) -> Reply | None:
        """What the commands say to it; None for a chat that is not this person's to see."""
        if tap.place.is_private:
            is_theirs = tap.place.channel == user
        else:
            is_theirs = await self._people.is_in(user, tap.place.channel)
        if not is_theirs:
            return None
        if subscribing(tap.command) == "":
            return await self._modal.open(trigger, tap.place, user)
        return await self._conversation.ask(tap.command, tap.place, user, tapped=True)

    async def _publish(self, user: str, done: Done | None = None) -> None:
        who = await self._people.person(user)

        async def places(rooms: Collection[str]) -> Mapping[str, str]:
            return await self._names(user, rooms)

        request = Request(
            Platform.SLACK, user, person(user), "", lang=who.lang, tz=who.tz, room=user
        )
        shown = await self._commands.homes.shown(request, places, done)
        view = {"type": "home", "blocks": list(home(shown.document, shown.lang))}
        try:
            await self._client.views_publish(user_id=user, view=view)
        except FAILURES as error:
            log.warning("home not shown", reason=str(error))

    async def _names(self, user: str, rooms: Collection[str]) -> dict[str, str]:
        """The channels of these that somebody is in, by the names that their members know."""
        names = {}
        for room in rooms:
            if await self._people.is_in(user, room):
                channel = await self._people.channel(room)
                names[room] = f"#{channel.name}" if channel.name else room
        return names

    async def _sorry(self, user: str) -> Done:
        lang = (await self._people.person(user)).lang or Lang.EN
        return Done(Document((line("elsewhere.defect", lang),)), user, failed=True)


def _read(said: str) -> Tap | None:
    command, about, address = said.rpartition(ABOUT)
    return Tap(command, read_address(address)) if about else None
