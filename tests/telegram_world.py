"""The loopback Telegram's people and chats by their numbers, and what the bot hears of them."""

import time
from collections.abc import Callable
from itertools import count
from typing import Any

from telegram_chats import Chat, Member
from telegram_messages import Message
from telegram_users import Tap, User, addressee
from telegram_waiting import Bell


class World:
    """All that the server keeps; `tell` gets each update's kind and content."""

    def __init__(self, username: str, bot: int, wall: Callable[[], float] = time.time) -> None:
        self.username = username
        self.privacy = True
        """Privacy mode: of what is said in groups the bot gets commands and replies only."""
        self.joins_groups = True
        """Whether BotFather lets it be added to groups."""
        self.bell = Bell()
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, User] = {}
        self.taps: dict[str, Tap] = {}
        self.deliver: Callable[[int, str, dict[str, Any]], None] = lambda *_: None
        self.recent: Callable[[], list[str]] = list
        self._bot = bot
        self._wall = wall
        self._users = count(7001)
        self._groups = count(5001)
        self._supergroups = count(1_000_000_001)
        self._taps = count(1)

    def user(self, name: str, language: str | None = "en", number: int | None = None) -> User:
        made = User(self, number or next(self._users), name, language)
        self.users[made.id] = made
        return made

    def chat(self, number: int, kind: str, **about: Any) -> Chat:
        made = self.chats[number] = Chat(self, number, kind, **about)
        return made

    def group(
        self,
        title: str,
        members: tuple[User, ...] | list[User] = (),
        admins: tuple[User, ...] | list[User] = (),
        *,
        kind: str = "supergroup",
        forum: bool = False,
        username: str | None = None,
        bot: str = "member",
    ) -> Chat:
        """A group that is there already: nobody is told of it. The first admin is its owner.
        `kind`: `group` is the small kind that can migrate.
        """
        number = self.next_supergroup() if kind != "group" else -next(self._groups)
        chat = self.chat(number, kind, title=title, forum=forum, username=username)
        chat.members = {each.id: Member(each) for each in members}
        chat.members |= {each.id: Member(each, "administrator") for each in admins}
        for owner in admins[:1]:
            chat.members[owner.id].status = "creator"
        chat.bot = Member(None, bot)
        return chat

    def channel(
        self,
        title: str,
        username: str | None = None,
        admins: tuple[User, ...] | list[User] = (),
        members: tuple[User, ...] | list[User] = (),
        *,
        bot: str = "administrator",
    ) -> Chat:
        """A channel that is there already, the bot its admin unless told otherwise."""
        return self.group(title, members, admins, kind="channel", username=username, bot=bot)

    def next_supergroup(self) -> int:
        return -1_000_000_000_000 - next(self._supergroups)

    def find(self, chat_id: int | str) -> Chat | None:
        """By number, or by @username."""
        text = str(chat_id)
        if text.startswith("@"):
            names = {(each.username or "").lower(): each for each in self.chats.values()}
            return names.get(text[1:].lower())
        try:
            return self.chats.get(int(text))
        except ValueError:
            return None

    def new_tap(self, user: User, data: str, chat: int, *, stale: bool) -> Tap:
        tap = Tap(f"4{next(self._taps):017}", user, data, chat, stale)
        self.taps[tap.id] = tap
        return tap

    def hears(self, message: Message) -> bool:
        """Whether the bot gets what somebody wrote."""
        chat = message.chat
        if not chat.bot.inside:
            return False
        command, named = addressee(message.text)
        if chat.type == "private" or chat.bot.is_admin or not self.privacy:
            return True
        replied = chat.history.get(message.reply_to or 0)
        if replied and replied.from_bot:
            return True
        return command and named in ("", self.username.lower())

    def tell(self, chat: Chat, kind: str, content: dict[str, Any]) -> None:
        """An update for the bot."""
        self.deliver(chat.id, kind, content)
        self.bell.ring()

    def bot_json(self) -> dict[str, Any]:
        named = {"first_name": "Paper Round", "username": self.username}
        return {"id": self._bot, "is_bot": True} | named

    def date(self) -> int:
        return int(self._wall())
