"""How messages come about in the loopback Slack: posts, answers, changes, and their events."""

import json
from typing import TYPE_CHECKING, Any

import slack_checks as checks
from slack_channels import Channel
from slack_interactions import Interaction
from slack_messages import Message
from slack_refusals import Refusal

if TYPE_CHECKING:
    from slack_users import User
    from slack_world import World


class Posting:
    """Writes the bot's messages; the rules of who may are its callers'."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def post(self, channel: Channel, content: dict[str, Any], **about: Any) -> Message:
        """A message that everybody sees; `content` is checked already."""
        made = self._made(channel, content, **about)
        channel.put(made)
        self._echo(channel, made.to_json())
        return made

    def whisper(
        self, channel: Channel, user: "User", content: dict[str, Any], **about: Any
    ) -> Message:
        """An ephemeral message."""
        return channel.put(self._made(channel, content, only_for=user, **about))

    def change(self, message: Message, content: dict[str, Any], *, keep_blocks: bool) -> None:
        """Replace what a message says, or take its metadata over."""
        before = message.to_json()
        blocks = message.blocks if keep_blocks else self._numbered(content["blocks"])
        message.change(content["text"], blocks, self._world.new_ts())
        if content["metadata"]:
            message.metadata = content["metadata"]
        self._world.bell.ring()
        if not message.ephemeral:
            after = {"message": message.to_json(), "previous_message": before}
            self._echo(message.channel, {"subtype": "message_changed", "hidden": True} | after)

    def remove(self, message: Message) -> None:
        message.deleted = True
        self._world.bell.ring()
        if not message.ephemeral:
            told = {"deleted_ts": message.ts, "previous_message": message.to_json()}
            self._echo(message.channel, {"subtype": "message_deleted", "hidden": True} | told)

    def respond(self, to: Interaction, payload: dict[str, Any]) -> None:
        """An answer by acknowledgement or response URL."""
        if payload.get("delete_original"):
            self.remove(self._original(to))
            return
        world = self._world
        content = checks.message(payload, world.note, capped=False)
        if payload.get("replace_original"):
            self.change(self._original(to), content, keep_blocks=False)
            return
        assert to.channel, f"{to} has no channel to answer in"
        about = {"thread": payload.get("thread_ts"), "unfurl": _unfurl(payload)}
        if payload.get("response_type", "ephemeral") == "in_channel":
            made = self.post(to.channel, content, **about)
        else:
            made = self.whisper(to.channel, to.user, content, **about)
        to.messages.append(made)
        world.bell.ring()

    def answered(self, to: Interaction, answer: Any) -> None:
        """An acknowledgement that says something."""
        if answer:
            self._world.guarded(f"the acknowledgement of {to}", self.respond, to, answer)

    def _original(self, to: Interaction) -> Message:
        if to.message is None or to.message.deleted:
            raise Refusal("message_not_found", status=404)
        return to.message

    def _made(self, channel: Channel, content: dict[str, Any], **about: Any) -> Message:
        message = Message(channel, self._world.new_ts(), content["text"])
        message.blocks = self._numbered(content["blocks"])
        message.metadata = content["metadata"]
        for name, value in about.items():
            setattr(message, name, value)
        return message

    def _numbered(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._world.with_ids(blocks)

    def _echo(self, channel: Channel, event: dict[str, Any]) -> None:
        """The bot hears itself, too."""
        self._world.tell_message(channel, event)


def _unfurl(payload: dict[str, Any]) -> tuple[bool | None, bool | None]:
    return payload.get("unfurl_links"), payload.get("unfurl_media")


def numbered(blocks: list[dict[str, Any]], new: Any) -> list[dict[str, Any]]:
    """A copy of the blocks with ids where there are none, as Slack gives them."""
    made = json.loads(json.dumps(blocks))
    for block in made:
        block.setdefault("block_id", new())
        inside = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            inside += block["elements"]
        for each in filter(None, inside):
            if each["type"] != "image":
                each.setdefault("action_id", new())
    return made
