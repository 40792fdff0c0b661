"""Messages of the loopback Telegram, and how the Bot API writes them.

Knows no rules of sending: those are in telegram_methods.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telegram_checks import File
from telegram_texts import Text

if TYPE_CHECKING:
    from telegram_chats import Chat
    from telegram_users import User


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message, as the bot sent it."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """One message of a chat, the bot's or somebody's; `text` is what is shown."""

    chat: "Chat"
    id: int
    date: int
    content: Text
    sender: "User | None" = None
    """None: the bot, or the chat itself (an anonymous admin, a channel)."""
    from_bot: bool = False
    anonymous: bool = False
    thread: int | None = None
    reply_to: int | None = None
    raw: str = ""
    """The text as sent, with its markup."""
    markup: dict[str, Any] | None = None
    silent: bool = False
    preview: dict[str, Any] | None = None
    document: File | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    """What makes it a service message, a sticker …"""
    edits: int = 0
    deleted: bool = False
    earlier: list[Text] = field(default_factory=list)
    """What an edited message said before, oldest first."""

    @property
    def text(self) -> str:
        return self.content.plain

    @property
    def html(self) -> str:
        return self.raw

    @property
    def entities(self) -> tuple[dict[str, Any], ...]:
        return self.content.entities

    @property
    def links(self) -> list[str]:
        """Where the text's links lead."""
        return [each["url"] for each in self.entities if each["type"] == "text_link"]

    @property
    def rows(self) -> list[list[Button]]:
        """The inline keyboard."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [
            [Button(each["text"], each.get("callback_data"), each.get("url")) for each in row]
            for row in rows
        ]

    @property
    def buttons(self) -> list[Button]:
        return [each for row in self.rows for each in row]

    @property
    def labels(self) -> list[str]:
        return [each.label for each in self.buttons]

    @property
    def file_id(self) -> str:
        return f"file{self.chat.id}m{self.id}"

    def button(self, which: str | tuple[int, int]) -> Button:
        """By its label, by how its label begins, or by row and column."""
        if isinstance(which, tuple):
            return self.rows[which[0]][which[1]]
        for found in (
            [each for each in self.buttons if each.label == which],
            [each for each in self.buttons if each.label.startswith(which)],
            [each for each in self.buttons if which in each.label],
        ):
            if found:
                return found[0]
        raise AssertionError(f"no button {which!r} under {self}: {self.labels}")

    def same_as(self, content: Text, markup: dict[str, Any] | None) -> bool:
        return (self.content, _canonical(self.markup)) == (content, _canonical(markup))

    def to_json(self, *, nested: bool = False) -> dict[str, Any]:
        """As in an answer or an update; `nested`: inside another message."""
        made = {"message_id": self.id, "date": self.date, "chat": self.chat.to_json()}
        made |= self._from_json()
        if self.thread is not None:
            made |= {"message_thread_id": self.thread, "is_topic_message": True}
        if not nested and (replied := self._replied()):
            made["reply_to_message"] = replied.to_json(nested=True)
        return made | dict(self._content_json()) | self.extra

    def _from_json(self) -> dict[str, Any]:
        if self.chat.type == "channel":
            return {"sender_chat": self.chat.to_json()}
        if self.anonymous:
            robot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
            username = {"username": "GroupAnonymousBot"}
            return {"from": robot | username, "sender_chat": self.chat.to_json()}
        if self.from_bot:
            return {"from": self.chat.world.bot_json()}
        return {"from": self.sender.to_json()} if self.sender else {}

    def _replied(self) -> "Message | None":
        # A message in a topic that replies to none replies, to a bot's eyes, to the topic's first.
        number = self.reply_to if self.reply_to is not None else self.thread
        found = self.chat.history.get(number) if number is not None else None
        return None if found is self or (found and found.deleted) else found

    def _content_json(self) -> Iterator[tuple[str, Any]]:
        if self.edits:
            yield "edit_date", self.date + self.edits
        if self.markup and "inline_keyboard" in self.markup:
            yield "reply_markup", self.markup
        if self.preview:
            yield "link_preview_options", self.preview
        text, entities = ("caption", "caption_entities") if self.document else ("text", "entities")
        if self.text:
            yield text, self.text
        if self.entities:
            yield entities, [*self.entities]
        if self.document:
            named = {"file_name": self.document.name, "file_size": len(self.document.content)}
            yield "document", {"file_id": self.file_id, "file_unique_id": self.file_id} | named

    def __repr__(self) -> str:
        who = "bot" if self.from_bot else self.sender.name if self.sender else "chat"
        return f"<{who} {self.chat.id}:{self.id} {self.text[:60]!r}>"


def _canonical(markup: dict[str, Any] | None) -> str:
    return json.dumps(markup if markup and markup.get("inline_keyboard") else None, sort_keys=True)
