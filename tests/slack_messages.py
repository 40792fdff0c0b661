"""Messages of the loopback Slack, what they show, and how the Web API writes them.

Knows no rules of sending: those are in slack_checks and slack_posting.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import slack_texts as texts
from slack_texts import Link, Reading

if TYPE_CHECKING:
    from slack_channels import Channel
    from slack_users import User


@dataclass(frozen=True, slots=True)
class Button:
    """Anything in a message or view that can be clicked."""

    label: str
    action_id: str = ""
    value: str | None = None
    url: str | None = None
    block_id: str = ""
    element: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file."""

    id: str
    name: str
    content: bytes
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        named = {"id": self.id, "name": self.name, "title": self.title or self.name}
        return named | {"size": len(self.content), "mode": "hosted", "is_external": False}


@dataclass(slots=True, eq=False)
class Message:
    """One message of a channel, the bot's or somebody's."""

    channel: "Channel"
    ts: str
    raw: str = ""
    """`text` as sent; under blocks it is the fallback for notifications and screen readers."""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    sender: "User | None" = None
    """None: the bot."""
    thread: str | None = None
    """The ts of the thread's first message; None outside of threads, and for that one."""
    metadata: dict[str, Any] | None = None
    only_for: "User | None" = None
    """Who sees it, if it is ephemeral."""
    client_msg_id: str = ""
    broadcast: bool = False
    unfurl: tuple[bool | None, bool | None] = (None, None)
    """What was said about unfurling links and media; None: nothing."""
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edits: int = 0
    edited_at: str = ""
    earlier: list[str] = field(default_factory=list)
    """What it showed before, oldest first."""
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        return self.sender is None

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def read(self) -> Reading:
        """What is shown in the channel."""
        return texts.blocks(self.blocks) if self.blocks else self.fallback

    @property
    def fallback(self) -> Reading:
        return texts.mrkdwn(self.raw, shouts=False)

    @property
    def text(self) -> str:
        return self.read.plain

    @property
    def mentions(self) -> tuple[str, ...]:
        """All that it mentions, in its blocks or its fallback."""
        return tuple(dict.fromkeys(self.read.mentions + self.fallback.mentions))

    @property
    def links(self) -> tuple[Link, ...]:
        return self.read.links

    @property
    def urls(self) -> list[str]:
        return [each.url for each in self.links]

    @property
    def characters(self) -> int:
        """Over all blocks."""
        return texts.characters(self.blocks)

    @property
    def buttons(self) -> list[Button]:
        return list(clickable(self.blocks))

    @property
    def labels(self) -> list[str]:
        return [each.label for each in self.buttons]

    @property
    def replies(self) -> "list[Message]":
        """The bot's messages in its thread that everybody sees."""
        return [each for each in self.channel.messages if each.thread == self.ts]

    def button(self, which: str) -> Button:
        """By its label or action_id."""
        return named(self.buttons, which, self)

    def change(self, raw: str, blocks: list[dict[str, Any]], at: str) -> None:
        self.earlier.append(self.text)
        self.raw, self.blocks = raw, blocks
        self.edits, self.edited_at = self.edits + 1, at

    def to_json(self, *, metadata: bool = False) -> dict[str, Any]:
        world = self.channel.world
        made: dict[str, Any] = {"type": "message", "ts": self.ts, "text": self.raw}
        made["team"] = world.team
        if self.sender:
            made["user"] = self.sender.id
        else:
            made |= {"user": world.bot_user, "bot_id": world.bot_id, "app_id": world.app_id}
        optional = {
            "client_msg_id": self.client_msg_id,
            "blocks": self.blocks,
            "files": [each.to_json() for each in self.files],
            "thread_ts": self.thread or (self.ts if self.answers else None),
            "reply_count": len(self.answers),
            "edited": self.edits and {"user": made["user"], "ts": self.edited_at},
            "metadata": self.metadata if metadata else None,
            "subtype": "thread_broadcast" if self.broadcast else None,
        }
        return made | {name: value for name, value in optional.items() if value}

    @property
    def answers(self) -> "list[Message]":
        """Everybody's messages in its thread."""
        found = self.channel.history.values()
        return [each for each in found if each.thread == self.ts and each.public]

    @property
    def public(self) -> bool:
        return not self.deleted and not self.ephemeral

    def __str__(self) -> str:
        who = repr(self.sender) if self.sender else "the bot"
        kind = " (ephemeral)" if self.ephemeral else ""
        return f"{who}{kind} in {self.channel}: {self.text[:200]!r} {self.labels or ''}".rstrip()


def clickable(blocks: list[dict[str, Any]]) -> Iterator[Button]:
    """Buttons and menus in the order in which they are shown."""
    for block in blocks:
        inside = block.get("elements", []) if block["type"] == "actions" else []
        for each in [*inside, *filter(None, (block.get("accessory"),))]:
            if each["type"] != "image":
                label = each.get("text") or each.get("placeholder") or {}
                yield Button(
                    label.get("text", ""),
                    each.get("action_id", ""),
                    each.get("value"),
                    each.get("url"),
                    block.get("block_id", ""),
                    each,
                )


def named(buttons: list[Button], which: str, where: object) -> Button:
    for each in buttons:
        if which in (each.action_id, each.label):
            return each
    shown = [(each.label, each.action_id) for each in buttons]
    raise AssertionError(f"no button {which!r} in {where}, there are {shown}")
