"""A line's way to the commands: about the chat it was said in, or about another one.

`… to @channel` in a private chat is about the channel; so is the text that answers a question
which was about it.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime

from telegram import Bot, User

from bot.commands.dispatch import Commands
from bot.commands.questions import PATIENCE
from bot.commands.request import Reply, Request, Visibility
from bot.telegram.elsewhere import Elsewhere, carried, is_talk, split_line, visit
from bot.telegram.places import Place
from formatters.catalogue import say
from formatters.compose.replies import mistakes
from formatters.document import Document, Text, plain
from jobs.ports import Clock
from storage.errors import UserError

MOST_QUESTIONS = 1_000
"""People remembered whose open question is about another chat."""


class Asking:
    """Asks the commands for one bot."""

    def __init__(self, bot: Bot, commands: Commands, clock: Clock, *, admins_only: bool) -> None:
        self._bot = bot
        self._commands = commands
        self._clock = clock
        self._admins_only = admins_only
        self._asked_about: dict[int, tuple[str, datetime]] = {}
        """Which chat a person's open question in the private chat is about, and since when."""

    async def ask(self, request: Request, user: User | None) -> Reply | None:
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
            there = await visit(self._bot, named, user.id, admins_only=self._admins_only)
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
        return concerning(reply, there.place, "" if is_turned else there.title)


def concerning(reply: Reply, place: Place, title: str = "") -> Reply:
    """The reply in a private chat, and what takes its place later.

    Their buttons know which chat it is about, and so does a title.
    """

    def put(document: Document) -> Document:
        document = carried(document, place)
        if not title:
            return document
        about = Text(plain(say("elsewhere.about", reply.lang, chat=title)))
        return Document((about, *document.blocks))

    updates = reply.updates and _each(put, reply.updates)
    return replace(reply, document=put(reply.document), updates=updates)


async def _each(
    put: Callable[[Document], Document], documents: AsyncIterator[Document]
) -> AsyncIterator[Document]:
    async for document in documents:
        yield put(document)
