"""The loopback Slack's workspace: people, channels, ids, and what the app hears of them."""

import time
from collections.abc import Callable
from itertools import count
from typing import Any

from slack_channels import Channel
from slack_delivery import EVENTS, Delivery
from slack_interactions import Interaction
from slack_modals import Modals
from slack_posting import Posting, numbered
from slack_refusals import Refusal
from slack_scopes import hears
from slack_users import User
from telegram_waiting import Bell

_ANYWHERE = ("archive", "unarchive", "rename", "deleted")
"""What happens to public channels is told to apps outside of them, too."""


class World:
    """All that the server keeps; `deliver` gets each payload's kind and content."""

    def __init__(self, *, now: Callable[[], float], wall: Callable[[], float] = time.time) -> None:
        self.team = "T0WORKSPACE"
        self.team_domain = "loopback"
        self.app_id = "A0PAPERROUND"
        self.bot_user = "U0PAPERROUND"
        self.bot_id = "B0PAPERROUND"
        self.bot_name = "paperround"
        self.url = ""
        self.scopes: frozenset[str] = frozenset()
        self.subscriptions: frozenset[str] = frozenset()
        """The events that the app wants; `message.im` and the like name their kind."""
        self.known_commands: frozenset[str] | None = None
        """The slash commands of the manifest; None: any."""
        self.messages_tab = True
        """Whether people may have direct messages of the bot."""
        self.deduplicates = False
        """Whether a client_msg_id is taken only once; Slack promises nothing."""
        self.token_error = ""
        """What every method answers: `token_revoked`, `account_inactive` …"""
        self.bell = Bell()
        self.channels: dict[str, Channel] = {}
        self.users: dict[str, User] = {}
        self.interactions: dict[str, Interaction] = {}
        self.violations: list[str] = []
        """What Slack would not refuse, but spoil; and what it told nobody but the reader."""
        self.posting = Posting(self)
        self.modals = Modals(self)
        self.now = now
        self.deliver: Callable[..., Delivery]
        self.recent: Callable[[], list[str]] = list
        self._wall = wall
        self._numbers = count(1001)

    @property
    def mention(self) -> str:
        """The bot, as people mention it."""
        return f"<@{self.bot_user}>"

    def user(self, name: str, **about: Any) -> User:
        """Somebody: `tz`, `tz_offset`, `locale`, `admin`, `owner`."""
        made = User(self, self.new_id("U"), name, **about)
        self.users[made.id] = made
        return made

    def channel(
        self,
        name: str,
        members: list[User] | tuple[User, ...] = (),
        *,
        private: bool = False,
        bot: bool = True,
    ) -> Channel:
        """A channel that is there already, the bot in it unless told otherwise."""
        made = Channel(self, self.new_id("C"), "private" if private else "public", name)
        made.members = {each.id: each for each in members}
        made.bot = bot
        self.channels[made.id] = made
        return made

    def direct(self, *users: User) -> Channel:
        """The direct messages of the bot with these people."""
        kind, letter = ("im", "D") if len(users) == 1 else ("mpim", "G")
        made = Channel(self, self.new_id(letter), kind)
        made.members, made.bot = {each.id: each for each in users}, True
        self.channels[made.id] = made
        return made

    def find(self, ident: str | None) -> Channel | None:
        """By id, by #name, or the direct messages of a user's id."""
        if ident in self.users:
            return self.users[ident].dm
        found = self.channels.get(ident or "")
        if found is None and ident:
            named = (each for each in self.channels.values() if each.name == ident.lstrip("#"))
            found = next(named, None)
        return None if found is None or found.deleted else found

    def interaction(self, kind: str, user: User, **about: Any) -> Interaction:
        made = Interaction(self, self.new_id("I"), kind, user, self.now(), **about)
        self.interactions[made.id] = made
        return made

    def triggered(self, trigger_id: str) -> Interaction:
        found = self.interactions.get(trigger_id.removesuffix(".loopback"))
        if found is None:
            raise Refusal("invalid_trigger_id")
        return found

    # What happens in the workspace.

    async def uninstall(self) -> None:
        """The app is removed: it is told, and its token is good for nothing."""
        self._event("tokens_revoked", {"tokens": {"oauth": [], "bot": [self.bot_user]}})
        self._event("app_uninstalled", {})
        self.token_error = "account_inactive"

    async def revoke(self) -> None:
        """The bot's token is revoked."""
        self._event("tokens_revoked", {"tokens": {"oauth": [], "bot": [self.bot_user]}})
        self.token_error = "token_revoked"

    # What the app hears.

    def tell(self, name: str, channel: Channel | None = None, /, **event: Any) -> Delivery | None:
        """An event, if the app subscribes to it, may have it and is there."""
        if channel and not channel.bot:
            known = channel.kind == "public" and name.endswith(_ANYWHERE)
            if not known:
                return None
        return self._event(name, event)

    def tell_message(self, channel: Channel, message: dict[str, Any]) -> Delivery | None:
        """A message event, by the channel's kind."""
        name = "channels" if channel.kind == "public" else f"{channel.type}s"
        if channel.direct:
            name = channel.kind
        about = {"channel": channel.id, "channel_type": channel.type}
        ts = message.get("ts") or self.new_ts()
        event = {"type": "message", "ts": ts, "event_ts": ts} | message | about
        return self.tell(f"message.{name}", channel, **event)

    def tell_home(self, user: User, tab: str) -> Delivery | None:
        view = {"view": user.home.to_json()} if user.home and tab == "home" else {}
        about = {"user": user.id, "channel": user.dm.id, "tab": tab}
        return self._event("app_home_opened", about | view)

    def tell_user(self, user: User) -> Delivery | None:
        return self._event("user_change", {"user": user.to_json()})

    def _event(self, name: str, event: dict[str, Any]) -> Delivery | None:
        if name not in self.subscriptions or not hears(name, self.scopes):
            return None
        ts = self.new_ts()
        authorized = {"enterprise_id": None, "team_id": self.team, "user_id": self.bot_user}
        flags = {"is_bot": True, "is_enterprise_install": False}
        payload = {
            "token": "legacy",
            "team_id": self.team,
            "context_team_id": self.team,
            "context_enterprise_id": None,
            "api_app_id": self.app_id,
            "event": {"type": name.partition(".")[0], "event_ts": ts} | event,
            "type": "event_callback",
            "event_id": self.new_id("Ev"),
            "event_time": int(float(ts)),
            "authorizations": [authorized | flags],
            "is_ext_shared_channel": False,
        }
        return self.deliver(EVENTS, payload)

    # For the server.

    def guarded(self, what: str, do: Callable[..., None], *given: Any) -> None:
        """Do it; what Slack refuses there, it tells nobody: note it."""
        try:
            do(*given)
        except Refusal as refusal:
            self.note(f"{what} is refused: {refusal.error} {'; '.join(refusal.messages)}".strip())

    def note(self, words: str) -> None:
        self.violations.append(words)

    def new_id(self, letter: str) -> str:
        number = f"{next(self._numbers):08}"
        return f"{number}.hash" if letter == "hash" else f"{letter}0{number}"

    def new_ts(self) -> str:
        return f"{int(self._wall())}.{next(self._numbers):06}"

    def with_ids(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return numbered(blocks, lambda: f"b{next(self._numbers)}")
