"""What a token may do in the loopback Slack: scopes of methods and events."""

from collections.abc import Mapping
from typing import Any

from slack_refusals import Refusal, missing_scope

_PREFIXES = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_MESSAGES = {"channels": "channels", "groups": "groups", "im": "im", "mpim": "mpim"}
_METHODS = {
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.open": ("im:write", "mpim:write"),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "reactions.add": ("reactions:write",),
    "users.info": ("users:read",),
    "bots.info": ("users:read",),
    "team.info": ("team:read",),
}
"""One of them is needed; those of conversations.* depend on the conversation."""
_EVENTS = {
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "user_change": ("users:read",),
    **{f"message.{name}": (f"{scope}:history",) for name, scope in _MESSAGES.items()},
    **{
        f"{channel}_{what}": (f"{scope}:read",)
        for channel, scope in (("channel", "channels"), ("group", "groups"))
        for what in ("archive", "unarchive", "rename", "deleted", "left")
    },
    **dict.fromkeys(("app_home_opened", "app_uninstalled", "tokens_revoked"), ()),
}
EVENTS = frozenset(_EVENTS)
SCOPES = frozenset(
    {
        *(scope for needed in (*_METHODS.values(), *_EVENTS.values()) for scope in needed),
        *(f"{prefix}:{what}" for prefix in _PREFIXES.values() for what in ("read", "history")),
        "commands",
    }
)
"""All that this server knows, but for `chat:write.public`."""


def allow(method: str, scopes: frozenset[str]) -> None:
    """Refuse a method that the token's scopes don't cover."""
    _allow(_METHODS.get(method, ()), scopes)


def allow_conversation(kind: str, what: str, scopes: frozenset[str]) -> None:
    """Refuse to `read` a conversation of this kind, or its `history`."""
    _allow((f"{_PREFIXES[kind]}:{what}",), scopes)


def readable(kinds: list[str], scopes: frozenset[str]) -> None:
    for each in kinds:
        allow_conversation(each, "read", scopes)


def hears(event: str, scopes: frozenset[str]) -> bool:
    """Whether an app with these scopes is sent such an event."""
    needed = _EVENTS[event]
    return not needed or bool(scopes.intersection(needed))


def _allow(needed: tuple[str, ...], scopes: frozenset[str]) -> None:
    if needed and not scopes.intersection(needed):
        raise missing_scope(needed[:1], scopes)


def of_manifest(manifest: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The bot's scopes and the events it subscribes to."""
    scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    settings = manifest.get("settings", {}).get("event_subscriptions", {})
    events = frozenset(settings.get("bot_events", []))
    if unknown := events - EVENTS:
        raise Refusal("unknown_events", tuple(sorted(unknown)))
    return frozenset(scopes), events
