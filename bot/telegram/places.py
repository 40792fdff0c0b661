"""Where things happen on Telegram: chats, forum topics and people as addresses. Pure.

A chat's address is its id, for a topic of a forum `id/thread`; a room is the id alone.
"""

from dataclasses import dataclass

from telegram import Chat, ChatFullInfo, Message, User
from telegram.constants import ChatType

from storage.models import Lang, Platform


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or one topic of a forum."""

    chat: int
    thread: int | None = None

    @property
    def address(self) -> str:
        """As it is stored."""
        return f"{self.chat}/{self.thread}" if self.thread is not None else str(self.chat)

    @property
    def room(self) -> str:
        """The whole chat, which access is granted to."""
        return str(self.chat)

    @property
    def is_private(self) -> bool:
        """People have positive ids, groups and channels negative ones."""
        return self.chat > 0


def read_address(address: str) -> Place:
    """The place of an address."""
    chat, _, thread = address.partition("/")
    return Place(int(chat), int(thread) if thread else None)


def place_of(message: Message) -> Place:
    """Where a message stands; replies in an ordinary group are no topic."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, thread)


def person_of(message: Message) -> str:
    """Who said it; a group's anonymous admins speak as the group."""
    sender = message.sender_chat or message.from_user
    return person(sender.id if sender else message.chat.id)


def person(ident: int) -> str:
    """A user as the commands know them."""
    return f"{Platform.TELEGRAM}:{ident}"


def title_of(chat: Chat | ChatFullInfo) -> str:
    """What people call a chat."""
    if chat.type == ChatType.PRIVATE:
        return chat.full_name or ""
    return f"{chat.title} (@{chat.username})" if chat.username else chat.title or ""


def lang_of(user: User | None) -> Lang | None:
    """The language that a person's Telegram speaks, where it is one of ours."""
    code = (user.language_code or "") if user else ""
    if code.startswith("zh"):
        return Lang.ZH
    return Lang.EN if code.startswith("en") else None
