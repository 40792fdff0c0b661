"""What people of the loopback Slack do with buttons, menus and modals, and its payloads."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_delivery import INTERACTIVE
from slack_interactions import Interaction
from slack_messages import Button, Message
from slack_views import Field, View, initial_state

if TYPE_CHECKING:
    from slack_channels import Channel
    from slack_world import World

NAMES = {"im": "directmessage", "mpim": "mpdm", "private": "privategroup"}
"""What payloads call channels whose names they keep to themselves."""


class Clicking:
    """The part of a person that clicks."""

    world: "World"
    id: str
    name: str
    modals: list[View]

    async def clicks(
        self,
        where: Message | View,
        which: str = "",
        *,
        option: Any = None,
        value: str | None = None,
        wait: bool = True,
    ) -> Interaction:
        """Click a button, or choose an `option` of a menu, named by label or action_id.

        `value` clicks a button with a value that it does not have, as a forged request would.
        Waits until the click is acknowledged, or has failed.
        """
        button = where.button(which)
        action = _action(button, option)
        if value is not None:
            action["value"] = value
        action["action_ts"] = self.world.new_ts()
        return await self._acts(where, action, wait=wait)

    async def fills(self, view: View, values: dict[str, Any] | None = None, **more: Any) -> None:
        """Enter values into fields named by action_id, block_id or label.

        Options are named by label or value; for an external select the word is typed first. What
        dispatches an action, does.
        """
        for which, value in {**(values or {}), **more}.items():
            field = view.field(which)
            offered = None
            if field.external and not isinstance(value, dict):
                words = value if isinstance(value, list | tuple) else [value]
                offered = [
                    option for word in words for option in await self._suggested(view, field, word)
                ]
            view.enter(field, value, offered)
            if field.block["type"] != "input" or field.block.get("dispatch_action"):
                held = view.state[field.block_id][field.action_id]
                ids = {"action_id": field.action_id, "block_id": field.block_id}
                await self._acts(view, ids | held | {"action_ts": self.world.new_ts()})

    async def submits(
        self,
        view: View,
        values: dict[str, Any] | None = None,
        *,
        wait: bool = True,
        **more: Any,
    ) -> Interaction:
        """Enter values and press Submit: the result has `errors`, or the `view` shown next.

        What Slack itself finds wrong never reaches the app.
        """
        await self.fills(view, values, **more)
        assert not view.closed, f"{view} is closed"
        made = self.world.interaction("view_submission", self, source=view)
        made.errors = view.mistakes()
        if made.errors:
            return made
        payload = self._payload(made) | {"view": view.to_json(), "response_urls": []}
        return await self._sent(INTERACTIVE, made, payload, self.world.modals.answered, wait=wait)

    async def closes(self, view: View, *, all_of_them: bool = False) -> None:
        """Press Cancel; the app is told if it wants to be."""
        shown = view.to_json()
        self.world.modals.close(view.user, all_of_them=all_of_them)
        if view.content.get("notify_on_close"):
            made = self.world.interaction("view_closed", self, source=view)
            payload = self._payload(made) | {"view": shown, "is_cleared": all_of_them}
            payload.pop("trigger_id")
            await self._sent(INTERACTIVE, made, payload)

    async def _suggested(self, view: View, field: Field, word: str) -> list[dict[str, Any]]:
        raise NotImplementedError

    async def _acts(
        self, where: Message | View, action: dict[str, Any], *, wait: bool = True
    ) -> Interaction:
        message, view = (where, None) if isinstance(where, Message) else (None, where)
        channel = message.channel if message else None
        made = self.world.interaction(
            "block_actions", self, channel=channel, message=message, source=view
        )
        payload = self._payload(made) | {"actions": [action]}
        if message:
            payload |= _of_message(message, made)
        if view:
            payload |= {"view": view.to_json(), "container": {"type": "view", "view_id": view.id}}
        return await self._sent(INTERACTIVE, made, payload, wait=wait)

    async def _sent(
        self,
        kind: str,
        made: Interaction,
        payload: dict[str, Any],
        then: Callable[[Interaction, Any], None] = lambda *_: None,
        *,
        wait: bool = True,
    ) -> Interaction:
        made.delivery = self.world.deliver(kind, payload, lambda answer: then(made, answer))
        if wait:
            await made.delivery.finished.wait()
        return made

    def _payload(self, made: Interaction) -> dict[str, Any]:
        """What all interactive payloads have in common."""
        world, name = self.world, self.name.lower()
        return {
            "type": made.kind,
            "team": {"id": world.team, "domain": world.team_domain},
            "user": {"id": self.id, "username": name, "name": name, "team_id": world.team},
            "api_app_id": world.app_id,
            "token": "legacy",
            "trigger_id": made.trigger_id,
            "enterprise": None,
            "is_enterprise_install": False,
        }


def _of_message(message: Message, made: Interaction) -> dict[str, Any]:
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread:
        container["thread_ts"] = message.thread
    about = {
        "container": container,
        "channel": named_channel(message.channel),
        "state": {"values": initial_state(message.blocks)},
        "response_url": made.response_url,
    }
    # Slack shows the app no ephemeral message again.
    return about | ({} if message.ephemeral else {"message": message.to_json(metadata=True)})


def named_channel(channel: "Channel") -> dict[str, str]:
    return {"id": channel.id, "name": NAMES.get(channel.kind, channel.name)}


def _action(button: Button, option: Any) -> dict[str, Any]:
    ids = {"action_id": button.action_id, "block_id": button.block_id}
    if button.element["type"] != "button":
        field = Field({"type": "actions", "block_id": button.block_id}, button.element)
        return ids | field.holding(option)
    more = {"value": button.value} if button.value is not None else {}
    return ids | {"type": "button", "text": button.element["text"]} | more
