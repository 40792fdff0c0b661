"""One command under way: who asked, in which chat, and what the handlers need to answer.

Nothing is stored for a chat that only looks: its row is made by the first change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.commands.request import Context, Reply, Request, Visibility
from formatters.compose.cards import Frame
from formatters.document import Document
from formatters.file import File
from storage import chats
from storage.database import Tx
from storage.errors import UserError
from storage.models import Chat, ChatKey, Lang, Subscription, Topic

P = ParamSpec("P")
T = TypeVar("T")

UNSTORED = ChatKey(0)
"""The key of a chat that has no row yet; nothing hangs on it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its command read and its chat looked up."""

    context: Context
    request: Request
    chat: Chat
    argument: str
    is_admin: bool = False
    """Whether who asks decides who is let in."""
    own_only: bool = False
    """Of this chat's subscriptions, who asks may change only those that they made."""

    @property
    def lang(self) -> Lang:
        """The language to answer in."""
        return self.chat.lang

    @property
    def frame(self) -> Frame:
        """What the answer's texts are framed by."""
        return Frame(self.chat.lang, self.context.site)

    @property
    def now(self) -> datetime:
        """The current time."""
        return self.context.clock.now()

    async def read(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query on one snapshot."""
        return await self.context.db.read(query, *args, **kwargs)

    async def change(
        self, change: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a change in one transaction, and have what is due looked at again."""
        result = await self.context.db.write(change, *args, **kwargs)
        self.context.changed()
        return result

    def parse(self, text: str) -> Topic:
        """The topic that a text means here. Raises TopicError."""
        return self.context.desk.parse(text)

    def topic_name(self, text: str) -> str:
        """A stored topic as this chat reads it."""
        try:
            return self.context.desk.topic_name(self.parse(text), self.lang)
        except UserError:  # it was valid when it was stored; an update may have changed that
            return text

    def ensure_chat(self, tx: Tx) -> Chat:
        """The chat's row, made if this is its first change.

        Who changes something here can be reached: a parked chat is parked no longer.
        """
        chat = chats.ensure(
            tx, self.chat.platform, self.chat.address, lang=self.chat.lang, tz=self.chat.tz
        )
        if chat.parked is not None:
            chats.park(tx, chat.key, None)
        return replace(chat, parked=None)

    def must_be_own(self, *subscriptions: Subscription) -> None:
        """Raise UserError unless who asks may change all of these."""
        if self.own_only and not all(map(self.request.made, subscriptions)):
            raise UserError("command.may_not_manage_others")

    def to_chat(self, document: Document, *, failed: bool = False) -> Reply:
        """An answer that everybody in the chat sees."""
        return Reply(document, self.lang, failed=failed)

    def to_person(self, document: Document, *files: File, failed: bool = False) -> Reply:
        """An answer for who asked alone."""
        return Reply(document, self.lang, Visibility.PERSON, files, failed)


def chat_of(context: Context, request: Request, stored: Chat | None) -> Chat:
    """The chat of a request, or one with the preferences that a new one would have."""
    return stored or Chat(
        key=UNSTORED,
        platform=request.platform,
        address=request.address,
        lang=request.lang or context.lang,
        tz=request.tz or context.tz,
    )
