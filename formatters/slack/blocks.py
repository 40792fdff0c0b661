"""What stands in a message from top to bottom, and the blocks of Block Kit that it takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from formatters.document import Button, Span
from formatters.slack.elements import ELEMENT, element, plain_text
from formatters.slack.lines import LARGEST, Line, Shape
from formatters.slack.post import Json
from formatters.slack.taps import actions, label, tappable
from formatters.text import split

LONGEST_HEADER = 150
BUTTONS_IN_ROW = 5
_BREAK = Span("\n")
_FLOWING = {Shape.PARAGRAPH: "rich_text_section", Shape.QUOTE: "rich_text_quote"}
_STYLES = {Shape.BULLETS: "bullet", Shape.NUMBERS: "ordered"}


@dataclass(frozen=True, slots=True)
class Head:
    """The message's headline, on one clean line."""

    text: str


@dataclass(frozen=True, slots=True)
class Faint:
    """Clean remarks, small and grey."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rich:
    """Paragraphs and lists."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Buttons side by side."""

    buttons: tuple[Button, ...]


Strip = Head | Faint | Rich | Row


@dataclass(frozen=True, slots=True)
class Brick:
    """A finished block, save for the names of its buttons."""

    block: Json
    size: int
    """About what it counts."""
    said: str = ""
    """Its text, plain."""


def joined(above: Strip, below: Strip) -> Strip | None:
    """Two of a kind as one; None where each needs a block of its own."""
    match above, below:
        case Rich(), Rich():
            return Rich(above.lines + below.lines)
        case Faint(), Faint():
            return Faint(above.lines + below.lines)
    return None


def bricks(strip: Strip, largest: int = LARGEST) -> list[Brick]:
    """The blocks that it takes, none of them larger than that."""
    match strip:
        case Head():
            block = {"type": "header", "text": plain_text(strip.text)}
            return [Brick(block, len(strip.text) + ELEMENT, strip.text)]
        case Faint():
            return [_context(text) for text in split("\n".join(strip.lines), largest)]
        case Rich():
            return [_rich_text(lines) for lines in _chunks(strip.lines, largest)]
        case Row():
            return rows(strip.buttons, BUTTONS_IN_ROW)


def rows(buttons: Iterable[Button], width: int) -> list[Brick]:
    """Buttons in rows of so many."""
    kept = tappable(buttons)
    starts = range(0, len(kept), width)
    return [_buttons(kept[start : start + width]) for start in starts]


def _buttons(buttons: tuple[Button, ...]) -> Brick:
    return Brick(actions(buttons), sum(len(label(button)) + ELEMENT for button in buttons))


def _context(text: str) -> Brick:
    block = {"type": "context", "elements": [plain_text(text)]}
    return Brick(block, len(text) + ELEMENT, text)


def _chunks(lines: Iterable[Line], largest: int) -> Iterator[list[Line]]:
    """The lines, as many together as a block takes."""
    chunk: list[Line] = []
    room = largest
    for line in lines:
        if chunk and line.size > room:
            yield chunk
            chunk, room = [], largest
        chunk.append(line)
        room -= line.size
    if chunk:
        yield chunk


def _rich_text(lines: list[Line]) -> Brick:
    """Lines of one shape, and with numbers in their order, stand together."""

    def kind(place: tuple[int, Line]) -> tuple[Shape, int]:
        index, line = place
        return line.shape, line.number - index if line.shape is Shape.NUMBERS else 0

    runs = groupby(enumerate(lines), key=kind)
    elements = [_run(shape, [line for _, line in run]) for (shape, _), run in runs]
    said = "\n".join([line.said for line in lines])
    size = sum([line.size for line in lines])
    return Brick({"type": "rich_text", "elements": elements}, size, said)


def _run(shape: Shape, lines: list[Line]) -> Json:
    if shape in _FLOWING:
        spans = [span for line in lines for span in (_BREAK, *line.spans)][1:]
        return _section(_FLOWING[shape], spans)
    if shape is Shape.BOX:
        text = "\n".join(line.said for line in lines).lstrip("\n")
        return _section("rich_text_preformatted", (Span(text),))
    items = [_section("rich_text_section", line.spans) for line in lines]
    made: Json = {"type": "rich_text_list", "style": _STYLES[shape], "elements": items}
    if shape is Shape.NUMBERS:
        made["offset"] = lines[0].number - 1
    return made


def _section(kind: str, spans: Iterable[Span]) -> Json:
    return {"type": kind, "elements": [element(span) for span in spans]}
