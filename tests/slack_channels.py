"""Channels of the loopback Slack and what happens to them: joins, archiving, renames.

Each happening makes the events that an app gets of it. Knows no HTTP.
"""

from typing import TYPE_CHECKING, Any

from slack_messages import Message

if TYPE_CHECKING:
    from slack_users import User
    from slack_world import World

_EVENT_NAMES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


class Channel:
    """A public or private channel, or a direct message (`im`, `mpim`)."""

    def __init__(self, world: "World", ident: str, kind: str, name: str = "") -> None:
        self.world = world
        self.id = ident
        self.kind = kind
        self.name = name
        self.members: dict[str, User] = {}
        self.bot = False
        """Whether the bot is in it."""
        self.archived = False
        self.deleted = False
        self.posting = "everyone"
        """Or `admins`: the bot's posts are then a `restricted_action`."""
        self.history: dict[str, Message] = {}
        """Every message by its ts, ephemeral and deleted ones included."""
        self._read = 0

    @property
    def type(self) -> str:
        """As events name it."""
        return _EVENT_NAMES[self.kind]

    @property
    def direct(self) -> bool:
        return self.kind in ("im", "mpim")

    @property
    def sent(self) -> list[Message]:
        """All messages of the bot, ephemeral and deleted ones included, in order."""
        return [each for each in self.history.values() if each.from_bot]

    @property
    def messages(self) -> list[Message]:
        """The bot's messages that everybody sees, in threads too."""
        return [each for each in self.sent if each.public]

    @property
    def roots(self) -> list[Message]:
        """Of those, the ones that stand in the channel itself."""
        return [each for each in self.messages if each.thread is None or each.broadcast]

    @property
    def ephemerals(self) -> list[Message]:
        return [each for each in self.sent if each.ephemeral and not each.deleted]

    @property
    def last(self) -> Message:
        """The bot's last message that stands there, ephemeral or not."""
        return [each for each in self.sent if not each.deleted][-1]

    async def wait_for(self, messages: int, within: float = 5.0) -> list[Message]:
        """The bot's messages that everybody sees, once there are so many; they count as read."""
        await self._until(lambda: len(self.messages) >= messages, within, f"{messages} messages")
        self._read = len(self.sent)
        return self.messages

    async def next(self, within: float = 5.0) -> Message:
        """The bot's first message, ephemeral or not, that nobody has asked for yet."""
        await self._until(lambda: len(self.sent) > self._read, within, "another message")
        self._read += 1
        return self.sent[self._read - 1]

    async def edited(self, message: Message, times: int = 1, within: float = 5.0) -> Message:
        """The message, once it has been changed so often (in all)."""
        await self._until(lambda: message.edits >= times, within, f"{times} edits of {message}")
        return message

    def unread(self) -> list[Message]:
        """The bot's messages that nobody has asked for yet; now they are read."""
        new, self._read = self.sent[self._read :], len(self.sent)
        return new

    # What people do to the channel.

    async def archive(self, by: "User | None" = None) -> None:
        self.archived = True
        self._tell("archive", channel=self.id, user=self._who(by))

    async def unarchive(self, by: "User | None" = None) -> None:
        self.archived = False
        self._tell("unarchive", channel=self.id, user=self._who(by))

    async def rename(self, name: str) -> None:
        self.name = name
        self._tell("rename", channel={"id": self.id, "name": name, "created": 1})

    async def delete(self) -> None:
        """For good."""
        self._tell("deleted", channel=self.id)
        self.deleted, self.bot = True, False

    async def add_bot(self, by: "User | None" = None) -> None:
        self.bot = True
        self._member_event("member_joined_channel", self.world.bot_user, inviter=self._who(by))

    async def remove_bot(self, by: "User | None" = None) -> None:
        self._tell("left", channel=self.id, actor_id=self._who(by))
        self.bot = False

    async def joined_by(self, user: "User") -> None:
        self.members[user.id] = user
        self._member_event("member_joined_channel", user.id)

    async def left_by(self, user: "User") -> None:
        self._member_event("member_left_channel", user.id)
        self.members.pop(user.id, None)

    # For the server.

    def put(self, message: Message) -> Message:
        self.history[message.ts] = message
        self.world.bell.ring()
        return message

    def find(self, ts: str | None) -> Message | None:
        """A message that everybody sees."""
        found = self.history.get(ts or "")
        return found if found and found.public else None

    def to_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {"id": self.id, "created": 1, "is_archived": self.archived}
        made |= {"is_im": self.kind == "im", "is_mpim": self.kind == "mpim"}
        made["context_team_id"] = self.world.team
        if self.kind == "im":
            return made | {"user": next(iter(self.members)), "is_org_shared": False}
        named = {"name": self.name, "name_normalized": self.name, "is_general": False}
        kinds = {"is_channel": self.kind == "public", "is_group": False}
        inside = {"is_private": self.kind != "public", "is_member": self.bot}
        return made | named | kinds | inside | {"num_members": len(self.members) + self.bot}

    def _tell(self, what: str, **event: Any) -> None:
        self.world.tell(f"{self.type}_{what}", self, **event)

    def _member_event(self, kind: str, user: str, **more: str) -> None:
        about = {"channel": self.id, "user": user, "team": self.world.team}
        letter = "C" if self.kind == "public" else "G"
        self.world.tell(kind, self, channel_type=letter, **about, **more)

    def _who(self, user: "User | None") -> str:
        return user.id if user else "U0SOMEBODY"

    async def _until(self, ready: Any, within: float, what: str) -> None:
        def missing() -> str:
            shown = [f"  {each}" for each in self.sent[-8:]]
            return "\n".join([f"no {what} in {self}; there are:", *shown, *self.world.recent()])

        await self.world.bell.until(ready, within, missing)

    def __repr__(self) -> str:
        return f"<#{self.name or self.kind} {self.id}>"
