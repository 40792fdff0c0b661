"""One command, message or click at a time: read it, have it answered, send the answer.

Everything was acknowledged before it comes here.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.dispatch import Commands
from bot.commands.names import Name
from bot.commands.request import Reply, Request, Visibility, anybody
from bot.lanes import Lanes
from bot.slack.answering import Answers, Origin, of_own_thread
from bot.slack.hearing import (
    command_line,
    direct_text,
    plain_text,
    shown_text,
    without_mention,
)
from bot.slack.people import People
from bot.slack.places import Place, person
from bot.slack.wording import UMBRELLA, founds, posts_later, subscribing, with_address
from formatters.compose.replies.words import line
from formatters.document import Document
from formatters.slack import read_tap
from jobs.arxiv_ids import first_paper_id, written
from storage.models import Lang, Platform

MOST_BEGUN = 1_000
"""Threads remembered that somebody began by mentioning us."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say about channels."""

    anyone_manages: bool
    """Everybody in a channel changes its subscriptions; else the workspace's admins, and who
    made one."""


class Conversation:
    """Answers what one workspace says. `answers` sends, `people` knows who speaks and where."""

    def __init__(
        self, commands: Commands, answers: Answers, people: People, *, rules: Rules
    ) -> None:
        self._commands = commands
        self.answers = answers
        self.people = people
        self._rules = rules
        self._lanes = Lanes()
        self._begun: OrderedDict[Place, None] = OrderedDict()

    async def on_command(self, body: dict[str, Any]) -> None:
        """A slash command."""
        origin = commanded_from(body)
        async with self._turn(origin):
            origin = await self._at_home(origin, body["channel_id"])
            await self._converse(line_of(body), origin.place, origin)

    async def on_mention(self, event: dict[str, Any]) -> None:
        """Our name at the beginning of a message; the answer goes into its thread."""
        said = without_mention(event.get("text", ""), self.people.own_id)
        is_talk = event.get("user") and not event.get("bot_id") and not event.get("edited")
        if said is None or not is_talk:
            return
        beside = Place(event["channel"], event.get("thread_ts") or event["ts"])
        origin = Origin(beside, event["user"], begins_thread="thread_ts" not in event)
        async with self._turn(origin):
            text = plain_text(said)
            place = await self._meant(text, event, origin)
            await self._converse(text, place, origin, about=await self._about(event))

    async def on_direct(self, event: dict[str, Any]) -> None:
        """A message in a direct conversation."""
        beside = Place(event["channel"], event.get("thread_ts"))
        origin = Origin(beside, event["user"])
        async with self._turn(origin):
            about = await self._about(event)
            await self._converse(direct_text(event), Place(event["user"]), origin, about=about)

    async def on_click(self, body: dict[str, Any]) -> None:
        """A button of a message; it carries a command."""
        action, container, user = body["actions"][0], body.get("container", {}), body["user"]["id"]
        tap = read_tap(action.get("value") or "")
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
        if channel is None:
            return
        origin = Origin(
            place=Place(channel, _thread(container, "message_ts")),
            user=user,
            response_url=body.get("response_url"),
            aside=True,
            turns=tap.turns,
            on_whisper=bool(container.get("is_ephemeral")),
            in_own_thread=of_own_thread(action.get("block_id") or ""),
        )
        if _is_direct(channel):
            # In direct messages with us nothing is whispered: those are other people's.
            place = Place(user) if origin.on_whisper else origin.place
            origin = replace(origin, place=place, aside=origin.on_whisper)
        async with self._turn(origin):
            await self._converse(tap.command, await self._chat_of(origin), origin, tapped=True)

    async def on_lookup(self, body: dict[str, Any]) -> None:
        """The shortcut on a message: the card of the paper that it names, for who asks."""
        message = body.get("message", {})
        user, channel = body["user"]["id"], body["channel"]["id"]
        beside = Place(user) if _is_direct(channel) else Place(channel, _thread(message, "ts"))
        origin = Origin(beside, user, body.get("response_url"), aside=True)
        paper = first_paper_id(shown_text(message))
        async with self._turn(origin):
            origin = await self._at_home(origin, channel)
            if paper is None:
                await self.answers.answer(await self._no_paper(user), origin)
            else:
                chat = Place(beside.channel)
                await self._converse(f"/{Name.PAPER} {written(*paper)}", chat, origin, tapped=True)

    async def ask(
        self,
        text: str,
        place: Place,
        user: str,
        *,
        tapped: bool = False,
        by_form: bool = False,
        about: str | None = None,
    ) -> Reply | None:
        """The commands' answer to a line of a user's in a place."""
        who = await self.people.person(user)
        title = "" if place.is_private else (await self.people.channel(place.channel)).title
        return await self._commands.dispatch(
            Request(
                Platform.SLACK,
                place.address,
                person(user),
                text,
                lang=who.lang,
                tz=who.tz,
                may_manage=self._manager(place, user),
                makers_manage=not self._rules.anyone_manages,
                room=place.channel,
                title=title,
                name=who.name,
                tapped=tapped,
                by_form=by_form,
                about=about,
            )
        )

    async def with_invitation(self, reply: Reply, place: Place) -> Reply:
        """What was subscribed, with the way to bring us where it is to arrive."""
        if await self._is_member(place):
            return reply
        told = Document((line("form.invite", reply.lang),))
        return replace(reply, document=reply.document + told)

    async def _is_member(self, place: Place) -> bool:
        """Whether something can be posted there when nobody asks for it."""
        return place.is_private or (await self.people.channel(place.channel)).is_member

    async def _no_paper(self, user: str) -> Reply:
        lang = (await self.people.person(user)).lang or Lang.EN
        document = Document((line("form.no_paper", lang),))
        return Reply(document, lang, Visibility.PERSON, failed=True)

    async def sorry(self, origin: Origin) -> None:
        """Something of ours broke: say so to who waits."""
        who = await self.people.person(origin.user)
        lang = who.lang or Lang.EN
        document = Document((line("elsewhere.defect", lang),))
        await self.answers.answer(Reply(document, lang, failed=True), origin)

    @asynccontextmanager
    async def _turn(self, origin: Origin) -> AsyncIterator[None]:
        """What somebody says is answered in its order, and if need be with a word of regret."""
        async with self._lanes.turn(origin.user):
            try:
                yield
            except Exception:
                await self.sorry(origin)
                raise

    async def _about(self, event: dict[str, Any]) -> str | None:
        """The paper of the analysis in whose thread something was said."""
        thread = event.get("thread_ts")
        if thread is None:
            return None
        return await self._commands.about(f"{event['channel']}:{thread}")

    async def _converse(
        self,
        text: str,
        place: Place,
        origin: Origin,
        *,
        tapped: bool = False,
        about: str | None = None,
    ) -> None:
        elsewhere = posts_later(text) and not await self._is_member(place)
        if elsewhere:
            place, origin = Place(origin.user), replace(origin, aside=True)
        reply = await self.ask(text, place, origin.user, tapped=tapped, about=about)
        if reply is None:
            return
        if elsewhere and not reply.failed:
            told = Document((line("talk.directly", reply.lang),))
            reply = replace(reply, document=reply.document + told)
        if not reply.failed and subscribing(text) is not None:
            reply = await self.with_invitation(reply, place)
        if not place.is_private:
            reply = with_address(reply, text)
        origin = replace(origin, in_own_thread=place.thread is not None)
        await self.answers.answer(reply, origin)

    async def _at_home(self, origin: Origin, channel: str) -> Origin:
        """In the direct messages with us nobody else is there: answers may stay."""
        if _is_direct(channel) and await self.people.is_direct(origin.user, channel):
            return replace(origin, aside=False)
        return origin

    async def _meant(self, text: str, event: dict[str, Any], origin: Origin) -> Place:
        """The chat that a mention is about: the channel, or the thread that it was said in.

        A thread is a chat of its own once something was subscribed there; that is not where
        our own messages are talked about, nor where a mention of us began it.
        """
        channel, here = Place(event["channel"]), origin.place
        if origin.begins_thread:
            self._begun[here] = None
            if len(self._begun) > MOST_BEGUN:
                self._begun.popitem(last=False)
            return channel
        if await self._commands.rooms.is_known(Platform.SLACK, here.address):
            return here
        is_ours = here in self._begun or event.get("parent_user_id") == self.people.own_id
        return here if not is_ours and founds(text) else channel

    async def _chat_of(self, origin: Origin) -> Place:
        """The chat of a button: a digest's thread is the channel's, unless it is one itself."""
        here = origin.place
        if here.is_private:
            return Place(origin.user)
        if here.thread is None or origin.in_own_thread:
            return here
        lives = await self._commands.rooms.is_known(Platform.SLACK, here.address)
        return here if lives else Place(here.channel)

    def _manager(self, place: Place, user: str) -> Callable[[], Awaitable[bool]]:
        if place.is_private or self._rules.anyone_manages:
            return anybody

        async def may_manage() -> bool:
            return (await self.people.person(user)).is_admin

        return may_manage


def commanded_from(body: dict[str, Any]) -> Origin:
    """Where a slash command was said. Direct messages may be those of other people."""
    channel, user = body["channel_id"], body["user_id"]
    direct = _is_direct(channel)
    place = Place(user) if direct else Place(channel)
    return Origin(place, user, body.get("response_url"), aside=direct)


def line_of(body: dict[str, Any]) -> str:
    """A slash command as a line."""
    return command_line(body["command"], body.get("text", ""), UMBRELLA)


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")


def _thread(message: dict[str, Any], own: str) -> str | None:
    """The thread that a message stands in; the one that begins it stands in the channel."""
    thread: str | None = message.get("thread_ts")
    return None if thread == message.get(own) else thread
