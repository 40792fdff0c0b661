"""What befalls channels: joined, left, archived, deleted, renamed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.commands.dispatch import Commands
from bot.slack.answering import Answers
from bot.slack.people import People
from bot.slack.places import Place, person
from storage.models import OutOfReach, Platform

Heard = Callable[[dict[str, Any]], Awaitable[None]]


class Channels:
    """Tells the commands; `events` are those to subscribe to."""

    def __init__(self, commands: Commands, answers: Answers, people: People) -> None:
        self._commands = commands
        self._answers = answers
        self._people = people
        self.events: Mapping[str, Heard] = {
            "member_joined_channel": self._joined,
            "channel_left": self._left,
            "group_left": self._left,
            "channel_archive": self._archived,
            "group_archive": self._archived,
            "channel_unarchive": self._opened_again,
            "group_unarchive": self._opened_again,
            "channel_deleted": self._deleted,
            "group_deleted": self._deleted,
            "channel_rename": self._renamed,
            "group_rename": self._renamed,
        }

    async def _joined(self, event: dict[str, Any]) -> None:
        """Somebody joined; when it is us, who invited us is who asks to be let in."""
        self._people.forget_channel(event["channel"])
        if event["user"] != self._people.own_id:
            return
        inviter = event.get("inviter") or ""
        who = await self._people.person(inviter) if inviter else None
        where = await self._people.channel(event["channel"])
        reply = await self._commands.rooms.added(
            Platform.SLACK,
            event["channel"],
            where.title,
            person(inviter),
            who.lang if who else None,
            name=who.name if who else "",
        )
        if reply is not None:
            await self._answers.say(reply.document, reply.lang, Place(event["channel"]))
            await self._answers.tell(reply.told)

    async def _left(self, event: dict[str, Any]) -> None:
        await self._close(event["channel"], OutOfReach.REMOVED)

    async def _archived(self, event: dict[str, Any]) -> None:
        await self._close(event["channel"], OutOfReach.ARCHIVED)

    async def _deleted(self, event: dict[str, Any]) -> None:
        await self._close(event["channel"], OutOfReach.DELETED)

    async def _close(self, channel: str, reason: OutOfReach) -> None:
        self._people.forget_channel(channel)
        await self._commands.rooms.left(Platform.SLACK, channel, reason)

    async def _opened_again(self, event: dict[str, Any]) -> None:
        self._people.forget_channel(event["channel"])
        await self._commands.rooms.back(Platform.SLACK, event["channel"], OutOfReach.ARCHIVED)

    async def _renamed(self, event: dict[str, Any]) -> None:
        self._people.forget_channel(event["channel"]["id"])
