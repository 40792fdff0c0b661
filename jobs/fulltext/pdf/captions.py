"""Figures, tables and listings: a caption, and what of the page belongs to it. Pure.

What stands in a figure is left out; a table's and a listing's lines are theirs.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from jobs.fulltext.pdf.blocks import Block, Body, find
from jobs.fulltext.pdf.geometry import Page
from jobs.fulltext.pdf.hyphens import Words
from jobs.fulltext.pdf.lines import Line
from jobs.fulltext.pdf.regions import Surroundings
from jobs.fulltext.pdf.tables import markdown
from storage.models.fulltext import Figure, Listing, Passage, Table

_CAPTION = re.compile(
    r"(?P<kind>Fig(?:ure|\.)?|FIG(?:URE|\.)?|Tab(?:le|\.)|TABLE|Algorithm|Listing|Scheme|Box) ?"
    r"(?P<number>[A-Z]?\.?\d+(?:\.\d+)*[a-z]?|[IVXL]+|[A-Z])(?P<end>[:.|]|\b)",
)
_FIGURE = re.compile(r"^(?:Fig\.?|FIG(?:URE|\.)?)(?= |\d)")
_TABLE = re.compile(r"^(?:TABLE|Tab\.)")
_SMALL = 0.97


class _Kind(Enum):
    FIGURE = auto()
    TABLE = auto()
    LISTING = auto()


@dataclass(frozen=True, slots=True)
class Float:
    """A passage that stands apart from the text, and the lines that it takes up."""

    passage: Passage
    first: Line
    """Where its caption begins."""
    lines: tuple[Line, ...]


def floats(
    page: Page, blocks: Sequence[Block], titles: Container[int], body: Body, words: Words
) -> Iterator[Float]:
    """The page's floats; no line belongs to two. `titles` are the ids of headings' lines."""
    kinds = [_kind(block, body) for block in blocks]
    walls = [
        kind is not None or block.runs_on(body) or id(block.lines[0]) in titles
        for block, kind in zip(blocks, kinds, strict=True)
    ]
    captions = [(block, kind) for block, kind in zip(blocks, kinds, strict=True) if kind]
    taken = {id(line) for block, _ in captions for line in block.lines}
    for caption, kind in captions:
        around = Surroundings(page, blocks, walls, caption, body)
        region = around.picture() if kind is _Kind.FIGURE else around.table()
        free = [line for block in blocks for line in block.lines if id(line) not in taken]
        inside = find(free, region) if region else []
        taken.update(map(id, inside))
        passage = _passage(kind, words.joined(caption.lines), inside)
        yield Float(passage, caption.lines[0], (*caption.lines, *inside))


def _kind(block: Block, body: Body) -> _Kind | None:
    """What the block is the caption of. A sentence may begin with "Table 2", too."""
    first = block.lines[0]
    match = _CAPTION.match(first.text)
    if not match:
        return None
    follows = first.text[match.end() :].lstrip()[:1]
    small = first.size < _SMALL * body.size and follows.isupper()
    told = match["end"] or match["kind"].isupper() or first.runs[0].face.bold
    if not (told or small):
        return None
    if match["kind"].casefold().startswith("tab"):
        return _Kind.TABLE
    return _Kind.LISTING if match["kind"] in {"Algorithm", "Listing"} else _Kind.FIGURE


def _passage(kind: _Kind, caption: str, lines: Sequence[Line]) -> Passage:
    match = _CAPTION.match(caption)
    label, said = (match[0], caption[match.end() :]) if match else ("", caption)
    label, said = " ".join(label.rstrip(":.|").split()), said.strip(" :|")
    match kind:
        case _Kind.FIGURE:
            return Figure(said, _FIGURE.sub("Figure", label))
        case _Kind.TABLE:
            return Table(markdown(lines) if lines else "", _TABLE.sub("Table", label), said)
        case _Kind.LISTING:
            return Listing("\n".join(line.text for line in lines), label, said)
