"""One update at a time: read it, have it answered, send the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatAction, ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.commands.dispatch import Commands
from bot.commands.request import Reply, Request, anybody
from bot.commands.shorthand import Shorthand
from bot.telegram import deep_links
from bot.telegram.answering import Answers, Tap
from bot.telegram.asking import Asking, concerning
from bot.telegram.elsewhere import is_admin
from bot.telegram.hearing import answered_text, hear
from bot.telegram.places import Place, lang_of, person, person_of, place_of, title_of
from formatters.catalogue import say
from formatters.compose.replies.words import line
from formatters.document import Document
from formatters.telegram import read_callback
from jobs.arxiv_ids import parse_paper_id
from jobs.ports import Clock
from storage.models import Lang, OutOfReach, Platform

SOON = 0.7
"""Seconds after which somebody who waits is shown that we are at it."""
TYPING_LASTS = 4.5
"""Seconds; Telegram shows it for five."""
TAP_LASTS = 3.0
"""Seconds after which a tapped button stops turning; a word that comes later is a message."""
OUT = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

MayManage = Callable[[], Awaitable[bool]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say about groups."""

    admins_only: bool
    """Only a group's admins change its subscriptions."""


class Conversation:
    """Answers the updates of one bot."""

    def __init__(
        self,
        bot: Bot,
        commands: Commands,
        answers: Answers,
        shorthand: Shorthand,
        clock: Clock,
        *,
        rules: Rules,
    ) -> None:
        self._bot = bot
        self._commands = commands
        self._answers = answers
        self._shorthand = shorthand
        self._clock = clock
        self._rules = rules
        self._asking = Asking(bot, commands, clock, admins_only=rules.admins_only)

    async def on_message(self, message: Message) -> None:
        """A message, or the news that a group became a supergroup."""
        if message.migrate_to_chat_id:
            old, new = Place(message.chat.id), Place(message.migrate_to_chat_id)
            await self._commands.rooms.moved(Platform.TELEGRAM, old.room, new.room)
            return
        heard = hear(message, self._bot.bot)
        if heard is None:
            return
        place = place_of(message)
        request = Request(
            Platform.TELEGRAM,
            place.address,
            person_of(message),
            _unlinked(heard.text),
            lang=lang_of(message.from_user),
            may_manage=self._manager(message),
            room=place.room,
            title=title_of(message.chat),
            name=message.from_user.full_name if message.from_user else "",
            addressed=heard.addressed,
            about=await self._about(message),
            answered=answered_text(message),
        )
        async with self._busy(place):
            reply = await self._asking.ask(request, message.from_user)
        if reply is not None:
            user = message.from_user.id if message.from_user and not message.sender_chat else None
            await self._answers.to_message(reply, place, message.message_id, user)

    async def _about(self, message: Message) -> str | None:
        """The paper of the analysis that the message answers."""
        answered = message.reply_to_message
        if answered is None or answered.from_user is None:
            return None
        if answered.from_user.id != self._bot.id:
            return None
        return await self._commands.about(f"{message.chat.id}:{answered.message_id}")

    async def on_tap(self, query: CallbackQuery) -> None:
        """A tapped button."""
        message = query.message
        if message is None or query.data is None:
            await self._answers.toast(query)
            return
        tapped = read_callback(query.data)
        command = await self._shorthand.find(tapped.text) if tapped.is_short else tapped.text
        place = place_of(message) if isinstance(message, Message) else Place(message.chat.id)
        lang = lang_of(query.from_user)
        if command is None:
            log.warning("button not known", said=query.data)
            gone = say("elsewhere.button_gone", lang or Lang.EN)
            await self._answers.toast(query, gone, alert=True)
            return
        request = Request(
            Platform.TELEGRAM,
            place.address,
            person(query.from_user.id),
            command,
            lang=lang,
            may_manage=self._tapper(place, query.from_user),
            room=place.room,
            title=title_of(message.chat),
            name=query.from_user.full_name,
            read_only=message.chat.type == ChatType.CHANNEL,
            tapped=True,
        )
        opens = _opened(command, place)
        typing = self._busy(place) if place.is_private else nullcontext()
        async with _beside(self._release(query)) as released, typing:
            reply = await self._asking.ask(request, query.from_user)
        late = not released.cancelled()
        tap = Tap(query, place, message.message_id, query.from_user.id, tapped.turns, opens, late)
        if reply is not None:
            await self._answers.to_tap(reply, tap)
        elif not late:
            await self._answers.toast(query)

    async def on_membership(self, changed: ChatMemberUpdated) -> None:
        """We were added to a chat, thrown out, blocked."""
        place = Place(changed.chat.id)
        was_out = changed.old_chat_member.status in OUT
        is_out = changed.new_chat_member.status in OUT
        rooms = self._commands.rooms
        if is_out:
            reason = OutOfReach.BLOCKED if place.is_private else OutOfReach.REMOVED
            await rooms.left(Platform.TELEGRAM, place.room, reason)
        elif was_out and not place.is_private:
            who = person(changed.from_user.id)
            title = title_of(changed.chat)
            reply = await rooms.added(
                Platform.TELEGRAM,
                place.room,
                title,
                who,
                lang_of(changed.from_user),
                name=changed.from_user.full_name,
            )
            if reply is not None:
                await self._welcome(reply, changed)

    async def _welcome(self, reply: Reply, changed: ChatMemberUpdated) -> None:
        """Say it where we came in; of a channel privately, to who put us there."""
        place = Place(changed.chat.id)
        if changed.chat.type == ChatType.CHANNEL:
            named = f"@{changed.chat.username}" if changed.chat.username else place.address
            how = Document((line("elsewhere.how", reply.lang, chat=named),))
            reply = concerning(reply, place, title_of(changed.chat))
            reply = replace(reply, document=reply.document + how)
            place = Place(changed.from_user.id)
        await self._answers.to_message(reply, place, None, None)

    async def on_defect(self, update: object) -> None:
        """Something of ours broke: say so to who waits."""
        if not isinstance(update, Update) or update.effective_user is None:
            return
        lang = lang_of(update.effective_user) or Lang.EN
        if update.callback_query is not None:
            text = say("elsewhere.defect", lang)
            await self._answers.toast(update.callback_query, text, alert=True)
        elif isinstance(update.message, Message):
            document = Document((line("elsewhere.defect", lang),))
            await self._answers.say(document, lang, place_of(update.message))

    def _manager(self, message: Message) -> MayManage:
        """Whether who writes may manage: anonymous admins show themselves by writing so."""
        if message.sender_chat is not None and message.sender_chat.id == message.chat.id:
            return anybody
        if message.from_user is None:
            return anybody
        return self._tapper(place_of(message), message.from_user)

    def _tapper(self, place: Place, user: User) -> MayManage:
        if place.is_private or not self._rules.admins_only:
            return anybody

        async def may_manage() -> bool:
            return await is_admin(self._bot, place.chat, user.id)

        return may_manage

    def _busy(self, place: Place) -> AbstractAsyncContextManager[object]:
        """Show that we are typing while an answer takes its time."""
        return _beside(self._show_typing(place))

    async def _show_typing(self, place: Place) -> None:
        await self._clock.sleep(SOON)
        while True:
            with suppress(TelegramError):
                await self._bot.send_chat_action(
                    place.chat, ChatAction.TYPING, message_thread_id=place.thread
                )
            await self._clock.sleep(TYPING_LASTS)

    async def _release(self, query: CallbackQuery) -> None:
        """Let a button turn no longer, though its answer is still to come."""
        await self._clock.sleep(TAP_LASTS)
        await self._answers.toast(query)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    """Do this while something takes its time, and no longer."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def _unlinked(text: str) -> str:
    """`/start paper_…` of a link to the bot as the command that it stands for."""
    command, _, payload = text.partition(" ")
    paper = deep_links.read_paper(payload.strip()) if command == "/start" else None
    if paper is None:
        return text
    ident, chat = paper
    return f"/paper {ident}" if chat is None else f"/paper {ident} to {chat}"


def _opened(command: str, place: Place) -> str | None:
    """The payload that opens the paper of a card, where that is what was tapped."""
    name, _, rest = command.partition(" ")
    found = parse_paper_id(rest) if name == "/paper" else None
    if found is None or place.is_private:
        return None
    return deep_links.to_paper(found[0], place.chat, place.thread)
