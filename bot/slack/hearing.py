"""What people write on Slack, as lines for the commands. Pure.

Slack marks up what is typed: links and mentions in angle brackets, `& < >` escaped, thumbs by
their names.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from jobs.arxiv_ids import first_paper_id, parse_paper_id, written

_LINK = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_THUMB = re.compile(r":(?:(?P<up>\+1|thumbsup)|-1|thumbsdown):(?::skin-tone-[2-6]:)?")
_CLAIM = re.compile(r"(?:[Cc]laim|认领)[\s:：]*(?P<code>(?![a-z]+$)[A-Za-z0-9_-]{16})")
"""The code of the start's message; two words of a topic don't look like that."""
_SHOWN = ("text", "url", "title", "title_link", "from_url", "original_url", "fallback")


def plain_text(marked: str) -> str:
    """What was typed: links as addresses, channels and people by name, nothing escaped."""
    return unescape(_THUMB.sub(_thumb, _LINK.sub(_spoken, marked))).strip()


def direct_text(message: dict[str, Any]) -> str:
    """What a message to us alone says; of one that passes another on, the paper named there.

    A claim needs no slash here: Slack keeps those for its own.
    """
    text = plain_text(message.get("text", ""))
    claim = _CLAIM.fullmatch(text)
    if claim is not None:
        return f"/claim {claim['code']}"
    if message.get("attachments") and first_paper_id(text) is None:
        passed_on = first_paper_id(shown_text(message))
        return written(*passed_on) if passed_on else text
    return text


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
    if name != umbrella:
        return f"{name} {said}".strip()
    if parse_paper_id(said) is not None:
        return said
    return f"/{said.removeprefix('/')}" if said else "/help"


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
    if label and _was_typed(label, target):
        return label
    return target.removeprefix("mailto:")


def _was_typed(label: str, target: str) -> bool:
    """Whether Slack itself made the link, of words like cs.AI: `<http://cs.AI|cs.AI>`."""
    return target.partition("://")[2].rstrip("/").casefold() == label.rstrip("/").casefold()


def _thumb(found: re.Match[str]) -> str:
    return "👍" if found["up"] else "👎"
