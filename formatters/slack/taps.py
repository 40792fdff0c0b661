"""Buttons as Slack's, and what a tapped one says to the bot: its command as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from formatters.document import Button
from formatters.slack.elements import one_line
from formatters.slack.post import Json
from formatters.text import truncate

LONGEST_VALUE = 2_000
_LONGEST_LABEL = 75
_TURNS = "="


@dataclass(frozen=True, slots=True)
class Tap:
    """What a tapped button said."""

    command: str
    turns: bool
    """The answer takes the place of the message that was tapped."""


def tap_value(button: Button) -> str:
    """What the button says; a command begins with a slash."""
    return _TURNS + button.command if button.turns else button.command


def read_tap(value: str) -> Tap:
    """What `tap_value` put into a button."""
    command = value.removeprefix(_TURNS)
    return Tap(command, turns=command != value)


def tappable(buttons: Iterable[Button]) -> tuple[Button, ...]:
    """The buttons that Slack can keep: those with a command, unless it is a novel."""
    return tuple(
        button for button in buttons if button.command and len(tap_value(button)) <= LONGEST_VALUE
    )


def actions(buttons: Sequence[Button]) -> Json:
    """A block of buttons, still without names."""
    return {"type": "actions", "elements": [_element(button) for button in buttons]}


@lru_cache(maxsize=1 << 12)
def label(button: Button) -> str:
    """What stands on the button; Slack wants some word. Remembered: most are used again."""
    shown = one_line(button.label) or one_line(button.command) or "…"
    return truncate(shown, _LONGEST_LABEL)


def numbered(blocks: Iterable[Json]) -> tuple[Json, ...]:
    """The blocks, in which every button has a name of its own: `command-0` and so on."""
    named: list[Json] = []
    count = 0
    for block in blocks:
        if block["type"] == "actions":
            elements = [
                element | {"action_id": f"command-{number}"}
                for number, element in enumerate(block["elements"], count)
            ]
            count += len(elements)
            named.append(block | {"elements": elements})
        else:
            named.append(block)
    return tuple(named)


def _element(button: Button) -> Json:
    text = {"type": "plain_text", "text": label(button), "emoji": True}
    return {"type": "button", "text": text, "value": tap_value(button)}
