"""What befalls a room on its platform: paperround is added, put out, or the room moves.

The adapters report it; nobody said a line.
"""

from bot.commands import gate, pausing
from bot.commands.asked import Asked, chat_of
from bot.commands.refusing import refused
from bot.commands.request import AccessRules, Context, Reply, Request
from formatters.compose.replies import access as said
from jobs.ports import Rejected
from storage import access, chats, subscriptions
from storage.database import Tx
from storage.models import Lang, OutOfReach, Platform


class Rooms:
    """The rooms of one paperround."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def added(
        self,
        platform: Platform,
        room: str,
        title: str,
        by_person: str,
        lang: Lang | None = None,
        *,
        name: str = "",
    ) -> Reply | None:
        """Somebody added paperround to a room: a welcome, or the refusal that strangers get.

        An admin who does it lets the room in.
        """
        context, rules = self._context, self._context.access
        request = Request(platform, room, by_person, "", lang=lang, title=title, name=name)
        stored = await context.db.read(gate.look_up, platform, room, room)
        judged = gate.verdict(platform, room, rules, stored.decision, stored.admins)
        if judged is not gate.Verdict.LET_IN:
            if not gate.is_admin(by_person, rules, stored.admins):
                return await refused(context, request, stored, judged)
            await context.db.write(
                gate.let_in, platform, room, said.one_line(title), context.clock.now()
            )
            context.refusals.forget(platform, room)
            context.changed()
            stored = await context.db.read(gate.look_up, platform, room, room)
        asked = Asked(context, request, chat_of(context, request, stored.chat), "")
        return await pausing.welcome_back(asked) or asked.to_chat(said.welcome(asked.lang))

    async def left(self, platform: Platform, room: str, reason: OutOfReach) -> None:
        """Paperround was put out or blocked: nothing is sent there until somebody asks again.

        Who subscribed there is told.
        """
        await self._context.db.write(_leave, self._context, platform, room, reason)
        self._context.changed()

    async def back(self, platform: Platform, room: str, reason: str) -> None:
        """What closed the room for this reason is undone: it is sent to again."""
        await self._context.db.write(gate.reopen, platform, room, reason)
        self._context.changed()

    async def is_known(self, platform: Platform, address: str) -> bool:
        """Whether this very address has subscriptions or settings of its own."""
        return await self._context.db.read(chats.find, platform, address) is not None

    async def subscribed(self, platform: Platform) -> list[str]:
        """The rooms that have subscriptions."""
        return await self._context.db.read(subscriptions.rooms, platform)

    async def moved(self, platform: Platform, old: str, new: str) -> None:
        """The room has another id: its chats and what was decided about it go along."""
        await self._context.db.write(_move, self._context, platform, old, new)
        self._context.changed()

    async def judge_again(self, platform: Platform) -> None:
        """At the start: settings may let in others than before; who is shut out gets nothing."""
        await self._context.db.write(_judge_again, self._context.access, platform)


def _leave(tx: Tx, context: Context, platform: Platform, room: str, cause: OutOfReach) -> None:
    error, now = Rejected(cause, gone=True, cause=cause), context.clock.now()
    for chat in chats.of_room(tx, platform, room):
        if chats.park_reachable(tx, chat.key, cause):
            context.parked(tx, chat.key, error, now)


def _judge_again(tx: Tx, rules: AccessRules, platform: Platform) -> None:
    admins = frozenset(access.admins(tx))
    for chat in chats.of_platform(tx, platform):
        room = chats.room_of(chat.address)
        decision = access.decision(tx, platform, room)
        is_in = gate.verdict(platform, room, rules, decision, admins) is gate.Verdict.LET_IN
        if is_in and chat.parked == chats.SHUT_OUT:
            chats.park(tx, chat.key, None)
        elif not is_in:
            chats.park_reachable(tx, chat.key, chats.SHUT_OUT)


def _move(tx: Tx, context: Context, platform: Platform, old: str, new: str) -> None:
    access.move(tx, platform, old, new)
    if old in context.access.rooms:  # settings name the room as it was called before
        access.decide(tx, platform, new, allowed=True, title="", now=context.clock.now())
    for chat in chats.of_room(tx, platform, old):
        chats.move(tx, chat.key, new + chat.address.removeprefix(old))
