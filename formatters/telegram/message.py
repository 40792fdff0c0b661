"""A finished message, and its form in the outbox. Knows nothing of what it says."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A key under a message: a tap that says `data` to the bot, or opens `href`."""

    label: str
    data: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Text in Telegram's HTML, with its keyboard."""

    text: str
    rows: tuple[tuple[Key, ...], ...] = ()
    silent: bool = False


def to_payload(message: Message) -> str:
    """The message as compact JSON."""
    rows = [[[key.label, key.data, key.href] for key in row] for row in message.rows]
    parts = {"text": message.text, "rows": rows, "silent": message.silent}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def from_payload(payload: str) -> Message:
    """The message that `to_payload` made this of."""
    parts = json.loads(payload)
    rows = tuple(tuple(Key(*key) for key in row) for row in parts["rows"])
    return Message(parts["text"], rows, parts["silent"])
