"""The loopback Slack's methods that read: conversations.*, users.info, bots.info, team.info."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_channels import Channel
from slack_messages import Message
from slack_refusals import Refusal
from slack_scopes import allow_conversation, readable

if TYPE_CHECKING:
    from slack_world import World

_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


class ConversationMethods:
    """What the bot may see."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def table(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {
            "conversations.open": self.open,
            "conversations.info": self.info,
            "conversations.list": self.list_all,
            "conversations.members": self.members,
            "conversations.history": self.history,
            "conversations.replies": self.replies,
            "users.info": self.user_info,
            "bots.info": self.bot_info,
            "team.info": self.team_info,
        }

    def open(self, users: str = "", channel: str = "", return_im: bool = False) -> dict[str, Any]:
        names = [each for each in users.split(",") if each]
        found = [self._world.users.get(each) for each in names]
        if channel:
            where = self._visible(channel)
        elif not names or None in found:
            raise Refusal("user_not_found")
        elif any(each.deleted for each in found if each):
            raise Refusal("user_disabled")
        else:
            where = found[0].dm if len(found) == 1 else self._world.direct(*found)
        shown = where.to_json() if return_im else {"id": where.id}
        return {"channel": shown, "no_op": True, "already_open": True}

    def info(
        self, channel: str, include_locale: bool = False, include_num_members: bool = False
    ) -> dict[str, Any]:
        where = self._visible(channel)
        allow_conversation(where.kind, "read", self._world.scopes)
        return {"channel": where.to_json()}

    def list_all(
        self,
        *,
        types: str = "public_channel",
        exclude_archived: bool = False,
        limit: int = 100,
        cursor: str = "",
        team_id: str = "",
    ) -> dict[str, Any]:
        kinds = [_TYPES[each.strip()] for each in types.split(",")]
        readable(kinds, self._world.scopes)
        found = [
            each.to_json()
            for each in self._world.channels.values()
            if each.kind in kinds
            and not each.deleted
            and (each.bot or each.kind == "public")
            and not (exclude_archived and each.archived)
        ]
        return _page("channels", found, limit, cursor)

    def members(self, channel: str, limit: int = 100, cursor: str = "") -> dict[str, Any]:
        where = self._visible(channel)
        allow_conversation(where.kind, "read", self._world.scopes)
        bot = [self._world.bot_user] if where.bot else []
        return _page("members", [*where.members, *bot], limit, cursor)

    def history(
        self,
        *,
        channel: str,
        oldest: str = "0",
        latest: str = "",
        inclusive: bool = False,
        limit: int = 100,
        cursor: str = "",
        include_all_metadata: bool = False,
    ) -> dict[str, Any]:
        where = self._inside(channel)
        roots = [each for each in where.history.values() if not each.thread or each.broadcast]
        found = _between(roots, oldest, latest, inclusive=inclusive)
        shown = [each.to_json(metadata=include_all_metadata) for each in reversed(found)]
        return _page("messages", shown, limit, cursor)

    def replies(
        self,
        *,
        channel: str,
        ts: str,
        oldest: str = "0",
        latest: str = "",
        inclusive: bool = False,
        limit: int = 1000,
        cursor: str = "",
        include_all_metadata: bool = False,
    ) -> dict[str, Any]:
        root = self._inside(channel).find(ts)
        if root is None:
            raise Refusal("thread_not_found")
        found = _between(root.answers, oldest, latest, inclusive=inclusive)
        shown = [each.to_json(metadata=include_all_metadata) for each in [root, *found]]
        return _page("messages", shown, limit, cursor)

    def user_info(self, user: str, include_locale: bool = False) -> dict[str, Any]:
        world = self._world
        if user == world.bot_user:
            bot = {"id": user, "name": world.bot_name, "is_bot": True, "deleted": False}
            return {"user": bot | {"profile": {"bot_id": world.bot_id}}}
        if user not in world.users:
            raise Refusal("user_not_found")
        return {"user": world.users[user].to_json(locale=include_locale)}

    def bot_info(self, bot: str = "") -> dict[str, Any]:
        world = self._world
        if bot not in ("", world.bot_id):
            raise Refusal("bot_not_found")
        about = {"id": world.bot_id, "app_id": world.app_id, "user_id": world.bot_user}
        return {"bot": about | {"name": world.bot_name, "deleted": False}}

    def team_info(self, team: str = "") -> dict[str, Any]:
        world = self._world
        return {"team": {"id": world.team, "name": world.team_domain, "domain": world.team_domain}}

    def _visible(self, ident: str) -> Channel:
        where = self._world.channels.get(ident)
        if where is None or where.deleted or (where.kind == "private" and not where.bot):
            raise Refusal("channel_not_found")
        return where

    def _inside(self, ident: str) -> Channel:
        where = self._visible(ident)
        allow_conversation(where.kind, "history", self._world.scopes)
        if not where.bot:
            raise Refusal("not_in_channel")
        return where


def _between(
    messages: list[Message], oldest: str, latest: str, *, inclusive: bool
) -> list[Message]:
    first, last = float(oldest), float(latest or "inf")
    return [
        each
        for each in messages
        if each.public
        and (first < float(each.ts) < last or (inclusive and float(each.ts) in (first, last)))
    ]


def _page(name: str, items: list[Any], limit: int, cursor: str) -> dict[str, Any]:
    start = int(cursor.removeprefix("at:") or 0)
    end = start + max(1, min(limit, 1000))
    more = end < len(items)
    told = {"next_cursor": f"at:{end}" if more else ""}
    return {name: items[start:end], "has_more": more, "response_metadata": told}
