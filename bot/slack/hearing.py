"""What people write on Slack, as lines for the commands. Pure.

Slack marks up what is typed: links and mentions in angle brackets, `& < >` escaped.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_LINK = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_SHOWN = ("text", "url", "title", "title_link", "from_url", "original_url", "fallback")


def plain_text(marked: str) -> str:
    """What was typed: links as addresses, channels and people by name, nothing escaped."""
    return unescape(_LINK.sub(_spoken, marked)).strip()


def shown_text(message: dict[str, Any]) -> str:
    """All that a message shows: its text, then the words and links of blocks and attachments."""
    parts = [message.get("blocks", []), message.get("attachments", [])]
    return " ".join([plain_text(message.get("text", "")), *_strings(parts)])


def without_mention(text: str, bot_user: str) -> str | None:
    """What follows the bot's name at the beginning of a message; None when it is not there."""
    found = re.match(rf"\s*<@{re.escape(bot_user)}(?:\|[^>]*)?>[\s,:，：]*", text)
    return text[found.end() :] if found else None


def command_line(name: str, text: str, umbrella: str) -> str:
    """A slash command as a line; `/paperround subscribe …` is `/subscribe …`."""
    said = plain_text(text)
    if name == umbrella:
        return f"/{said.removeprefix('/')}" if said else "/help"
    return f"{name} {said}".strip()


def _strings(item: Any) -> Iterator[str]:
    """The texts and addresses within it, in their order."""
    if isinstance(item, list):
        for each in item:
            yield from _strings(each)
    elif isinstance(item, dict):
        for name, value in item.items():
            if isinstance(value, str) and name in _SHOWN:
                yield plain_text(value)
            elif not isinstance(value, str):
                yield from _strings(value)


def _spoken(found: re.Match[str]) -> str:
    target, label = found["target"], found["label"]
    if target.startswith("@"):
        return f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return f"@{label or target[1:].partition('^')[0]}"
    return target.removeprefix("mailto:")
