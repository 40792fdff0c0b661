"""Modals and App Homes of the loopback Slack: their fields, what people enter, their state.

Knows no rules of opening: those are in slack_methods_views.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import slack_texts as texts
from slack_messages import Button, clickable, named

if TYPE_CHECKING:
    from slack_users import User
    from slack_world import World

_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_conversation": "selected_conversation",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
}
_HOLDS = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
REQUIRED = "Please complete this required field."


@dataclass(frozen=True, slots=True)
class Field:
    """Something of a view, or of a message, that holds a value."""

    block: dict[str, Any]
    element: dict[str, Any]

    @property
    def block_id(self) -> str:
        return self.block["block_id"]

    @property
    def action_id(self) -> str:
        return self.element["action_id"]

    @property
    def label(self) -> str:
        return self.block.get("label", {}).get("text", "")

    @property
    def type(self) -> str:
        return self.element["type"]

    @property
    def external(self) -> bool:
        return self.type.endswith("external_select")

    @property
    def required(self) -> bool:
        return self.block["type"] == "input" and not self.block.get("optional", False)

    @property
    def options(self) -> list[dict[str, Any]]:
        groups = self.element.get("option_groups", [])
        return self.element.get("options", []) + [o for it in groups for o in it["options"]]

    def initial(self) -> dict[str, Any]:
        """The field's part of the state, as the app has set it."""
        held = {"type": self.type, _HOLDS.get(self.type, "value"): None}
        if held.get("selected_options", 0) is None:
            held["selected_options"] = []
        given = {to: self.element[name] for name, to in _INITIAL.items() if name in self.element}
        return held | given

    def holding(self, value: Any, options: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """The field's part of the state with this value.

        Options are named by their label or value, and taken from `options` where the field has
        none of its own.
        """
        slot = _HOLDS.get(self.type, "value")
        offered = options if options is not None else self.options
        if slot == "selected_option":
            value = value and _chosen(offered, value)
        elif slot == "selected_options":
            value = [_chosen(offered, each) for each in value]
        return {"type": self.type, slot: value}


def _chosen(options: list[dict[str, Any]], which: Any) -> dict[str, Any]:
    for each in options:
        if which in (each, each["value"], each["text"]["text"]):
            return each
    shown = [(each["text"]["text"], each["value"]) for each in options]
    raise AssertionError(f"no option {which!r}, there are {shown}")


def fields(blocks: list[dict[str, Any]]) -> Iterator[Field]:
    """What holds a value: inputs, and menus outside of inputs."""
    for block in blocks:
        inside = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            inside += block["elements"]
        for each in filter(None, inside):
            if each["type"] not in ("button", "overflow", "image"):
                yield Field(block, each)


def initial_state(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for each in fields(blocks):
        made.setdefault(each.block_id, {})[each.action_id] = each.initial()
    return made


@dataclass(slots=True, eq=False)
class View:
    """One modal or App Home of one person."""

    world: "World"
    id: str
    user: "User"
    content: dict[str, Any]
    """As the app sent it, with ids where it gave none."""
    hash: str
    root: str = ""
    previous: str | None = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: int = 0
    closed: bool = False

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return self.content["blocks"]

    @property
    def title(self) -> str:
        return self.content.get("title", {}).get("text", "")

    @property
    def callback_id(self) -> str:
        return self.content.get("callback_id", "")

    @property
    def private_metadata(self) -> str:
        return self.content.get("private_metadata", "")

    @property
    def read(self) -> texts.Reading:
        return texts.blocks(self.blocks)

    @property
    def text(self) -> str:
        return self.read.plain

    @property
    def fields(self) -> list[Field]:
        return list(fields(self.blocks))

    @property
    def buttons(self) -> list[Button]:
        return list(clickable(self.blocks))

    @property
    def labels(self) -> list[str]:
        return [each.label for each in self.buttons]

    def button(self, which: str) -> Button:
        return named(self.buttons, which, self)

    def field(self, which: str) -> Field:
        """By its action_id, block_id or label."""
        for each in self.fields:
            if which in (each.action_id, each.block_id, each.label):
                return each
        shown = [(each.block_id, each.action_id, each.label) for each in self.fields]
        raise AssertionError(f"no field {which!r} in {self}, there are {shown}")

    def value(self, which: str) -> Any:
        """What a field holds now."""
        found = self.field(which)
        held = self.state[found.block_id][found.action_id]
        return next((each for name, each in held.items() if name != "type"), None)

    def enter(self, found: Field, value: Any, options: list[dict[str, Any]] | None = None) -> None:
        held = found.holding(value, options)
        self.state.setdefault(found.block_id, {})[found.action_id] = held

    def show(self, content: dict[str, Any], digest: str) -> None:
        """Fill or replace the content; fields that stay keep what was entered."""
        self.content, self.hash = content, digest
        old, self.state = self.state, initial_state(content["blocks"])
        for each in self.fields:
            kept = old.get(each.block_id, {}).get(each.action_id)
            if kept and kept["type"] == each.type:
                self.state[each.block_id][each.action_id] = kept

    def mistakes(self) -> dict[str, str]:
        """What Slack itself finds wrong before it asks the app, by block."""
        return {
            each.block_id: REQUIRED
            for each in self.fields
            if each.required and not self.value(each.action_id)
        }

    def to_json(self) -> dict[str, Any]:
        about = {
            "id": self.id,
            "team_id": self.world.team,
            "app_id": self.world.app_id,
            "app_installed_team_id": self.world.team,
            "bot_id": self.world.bot_id,
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous,
            "state": {"values": self.state},
        }
        empty = {"private_metadata": "", "callback_id": "", "external_id": ""}
        empty |= dict.fromkeys(("clear_on_close", "notify_on_close"), False)
        return json.loads(json.dumps(empty | self.content | about))

    def __repr__(self) -> str:
        return f"<{self.content['type']} {self.title!r} {self.id} of {self.user}>"
