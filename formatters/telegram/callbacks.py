"""What a button says to the bot: its command, or a short name where that is too long.

Telegram keeps 64 bytes of a button. A longer command is named by its hash; `long_commands`
says which ones the adapter must keep so that a tap finds them again.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from formatters.document import Button, Buttons, Document, Lead, PaperCard
from formatters.steps import Entry, steps

MOST_BYTES = 64
_TURNS = "="
_SHORT = "~"


@dataclass(frozen=True, slots=True)
class Callback:
    """What a tapped button said."""

    text: str
    """The command, or its short name."""
    is_short: bool
    turns: bool
    """The answer takes the place of the message that was tapped."""


def callback_data(button: Button) -> str:
    """What the button says, in at most 64 bytes."""
    mark = _TURNS if button.turns else ""
    if _is_plain(button.command, MOST_BYTES - len(mark)):
        return mark + button.command
    return f"{mark}{_SHORT}{short_name(button.command)}"


def read_callback(data: str) -> Callback:
    """What `callback_data` put into a button."""
    rest = data.removeprefix(_TURNS)
    text = rest.removeprefix(_SHORT)
    return Callback(text, is_short=text != rest, turns=rest != data)


def long_commands(document: Document) -> dict[str, str]:
    """The commands of the document's buttons that go by a short name, by that name."""
    said = ((read_callback(callback_data(button)), button) for button in _buttons(document))
    return {callback.text: button.command for callback, button in said if callback.is_short}


def short_name(command: str) -> str:
    """The command's name: 22 signs, always the same."""
    digest = blake2b(command.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def opening(lead: Lead, card: PaperCard) -> Button:
    """The button that opens a paper of a list by its number."""
    return Button(str(lead.number), f"/paper {card.paper}{lead.suffix}")


def _is_plain(command: str, room: int) -> bool:
    """Whether the command can be said as it is."""
    if not command or command[0] in (_TURNS, _SHORT):
        return False
    return len(command.encode("utf-8", "replace")) <= room and command.isprintable()


def _buttons(document: Document) -> Iterator[Button]:
    for block in document.blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
    for step in steps(document.blocks):
        if isinstance(step, Entry):
            yield opening(step.lead, step.card)
