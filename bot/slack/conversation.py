"""One command, message or click at a time: read it, have it answered, send the answer.

Everything was acknowledged before it comes here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.dispatch import Commands
from bot.commands.line import read_line
from bot.commands.names import Name
from bot.commands.request import Reply, Request, Visibility, anybody
from bot.lanes import Lanes
from bot.slack.answering import Answers, Origin
from bot.slack.hearing import command_line, plain_text, shown_text, without_mention
from bot.slack.people import People
from bot.slack.places import Place, person
from formatters.compose.replies.words import line
from formatters.document import Document
from formatters.slack import read_tap
from jobs.arxiv_ids import first_paper_id
from storage.errors import UserError
from storage.models import Lang, Platform

UMBRELLA = "/paperround"


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

    async def on_command(self, body: dict[str, Any]) -> None:
        """A slash command."""
        origin = commanded_from(body)
        await self._converse(line_of(body), origin.place, origin)

    async def on_mention(self, event: dict[str, Any]) -> None:
        """Our name at the beginning of a message; the answer goes into its thread."""
        said = without_mention(event.get("text", ""), self.people.own_id)
        if said is None or not event.get("user"):
            return
        place = Place(event["channel"], event.get("thread_ts"))
        beside = Place(event["channel"], event.get("thread_ts") or event["ts"])
        await self._converse(plain_text(said), place, Origin(beside, event["user"]))

    async def on_direct(self, event: dict[str, Any]) -> None:
        """A message in a direct conversation."""
        beside = Place(event["channel"], event.get("thread_ts"))
        origin = Origin(beside, event["user"])
        await self._converse(plain_text(event.get("text", "")), Place(event["user"]), origin)

    async def on_click(self, body: dict[str, Any]) -> None:
        """A button of a message; it carries a command."""
        tap = read_tap(body["actions"][0].get("value") or "")
        container = body.get("container", {})
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
        if channel is None:
            return
        thread = container.get("thread_ts")
        origin = Origin(
            Place(channel, thread),
            body["user"]["id"],
            body.get("response_url"),
            clicked=True,
            turns=tap.turns,
        )
        place = await self._chat_of(_place(channel, body["user"]["id"], thread))
        await self._converse(tap.command, place, origin, tapped=True)

    async def on_lookup(self, body: dict[str, Any]) -> None:
        """The shortcut on a message: the card of the paper that it names, for who asks."""
        message = body.get("message", {})
        user, channel = body["user"]["id"], body["channel"]["id"]
        # Direct messages may be other people's: only the address that came along leads there.
        in_channel = not channel.startswith("D")
        beside = Place(channel, message.get("thread_ts"))
        origin = Origin(beside, user, body.get("response_url"), clicked=in_channel)
        paper = first_paper_id(shown_text(message))
        if paper is None:
            await self.answers.answer(await self._no_paper(user), origin)
            return
        await self._converse(f"/{Name.PAPER} {paper}", _place(channel, user), origin, tapped=True)

    async def ask(
        self, text: str, place: Place, user: str, *, tapped: bool = False, by_form: bool = False
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
            )
        )

    async def with_invitation(self, reply: Reply, place: Place) -> Reply:
        """What was subscribed, with the way to bring us where it is to arrive."""
        if place.is_private or (await self.people.channel(place.channel)).is_member:
            return reply
        told = Document((line("form.invite", reply.lang),))
        return replace(reply, document=reply.document + told)

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

    async def _converse(
        self, text: str, place: Place, origin: Origin, *, tapped: bool = False
    ) -> None:
        async with self._lanes.turn(origin.user):
            try:
                reply = await self.ask(text, place, origin.user, tapped=tapped)
                if reply is not None and not reply.failed and subscribing(text) is not None:
                    reply = await self.with_invitation(reply, place)
                if reply is not None:
                    await self.answers.answer(reply, origin)
            except Exception:
                await self.sorry(origin)
                raise

    async def _chat_of(self, place: Place) -> Place:
        """A digest's thread is the channel's, unless a subscription lives in the thread."""
        if place.thread is None:
            return place
        lives = await self._commands.rooms.is_known(Platform.SLACK, place.address)
        return place if lives else Place(place.channel)

    def _manager(self, place: Place, user: str) -> Callable[[], Awaitable[bool]]:
        if place.is_private or self._rules.anyone_manages:
            return anybody

        async def may_manage() -> bool:
            return (await self.people.person(user)).is_admin

        return may_manage


def commanded_from(body: dict[str, Any]) -> Origin:
    """Where a slash command was said."""
    place = _place(body["channel_id"], body["user_id"])
    return Origin(place, body["user_id"], body.get("response_url"))


def line_of(body: dict[str, Any]) -> str:
    """A slash command as a line."""
    return command_line(body["command"], body.get("text", ""), UMBRELLA)


def subscribing(text: str) -> str | None:
    """What stands behind /subscribe; None for every other line."""
    try:
        said = read_line(text)
    except UserError:
        return None
    is_that = said.command is not None and said.command.name is Name.SUBSCRIBE
    return said.argument if is_that else None


def _place(channel: str, user: str, thread: str | None = None) -> Place:
    """A channel or its thread; direct messages are kept under the person."""
    return Place(user) if channel.startswith("D") else Place(channel, thread)
