"""People of the loopback Slack and what they do: speak, command, click, submit, come and go.

Each deed makes the payloads that an app gets of it. Knows no HTTP.
"""

import uuid
from typing import TYPE_CHECKING, Any

import slack_checks as checks
from slack_clicks import NAMES, Clicking, named_channel
from slack_delivery import COMMANDS, INTERACTIVE
from slack_interactions import Interaction
from slack_messages import Message
from slack_texts import escaped
from slack_views import View

if TYPE_CHECKING:
    from slack_channels import Channel
    from slack_world import World


class User(Clicking):
    """A person of the workspace. `dm` are the direct messages with the bot."""

    def __init__(
        self,
        world: "World",
        ident: str,
        name: str,
        *,
        tz: str = "Europe/Amsterdam",
        tz_offset: int = 7200,
        locale: str = "en-US",
        admin: bool = False,
        owner: bool = False,
    ) -> None:
        self.world = world
        self.id = ident
        self.name = name
        self.tz = tz
        self.tz_offset = tz_offset
        self.locale = locale
        self.admin = admin or owner
        self.owner = owner
        self.deleted = False
        self.modals: list[View] = []
        """The modals that are open, the uppermost last."""
        self.home: View | None = None
        self.dm: Channel = world.direct(self)

    async def says(
        self,
        text: str,
        channel: "Channel | None" = None,
        *,
        thread: Message | str | None = None,
    ) -> Message:
        """Write a message, to the bot directly unless told otherwise.

        What is typed is escaped as Slack does it; mentions are written `<@U…>`.
        """
        where = channel or self.dm
        assert not where.archived, f"{where} is archived"
        made = Message(where, self.world.new_ts(), escaped(text), sender=self)
        made.client_msg_id = str(uuid.uuid4())
        made.thread = _root(thread)
        where.put(made)
        shown = made.to_json()
        self.world.tell_message(where, shown)
        if self.world.mention in text and not where.direct:
            self.world.tell("app_mention", where, **_mention(shown, where))
        return made

    async def mentions(self, text: str, channel: "Channel", **about: Any) -> Message:
        """Say it to the bot in a channel."""
        return await self.says(f"{self.world.mention} {text}", channel, **about)

    async def asks(self, text: str, channel: "Channel | None" = None, **about: Any) -> Message:
        """Say it (with a mention in channels), and return the bot's next message there."""
        where = channel or self.dm
        where.unread()
        if where.direct:
            await self.says(text, where, **about)
        else:
            await self.mentions(text, where, **about)
        return await where.next()

    async def edits(self, message: Message, text: str) -> Message:
        before = message.to_json()
        message.change(escaped(text), [], self.world.new_ts())
        changed = {"message": message.to_json(), "previous_message": before, "hidden": True}
        self.world.tell_message(message.channel, {"subtype": "message_changed"} | changed)
        return message

    async def deletes(self, message: Message) -> None:
        """Their own message, or as admin the bot's."""
        self.world.posting.remove(message)

    async def commands(
        self, command: str, text: str = "", channel: "Channel | None" = None, *, wait: bool = True
    ) -> Interaction:
        """A slash command; waits until it is acknowledged, or has failed."""
        where = channel or self.dm
        known = self.world.known_commands
        assert known is None or command in known, f"{command} is not a valid command: {known}"
        made = self.world.interaction("slash_command", self, channel=where)
        payload = {
            "token": "legacy",
            "team_id": self.world.team,
            "team_domain": self.world.team_domain,
            "channel_id": where.id,
            "channel_name": NAMES.get(where.kind, where.name),
            "user_id": self.id,
            "user_name": self.name.lower(),
            "command": command,
            "text": text,
            "api_app_id": self.world.app_id,
            "is_enterprise_install": "false",
            "response_url": made.response_url,
            "trigger_id": made.trigger_id,
        }
        return await self._sent(COMMANDS, made, payload, self.world.posting.answered, wait=wait)

    async def shortcuts(
        self, callback_id: str, message: Message | None = None, *, wait: bool = True
    ) -> Interaction:
        """A shortcut: on a message, or a global one."""
        where = message.channel if message else None
        kind = "message_action" if message else "shortcut"
        made = self.world.interaction(kind, self, channel=where, message=message)
        payload = self._payload(made) | {"callback_id": callback_id, "action_ts": "1.1"}
        if message and where:
            shown = message.to_json()
            payload |= {"message": shown, "message_ts": message.ts, "channel": named_channel(where)}
            payload["response_url"] = made.response_url
        return await self._sent(INTERACTIVE, made, payload, wait=wait)

    async def opens_home(self, tab: str = "home") -> View | None:
        """Open the app's Home (or `messages`) tab, and look at what is there after the event."""
        if sent := self.world.tell_home(self, tab):
            await sent.finished.wait()
        return self.home

    async def home_shown(self, updates: int = 0, within: float = 5.0) -> View:
        """The App Home, once it is published, and updated so often."""
        ready = lambda: self.home and self.home.updates >= updates  # noqa: E731
        await self.world.bell.until(ready, within, lambda: f"no home of {self}")
        assert self.home
        return self.home

    async def suggests(self, view: View, which: str, word: str) -> list[tuple[str, str]]:
        """Type a word into an external select: the labels and values that the app offers."""
        offered = await self._suggested(view, view.field(which), word)
        return [(each["text"]["text"], each["value"]) for each in offered]

    async def joins(self, channel: "Channel") -> None:
        await channel.joined_by(self)

    async def leaves(self, channel: "Channel") -> None:
        await channel.left_by(self)

    async def deactivates(self) -> None:
        """Leaves the workspace; the app gets a user_change, if it subscribes."""
        self.deleted = True
        self.world.tell_user(self)

    def to_json(self, *, locale: bool = False) -> dict[str, Any]:
        about = {
            "id": self.id,
            "team_id": self.world.team,
            "name": self.name.lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "profile": {"real_name": self.name, "display_name": self.name},
            "is_bot": False,
        }
        if not self.deleted:
            about |= {"tz": self.tz, "tz_label": self.tz, "tz_offset": self.tz_offset}
            about |= {"is_admin": self.admin, "is_owner": self.owner, "is_restricted": False}
        return about | ({"locale": self.locale} if locale else {})

    async def _suggested(self, view: View, field: Any, word: str) -> list[dict[str, Any]]:
        assert field.external, f"{field.action_id} offers nothing to search"
        made = self.world.interaction("block_suggestion", self, source=view)
        payload = self._payload(made) | {
            "action_id": field.action_id,
            "block_id": field.block_id,
            "value": word,
            "container": {"type": "view", "view_id": view.id},
            "view": view.to_json(),
        }
        payload.pop("trigger_id")
        await self._sent(INTERACTIVE, made, payload)
        assert not made.failed, f"no suggestions: {made}"
        return checks.suggestions(made.ack or {})

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"


def _root(thread: Message | str | None) -> str | None:
    if isinstance(thread, Message):
        return thread.thread or thread.ts
    return thread


def _mention(message: dict[str, Any], where: "Channel") -> dict[str, Any]:
    return message | {"type": "app_mention", "channel": where.id, "event_ts": message["ts"]}
