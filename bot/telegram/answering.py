"""How replies reach people: in the chat, privately, in place of a message, or as a toast.

Answers go past the outbox: who asked is there and asks again. They take Telegram's pace
into account but do not queue behind digests.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog
from telegram import Bot, CallbackQuery
from telegram.error import TelegramError

from bot.commands.request import Reply, Told, Visibility
from bot.commands.shorthand import Shorthand
from bot.following import Following
from bot.pacing import Turnstile
from bot.patience import Patience
from bot.telegram import deep_links, posting
from bot.telegram.asking import concerning
from bot.telegram.places import Place, read_address
from formatters.catalogue import say
from formatters.document import Document, Lead, PaperCard, Span, Text
from formatters.file import File
from formatters.telegram import Message, long_commands, messages, one_message, toast
from jobs.ports import Clock, Moved, Rejected, RetryLater
from storage.errors import BotError
from storage.models import Lang

MOST_MOVES = 3
"""A topic that is gone leads to its group, a group that migrated to its new id."""
GROUP_MESSAGES, PRIVATE_MESSAGES = 2, 3
"""What a digest that is asked for may cost a chat."""
MOST_TOAST = 200
"""Characters of a toast (answerCallbackQuery)."""

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button: the query, where its message stands, who tapped, and how to answer."""

    query: CallbackQuery
    place: Place
    message_id: int
    user: int
    turns: bool
    opens: str | None
    """The paper that is opened, as a payload of a link to the bot."""
    late: bool = False
    """The query was answered with nothing while the answer took its time."""


class Answers:
    """Sends replies for one bot."""

    def __init__(self, bot: Bot, turnstile: Turnstile, shorthand: Shorthand, clock: Clock) -> None:
        self.following = Following()
        self._bot = bot
        self._patience = Patience(turnstile, clock)
        self._shorthand = shorthand

    async def to_message(
        self, reply: Reply, place: Place, message_id: int | None, user: int | None
    ) -> None:
        """Answer what somebody wrote: beside it, or privately what is theirs alone."""
        await self._tell(reply.told)
        with _reaching(place):
            if place.is_private or user is None or reply.failed:
                beside = None if place.is_private else message_id
                await self._post_reply(reply, place, beside)
            elif reply.visibility is Visibility.CHAT:
                await self._post_reply(reply, place, message_id)
            else:
                reached = await self._privately(reply, place, user)
                note = _sent_note(reply.lang) if reached else self._open_note(reply.lang)
                await self._post_all(messages(note, lang=reply.lang), place, message_id)

    async def to_tap(self, reply: Reply, tap: Tap) -> None:
        """Answer a tap: the query itself is always answered, so that no button keeps turning."""
        await self._tell(reply.told)
        with _reaching(tap.place):
            short = toast(reply.document)
            if _turns(reply, tap, short):
                await self._turn(reply, tap)
            elif short is not None and _is_theirs(reply):
                await self._whisper(reply, tap, short)
                return
            elif tap.place.is_private:
                await self._post_reply(reply, tap.place, None)
            else:
                await self._answer_aside(reply, tap)
                return
        await self._end(tap)

    async def toast(
        self, query: CallbackQuery, text: str = "", *, alert: bool = False, url: str | None = None
    ) -> bool:
        """Answer the query: with a word over the chat, or with nothing. False: it was too late."""
        try:
            return await query.answer(text[:MOST_TOAST] or None, show_alert=alert, url=url)
        except TelegramError as error:
            log.info("tap answered too late", reason=error.message)
            return False

    async def say(self, document: Document, lang: Lang, place: Place) -> None:
        """A word that answers nothing in particular; best effort."""
        try:
            await self._post_all(messages(document, lang=lang), place, None)
        except BotError as error:
            log.warning("not said", chat=place.room, reason=str(error))

    async def _tell(self, told: Sequence[Told]) -> None:
        for word in told:
            await self._keep(word.document)
            await self.say(word.document, word.lang, read_address(word.address))

    async def _post_reply(self, reply: Reply, place: Place, answers: int | None) -> None:
        await self._keep(reply.document)
        place, posted = await self._post_all(_fitted(reply, place), place, answers)
        for file in reply.files:
            await self._send_file(file, place)
        if reply.updates is not None:
            show = None if posted is None else partial(self._show, place, posted, reply.lang)
            self.following.follow(
                reply.updates, show, partial(self.say, lang=reply.lang, place=place)
            )

    async def _show(self, place: Place, message_id: int, lang: Lang, document: Document) -> None:
        """Put a document in the place of a message of ours. Rejected where that is gone."""
        await self._keep(document)
        first = messages(document, lang=lang)[0]
        try:
            await self._patiently(
                place, lambda there: posting.edit(self._bot, there, message_id, first)
            )
        except posting.Gone as error:
            raise Rejected(str(error)) from error

    async def _post_all(
        self, parts: Sequence[Message], place: Place, answers: int | None
    ) -> tuple[Place, int | None]:
        """Post messages; returns where the chat is now, and the last one's id where it is known."""
        posted: int | None = None
        for number, part in enumerate(parts):
            beside = answers if number == 0 else None
            place, posted = await self._post(part, place, beside)
        return place, posted

    async def _post(
        self, message: Message, place: Place, answers: int | None
    ) -> tuple[Place, int | None]:
        return await self._patiently(
            place, lambda there: posting.post(self._bot, there, message, answers=answers)
        )

    async def _send_file(self, file: File, place: Place) -> None:
        await self._patiently(place, lambda there: posting.send_file(self._bot, there, file))

    async def _patiently(
        self, place: Place, send: Callable[[Place], Awaitable[T]]
    ) -> tuple[Place, T | None]:
        """Send to where the chat is now; returns that, and what was made where it is known."""
        for _ in range(MOST_MOVES):
            try:
                group = not place.is_private
                made = await self._patience.send(place.room, partial(send, place), group=group)
            except Moved as error:
                place = read_address(error.address)
            else:
                return place, made
        raise RetryLater("moved")

    async def _turn(self, reply: Reply, tap: Tap) -> None:
        """Put the answer in the message's place; where that is gone, post it."""
        await self._keep(reply.document)
        place, (first, *rest) = tap.place, _in_place(reply)
        try:
            place, _ = await self._patiently(
                place, lambda there: posting.edit(self._bot, there, tap.message_id, first)
            )
        except posting.Gone:
            rest = [first, *rest]
        await self._post_all(rest, place, None)

    async def _whisper(self, reply: Reply, tap: Tap, short: str) -> None:
        """A word over the chat; when it comes too late for that, a message."""
        if tap.late or not await self.toast(tap.query, short, alert=reply.failed):
            await self._privately(reply, tap.place, tap.user)

    async def _answer_aside(self, reply: Reply, tap: Tap) -> None:
        """Answer a group's tap privately; who has no private chat with us is asked to open it."""
        if await self._privately(reply, tap.place, tap.user):
            await self._end(tap, say("elsewhere.sent", reply.lang))
        elif tap.opens is not None:
            await self._end(tap, url=deep_links.link(self._bot.username, tap.opens))
        else:
            await self._end(tap, say("elsewhere.open_short", reply.lang), alert=True)

    async def _end(
        self, tap: Tap, text: str = "", *, alert: bool = False, url: str | None = None
    ) -> None:
        """Answer the query, if nothing did yet."""
        if not tap.late:
            await self.toast(tap.query, text, alert=alert, url=url)

    async def _privately(self, reply: Reply, place: Place, user: int) -> bool:
        """Post to a person, from a group what concerns it; False when they never opened the bot."""
        if not place.is_private:
            reply = concerning(reply, place)
        try:
            await self._post_reply(reply, Place(user), None)
        except Rejected as error:
            if not error.gone:
                raise
            log.info("no private chat", reason=str(error))
            return False
        return True

    def _open_note(self, lang: Lang) -> Document:
        link = Span(say("elsewhere.link", lang), href=deep_links.link(self._bot.username, "hello"))
        return Document((Text((Span(say("elsewhere.open", lang)), link)),))

    async def _keep(self, document: Document) -> None:
        await self._shorthand.keep(long_commands(document))


