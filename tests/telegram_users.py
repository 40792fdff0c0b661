"""People of the loopback Telegram and what they do: speak, tap, start, block.

Each deed makes the updates that a bot gets of it, privacy mode included. Knows no HTTP.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram_messages import Message
from telegram_texts import Text, parse

if TYPE_CHECKING:
    from telegram_chats import Chat
    from telegram_world import World


@dataclass(slots=True, eq=False)
class Tap:
    """A tap on a button and what the bot answered."""

    id: str
    user: "User"
    data: str
    chat: int
    stale: bool = False
    answered: bool = False
    text: str = ""
    alert: bool = False
    url: str = ""


class User:
    """A person. `private` is the chat with the bot, `started` once the bot may write there."""

    def __init__(self, world: "World", number: int, name: str, language: str | None) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.language = language
        self.started = False
        self.deactivated = False
        self.private: Chat = world.chat(number, "private", user=self)

    async def starts(self, payload: str = "") -> Message:
        """Press Start, perhaps from a deep link; lifts a block."""
        if self.private.bot.status == "kicked":
            self.private.bot_becomes("member", self)
        self.started = True
        return await self.says(f"/start {payload}".strip())

    async def says(
        self,
        text: str,
        chat: "Chat | None" = None,
        *,
        topic: int | None = None,
        reply_to: Message | None = None,
        edited: Message | None = None,
        anonymous: bool | None = None,
    ) -> Message:
        """Write a message, in the private chat unless told otherwise, or edit one.

        Whether the bot gets it depends on its privacy mode. An admin who is anonymous there
        speaks as the group.
        """
        chat = chat or self.private
        if chat is self.private:
            self.started = True
        if edited:
            edited.content, edited.edits = parse(text), edited.edits + 1
            self._tell(edited, "edited_message")
            return edited
        hidden = chat.member(self).anonymous if anonymous is None else anonymous
        message = self._message(chat, parse(text), topic, reply_to, anonymous=hidden)
        self._tell(message, "message")
        return message

    async def asks(self, text: str, chat: "Chat | None" = None, **options: Any) -> Message:
        """Say it, and return the bot's next message in that chat."""
        chat = chat or self.private
        chat.unread()
        await self.says(text, chat, **options)
        return await chat.next()

    async def sends_sticker(self, chat: "Chat | None" = None, topic: int | None = None) -> Message:
        message = self._message(chat or self.private, Text(""), topic, None)
        file = {"file_id": "sticker", "file_unique_id": "sticker", "type": "regular"}
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        message.extra = {"sticker": file | size}
        self._tell(message, "message")
        return message

    async def taps(
        self,
        message: Message,
        which: str | tuple[int, int] = "",
        *,
        data: str | None = None,
        stale: bool = False,
        old: bool = False,
        wait: float = 5.0,
    ) -> Tap:
        """Tap a button, named by its label or (row, column), or send any `data`.

        Waits until the bot has answered the tap, so long; 0: doesn't. `stale`: the answer will
        come too late for Telegram. `old`: the bot is not shown the message, only its number.
        """
        if data is None:
            data = message.button(which).data
            assert data is not None, f"the button {which!r} carries no data"
        tap = self.world.new_tap(self, data, message.chat.id, stale=stale)
        chat = message.chat
        hidden = {"message_id": message.id, "chat": chat.to_json(), "date": 0}
        query = {
            "id": tap.id,
            "from": self.to_json(),
            "chat_instance": str(abs(chat.id)),
            "data": data,
            "message": hidden if old or message.deleted else message.to_json(),
        }
        self.world.tell(chat, "callback_query", query)
        if wait:
            await self.world.bell.until(
                lambda: tap.answered,
                wait,
                lambda: "\n".join([f"no answer to {self}'s tap {data!r}", *self.world.recent()]),
            )
        return tap

    async def blocks_bot(self) -> None:
        self.private.bot_becomes("kicked", self)

    async def unblocks_bot(self) -> None:
        self.private.bot_becomes("member", self)

    async def deletes_account(self) -> None:
        """A bot is not told."""
        self.deactivated = True

    def to_json(self) -> dict[str, Any]:
        made = {"id": self.id, "is_bot": False, "first_name": self.name}
        return made | ({"language_code": self.language} if self.language else {})

    def _message(
        self,
        chat: "Chat",
        content: Text,
        topic: int | None,
        reply_to: Message | None,
        *,
        anonymous: bool = False,
    ) -> Message:
        replied = reply_to.id if reply_to else None
        if reply_to and topic is None:
            topic = reply_to.thread
        assert topic is None or topic in chat.topics, f"{chat} has no topic {topic}"
        made = Message(chat, chat.next_number(), self.world.date(), content, sender=self)
        made.thread, made.reply_to, made.anonymous = topic, replied, anonymous
        return chat.put(made)

    def _tell(self, message: Message, kind: str) -> None:
        if self.world.hears(message):
            self.world.tell(message.chat, kind, message.to_json())

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"


def addressee(text: str) -> tuple[bool, str]:
    """Whether a text is a command, and the bot that it names, if it does."""
    found = re.match(r"/[A-Za-z0-9_]{1,64}(?:@(\w+))?(?:\s|$)", text)
    return bool(found), (found[1] or "").lower() if found else ""
