"""Short answers as the plain word that Telegram shows over a chat for a moment."""

from formatters.document import (
    Block,
    Bullets,
    Buttons,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Inline,
    Lead,
    PaperCard,
    Quote,
    Text,
    Title,
    Titles,
)
from formatters.steps import colon
from formatters.telegram.markup import clean

MOST_SIGNS = 200


def toast(document: Document) -> str | None:
    """The document as plain text without its buttons; None where it is too long for a toast."""
    lines: list[str] = []
    for block in document.blocks:
        said = _lines(block)
        if said is None:
            return None
        lines += said
    text = "\n".join(clean(line) for line in lines).strip()
    return text if 0 < len(text) <= MOST_SIGNS else None


def _lines(block: Block) -> list[str] | None:
    """What a block says; None for papers and their words, which are to be read in peace."""
    match block:
        case Title() | Heading() | Text():
            return [_plain(block.text)]
        case Bullets():
            return [f"• {_plain(item)}" for item in block.items]
        case Facts():
            pairs = [(name, _plain(value)) for name, value in block.pairs]
            return [name + colon(name, value) + value for name, value in pairs]
        case Code():
            return [block.text]
        case Buttons():
            return []
        case Grid() | Quote() | Lead() | PaperCard() | Titles():
            return None


def _plain(text: Inline) -> str:
    return "".join(span.text for span in text)
