"""Orders to models are taken out of a text that was read, and reported. Pure.

References stay as they are: the titles of papers on such orders look like them, and nobody
asks a model about a bibliography.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jobs.fulltext.instructions import instructions_in
from storage.models.fulltext import (
    Equation,
    Figure,
    FullText,
    Hidden,
    HiddenKind,
    Listing,
    Paragraph,
    Passage,
    Section,
    Table,
)

_SHORTEST = 6
"""An order has at least so many characters."""
_CELL_END = re.compile(r"(?<!\\)(\||\n)")
_LINE_END = re.compile(r"(\n)")


def screened(text: FullText) -> FullText:
    """`text` without sentences that are orders to a model; they are in its `hidden`."""
    screen = _Screen()
    abstract = screen.prose(text.abstract, "Abstract")
    sections = tuple(screen.section(section) for section in text.sections)
    if not screen.found:
        return text
    return replace(text, abstract=abstract, sections=sections, hidden=(*text.hidden, *screen.found))


class _Screen:
    """Takes orders out, and keeps what it took."""

    def __init__(self) -> None:
        self.found: list[Hidden] = []

    def section(self, section: Section) -> Section:
        """The section without orders; a passage of which nothing is left goes whole."""
        passages = tuple(self._passages(section))
        title = self.prose(section.title, section.name)
        return replace(section, title=title, passages=passages)

    def prose(self, text: str, place: str) -> str:
        """Running text without orders."""
        spans = instructions_in(text) if len(text) >= _SHORTEST else []
        if not spans:
            return text
        self.found += [Hidden(HiddenKind.INSTRUCTION, text[a:b], place) for a, b in spans]
        starts = [0, *(end for _, end in spans)]
        ends = [*(start for start, _ in spans), len(text)]
        kept = (text[a:b].strip() for a, b in zip(starts, ends, strict=True))
        return " ".join(part for part in kept if part)

    def _passages(self, section: Section) -> Iterator[Passage]:
        for passage in section.passages:
            kept = self._passage(passage, section.name)
            if kept is not None:
                yield kept

    def _passage(self, passage: Passage, place: str) -> Passage | None:
        match passage:
            case Paragraph(text):
                text = self.prose(text, place)
                return Paragraph(text) if text else None
            case Equation(tex):
                return passage if self.prose(tex, place) == tex else None
            case Table(markdown, _, caption):
                cells = self._pieces(_CELL_END.split(markdown), place)
                return replace(passage, markdown=cells, caption=self.prose(caption, place))
            case Figure(caption):
                return replace(passage, caption=self.prose(caption, place))
            case Listing(text, _, caption):
                lines = self._pieces(_LINE_END.split(text), place)
                return replace(passage, text=lines, caption=self.prose(caption, place))

    def _pieces(self, pieces: Iterable[str], place: str) -> str:
        """Cells or lines, each judged by itself; what stands around an order's cell stays."""
        return "".join(self._piece(piece, place) for piece in pieces)

    def _piece(self, piece: str, place: str) -> str:
        text = piece.strip()
        kept = self.prose(text, place)
        if kept == text:
            return piece
        before, _, after = piece.partition(text)
        return f"{before}{kept}{after}"
