"""Chats of the loopback Telegram and what happens in them: members, topics, migration, posts.

Each happening makes the updates that a bot gets of it. Knows no HTTP.
"""

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from aiogram.types import AcceptedGiftTypes, ChatMemberAdministrator, ChatMemberRestricted
from telegram_messages import Message
from telegram_texts import Text, parse

if TYPE_CHECKING:
    from telegram_users import User
    from telegram_world import World

_RIGHTS = [name for name in ChatMemberAdministrator.model_fields if name.startswith("can_")]
_FREEDOMS = [name for name in ChatMemberRestricted.model_fields if name.startswith("can_")]


@dataclass(slots=True)
class Member:
    """Somebody's standing in a chat; `user` None: the bot."""

    user: "User | None"
    status: str = "member"
    anonymous: bool = False

    @property
    def inside(self) -> bool:
        return self.status in ("creator", "administrator", "member", "restricted")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def to_json(self, bot: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"status": self.status}
        made["user"] = self.user.to_json() if self.user else bot
        if self.is_admin:
            made["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            made |= dict.fromkeys(_RIGHTS, True)
        if self.status == "restricted":
            made |= dict.fromkeys(_FREEDOMS, False) | {"is_member": True}
        if self.status in ("kicked", "restricted"):
            made["until_date"] = 0
        return made


class Chat:
    """A private chat, group, supergroup or channel."""

    def __init__(self, world: "World", number: int, kind: str, **about: Any) -> None:
        self.world = world
        self.id = number
        self.type = kind
        self.title: str = about.get("title", "")
        self.username: str | None = about.get("username")
        self.forum: bool = about.get("forum", False)
        self.user: User | None = about.get("user")
        """Whose private chat it is."""
        self.members: dict[int, Member] = {}
        self.bot = Member(None)
        self.topics: dict[int, str] = {}
        self.migrated_to: Chat | None = None
        self.history: dict[int, Message] = {}
        """Every message by its number, service messages and deleted ones included."""
        # 1 is the number of a forum's general topic.
        self._numbers = count(11)
        self._read = 0

    @property
    def sent(self) -> list[Message]:
        """All messages of the bot, deleted ones included, in the order of sending."""
        return [each for each in self.history.values() if each.from_bot]

    @property
    def messages(self) -> list[Message]:
        """The bot's messages that stand there."""
        return [each for each in self.sent if not each.deleted]

    @property
    def last(self) -> Message:
        """The bot's last message."""
        return self.messages[-1]

    async def wait_for(self, messages: int, within: float = 5.0) -> list[Message]:
        """The bot's messages, once there are so many; those count as read."""
        await self._until(lambda: len(self.messages) >= messages, within, f"{messages} messages")
        self._read = max(self._read, len(self.sent))
        return self.messages

    async def next(self, within: float = 5.0) -> Message:
        """The bot's first message that neither `next` nor `wait_for` has given yet."""
        await self._until(lambda: len(self.sent) > self._read, within, "another message")
        self._read += 1
        return self.sent[self._read - 1]

    async def edited(self, message: Message, times: int = 1, within: float = 5.0) -> Message:
        """The message, once it has been edited so often (in all)."""
        await self._until(lambda: message.edits >= times, within, f"{times} edits of {message}")
        return message

    def unread(self) -> list[Message]:
        """The bot's messages that neither `next` nor `wait_for` has given yet; now they are."""
        new, self._read = self.sent[self._read :], len(self.sent)
        return new

    # What people do to the chat.

    async def add_member(self, user: "User", *, admin: bool = False) -> None:
        self.members[user.id] = Member(user, "administrator" if admin else "member")
        self._service(user, new_chat_members=[user.to_json()])

    async def remove_member(self, user: "User") -> None:
        self.members[user.id].status = "left"
        self._service(user, left_chat_member=user.to_json())

    async def set_admin(self, user: "User", admin: bool = True, *, anonymous: bool = False) -> None:
        """Nothing that a bot is told by default."""
        self.members[user.id] = Member(user, "administrator" if admin else "member", anonymous)

    async def add_bot(self, by: "User", *, admin: bool | None = None) -> None:
        """The bot comes in: as admin in a channel, else as member, unless said otherwise."""
        admin = self.type == "channel" if admin is None else admin
        self.bot_becomes("administrator" if admin else "member", by)
        if self.type != "channel":
            self._service(by, new_chat_members=[self.world.bot_json()])

    async def remove_bot(self, by: "User") -> None:
        """The bot is kicked."""
        if self.type != "channel":
            self._service(by, left_chat_member=self.world.bot_json())
        self.bot_becomes("kicked", by)

    async def promote_bot(self, by: "User") -> None:
        self.bot_becomes("administrator", by)

    async def demote_bot(self, by: "User") -> None:
        self.bot_becomes("member", by)

    async def add_topic(self, name: str, by: "User | None" = None) -> int:
        """A new forum topic; its thread id."""
        return self.open_topic(name, by)

    async def delete_topic(self, thread: int) -> None:
        """A bot is not told."""
        del self.topics[thread]
        for each in self.history.values():
            each.deleted = each.deleted or each.thread == thread

    async def delete(self, message: Message) -> None:
        """Somebody deletes a message; a bot is not told."""
        message.deleted = True
        self.world.bell.ring()

    async def migrate(self) -> "Chat":
        """A group becomes a supergroup with another id, which is returned."""
        new = self.world.chat(self.world.next_supergroup(), "supergroup", title=self.title)
        new.members, new.bot = self.members, self.bot
        self._service(None, migrate_to_chat_id=new.id)
        self.migrated_to, self.bot = new, Member(None, "left")
        new._service(None, migrate_from_chat_id=self.id)
        return new

    async def posts(self, text: str, *, edited: Message | None = None) -> Message:
        """A channel's own post, by one of its admins."""
        assert self.type == "channel"
        if edited:
            edited.content, edited.edits = parse(text), edited.edits + 1
            self.world.tell(self, "edited_channel_post", edited.to_json())
            return edited
        message = self.put(Message(self, self.next_number(), self.world.date(), parse(text)))
        if self.bot.is_admin:
            self.world.tell(self, "channel_post", message.to_json())
        return message

    # For the rest of the server.

    def next_number(self) -> int:
        return next(self._numbers)

    def put(self, message: Message) -> Message:
        self.history[message.id] = message
        self.world.bell.ring()
        return message

    def member(self, user: "User") -> Member:
        return self.members.get(user.id) or Member(user, "left")

    def open_topic(self, name: str, by: "User | None" = None) -> int:
        assert self.forum, f"{self} is no forum"
        created = {"name": name, "icon_color": 7322096}
        message = self._service(by, forum_topic_created=created, topic=True)
        self.topics[message.id] = name
        return message.id

    def bot_becomes(self, status: str, by: "User | None") -> None:
        """The bot's standing changes, and it is told."""
        old, bot = self.bot, self.world.bot_json()
        self.bot = Member(None, status)
        update = {
            "chat": self.to_json(),
            "from": by.to_json() if by else bot,
            "date": self.world.date(),
            "old_chat_member": old.to_json(bot),
            "new_chat_member": self.bot.to_json(bot),
        }
        self.world.tell(self, "my_chat_member", update)

    def to_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.user:
            made["first_name"] = self.user.name
        else:
            made["title"] = self.title
        if self.username:
            made["username"] = self.username
        return made | ({"is_forum": True} if self.forum else {})

    def to_full_json(self) -> dict[str, Any]:
        gifts = dict.fromkeys(AcceptedGiftTypes.model_fields, False)
        return self.to_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": gifts,
        }

    def _service(
        self, by: "User | None", *, topic: bool = False, **extra: dict | list | int
    ) -> Message:
        number = self.next_number()
        message = Message(self, number, self.world.date(), Text(""), sender=by, extra=extra)
        message.thread = number if topic else None
        self.put(message)
        if self.bot.inside and self.type != "channel":
            self.world.tell(self, "message", message.to_json())
        return message

    async def _until(self, ready: Any, within: float, what: str) -> None:
        def missing() -> str:
            lines = [f"no {what} in {self}", *(f"  {each!r}" for each in self.sent[-5:])]
            return "\n".join(lines + self.world.recent())

        await self.world.bell.until(ready, within, missing)

    def __repr__(self) -> str:
        name = self.user.name if self.user else self.title
        return f"<{self.type} {self.id} {name!r}>"
