"""A message before any platform: a closed union of blocks that every renderer knows.

Pure data. Text in spans is plain text in the chat's language, already free of TeX;
escaping belongs to the renderers.
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.models import Lang


class Style(StrEnum):
    """How a span is set where the platform can."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style, a link where `href` is set."""

    text: str
    style: Style = Style.PLAIN
    href: str | None = None
    tex: str | None = None
    """The source of a formula, for files that can set it; the text is its readable form."""
    lang: Lang | None = None
    """What it is written in, where that is not the document's language."""


Inline = tuple[Span, ...]


def plain(text: str) -> Inline:
    """Plain text as inline content."""
    return (Span(text),)


@dataclass(frozen=True, slots=True)
class Title:
    """The message's headline."""

    text: Inline


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a section."""

    text: Inline
    level: int = 1
    """2: of a part of one, and so on."""
    anchor: str = ""
    """Its name within a file, which then lists it among its contents: ASCII without blanks."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: Inline


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered from `start` where that is set."""

    items: tuple[Inline, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one pair a line."""

    pairs: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text in a fixed pitch, line breaks kept: a query with a mark under the error, an export."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: each row as wide as the header."""

    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: Inline = ()
    lang: Lang | None = None
    """As of a span."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A paper's own words, and where they stand in it."""

    text: Inline
    source: Inline = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """The line before a paper's card that belongs to one chat: number, topic, reasons."""

    number: int
    text: Inline
    why: str | None = None
    """Why it matched, for where there is room."""
    suffix: str = ""
    """What follows the command that opens the paper, where its list is another chat's."""


@dataclass(frozen=True, slots=True)
class PaperCard:
    """One paper. The same for every chat of a language, so that its rendering is shared."""

    paper: str
    """Its id."""
    title: str
    href: str
    """The abstract page, without a version."""
    translated_title: str | None
    byline: str
    """Authors, shortened."""
    label: str
    """Announce type, primary category, day: `new · cs.CV, cs.LG · 2026-02-06`."""
    tldr: str
    tldr_label: str
    """What the summary is called; says so when it is in another language than the frame."""
    findings: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    """(label, address) pairs."""
    abstract: str | None = None
    """Only where the whole abstract was asked for."""
    notice: str | None = None
    """`withdrawn`, said plainly."""


@dataclass(frozen=True, slots=True)
class Titles:
    """More papers as titles alone; folded where the platform can fold."""

    caption: str
    items: tuple[Inline, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Button:
    """A tap that runs a command."""

    label: str
    command: str
    """As it would be typed, with its slash: `/save 2602.06043`."""
    turns: bool = False
    """Its answer takes the place of the message that it stands under."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row."""

    buttons: tuple[Button, ...]


Block = (
    Title
    | Heading
    | Text
    | Bullets
    | Facts
    | Code
    | Grid
    | Quote
    | Lead
    | PaperCard
    | Titles
    | Buttons
)


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks from top to bottom."""

    blocks: tuple[Block, ...]

    def __add__(self, other: "Document") -> "Document":
        return Document(self.blocks + other.blocks)
