"""One update at a time: read it, have it answered, send the answer.

A chat's updates are answered in their order, chats beside each other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatAction, ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.commands.dispatch import Commands
from bot.commands.questions import PATIENCE
from bot.commands.request import Reply, Request, Visibility, anybody
from bot.commands.shorthand import Shorthand
from bot.telegram import deep_links
from bot.telegram.answering import Answers, Tap
from bot.telegram.elsewhere import Elsewhere, carried, is_admin, is_talk, split_line, visit
from bot.telegram.hearing import hear
from bot.telegram.places import Place, lang_of, person, person_of, place_of, title_of
from formatters.catalogue import say
from formatters.compose.replies import mistakes
from formatters.compose.replies.words import line
from formatters.document import Document, Text, plain
from formatters.telegram import read_callback
from jobs.arxiv_ids import parse_paper_id
from jobs.ports import Clock
from storage.errors import UserError
from storage.models import Lang, Platform

SOON = 0.7
"""Seconds after which somebody who waits is shown that we are at it."""
TYPING_LASTS = 4.5
"""Seconds; Telegram shows it for five."""
TAP_LASTS = 3.0
"""Seconds after which a tapped button stops turning; a word that comes later is a message."""
OUT = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
AT_ONCE = 256
"""Updates under way together …"""
MOST_WAITING = 100_000
"""… and so many with those that wait for an earlier one of the same person."""
MOST_QUESTIONS = 1_000

MayManage = Callable[[], Awaitable[bool]]

log = structlog.get_logger()


class InOrder(BaseUpdateProcessor):
    """The updates of one chat one after the other, those of different chats side by side."""

    def __init__(self) -> None:
        super().__init__(MOST_WAITING)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process it when the chat's earlier ones are done."""
        key = _lane(update)
        lock, waiting = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = lock, waiting + 1
        try:
            async with lock, self._slots:
                await coroutine
        finally:
            lock, waiting = self._locks.pop(key)
            if waiting > 1:
                self._locks[key] = lock, waiting - 1

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""


def _lane(update: object) -> int:
    """Who shares an order: a person, wherever they speak; what nobody says, a chat."""
    if not isinstance(update, Update):
        return 0
    user = update.effective_user
    chat = update.effective_chat
    return user.id if user else chat.id if chat else 0


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
        self._asked_about: dict[int, tuple[str, datetime]] = {}
        """Which chat a person's open question in the private chat is about, and since when."""

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
        )
        async with self._busy(place):
            reply = await self._ask(request, message.from_user)
        if reply is not None:
            user = message.from_user.id if message.from_user and not message.sender_chat else None
            await self._answers.to_message(reply, place, message.message_id, user)

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
            tapped=True,
        )
        opens = _opened(command, place)
        typing = self._busy(place) if place.is_private else nullcontext()
        async with _beside(self._release(query)) as released, typing:
            reply = await self._ask(request, query.from_user)
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
            reason = "blocked" if place.is_private else "removed"
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
            reply = _concerning(reply, place, title_of(changed.chat))
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

    async def _ask(self, request: Request, user: User | None) -> Reply | None:
        """The commands' answer; in a private chat the line may be about another chat."""
        if user is None or request.room != str(user.id):
            return await self._commands.dispatch(request)
        text, named = split_line(request.text)
        waiting = self._take_question(user.id)
        if named is None and not request.tapped and is_talk(text):
            named = waiting
        if named is None:
            return await self._commands.dispatch(request)
        try:
            there = await visit(self._bot, named, user.id, admins_only=self._rules.admins_only)
        except UserError as error:
            return await self._not_there(request, error)
        reply = await self._about(replace(request, text=text), there)
        if reply is not None and reply.question is not None:
            self._wait_for_answer(user.id, there.place)
        return reply

    async def _not_there(self, request: Request, error: UserError) -> Reply | None:
        """Why another chat can't be spoken of, for those only who are let in and not slowed.

        Saying nothing asks the gates.
        """
        passed = await self._commands.dispatch(replace(request, text=""))
        if passed is None or passed.failed:
            return passed
        document = mistakes.user_error(error, passed.lang)
        return Reply(document, passed.lang, Visibility.PERSON, failed=True)

    def _wait_for_answer(self, user: int, place: Place) -> None:
        self._asked_about[user] = place.address, self._clock.now()
        if len(self._asked_about) > MOST_QUESTIONS:
            del self._asked_about[next(iter(self._asked_about))]

    def _take_question(self, user: int) -> str | None:
        """The chat that an open question is about: whatever is said next ends it."""
        address, asked = self._asked_about.pop(user, (None, self._clock.now()))
        return address if self._clock.now() - asked < PATIENCE else None

    async def _about(self, request: Request, there: Elsewhere) -> Reply | None:
        reply = await self._commands.dispatch(
            replace(
                request,
                address=there.place.address,
                room=there.place.room,
                title=there.title,
                asked_in=request.address,
                may_manage=there.may_manage,
            )
        )
        if reply is None:
            return None
        is_turned = reply.failed or request.tapped
        return _concerning(reply, there.place, "" if is_turned else there.title)

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


def _concerning(reply: Reply, place: Place, title: str = "") -> Reply:
    """The reply in a private chat: its buttons know which chat it is about, and so does a title."""
    document = carried(reply.document, place)
    if title:
        about = Text(plain(say("elsewhere.about", reply.lang, chat=title)))
        document = Document((about, *document.blocks))
    return replace(reply, document=document)


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