@contextmanager
def _reaching(place: Place) -> Iterator[None]:
    """A chat that can't be reached, now or ever, is no defect; a message refused is one."""
    try:
        yield
    except RetryLater as error:
        log.warning("not answered", chat=place.room, reason=str(error))
    except Rejected as error:
        if not error.gone:
            raise
        log.info("not answered", chat=place.room, reason=str(error))


def _is_theirs(reply: Reply) -> bool:
    """Whether the answer is for who tapped alone."""
    return reply.failed or (reply.visibility is Visibility.PERSON and not reply.files)


def _turns(reply: Reply, tap: Tap, short: str | None) -> bool:
    """Whether the answer takes the message's place.

    What a group sees is not turned into what is one person's alone; nor is anything into a
    mistake that a toast can tell.
    """
    if not tap.turns or reply.files or (reply.failed and short is not None):
        return False
    return tap.place.is_private or reply.visibility is Visibility.CHAT


def _fitted(reply: Reply, place: Place) -> list[Message]:
    """A list of papers keeps to what a digest may cost; everything else says it all."""
    if not any(isinstance(block, Lead) for block in reply.document.blocks):
        return messages(reply.document, lang=reply.lang)
    most = PRIVATE_MESSAGES if place.is_private else GROUP_MESSAGES
    return messages(reply.document, lang=reply.lang, most=most)


def _in_place(reply: Reply) -> list[Message]:
    """One message where papers are shown: turning pages must not litter the chat."""
    if any(isinstance(block, PaperCard) for block in reply.document.blocks):
        return [one_message(reply.document, lang=reply.lang)]
    return messages(reply.document, lang=reply.lang)


def _sent_note(lang: Lang) -> Document:
    return Document((Text((Span(say("elsewhere.sent", lang)),)),))
