"""Orders to models are taken out of a text that was read, and reported. Pure.

References stay as they are: the titles of papers on such orders look like them, and nobody
asks a model about a bibliography.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from formatters.text import folded, readable
from jobs.screening.finding import Order, Span, hinted, orders_across
from storage.models import (
    Equation,
    Figure,
    FullText,
    Hidden,
    HiddenKind,
    Listing,
    Paper,
    Paragraph,
    Passage,
    Section,
    Table,
)

ABSTRACT = "Abstract"
"""Where something was found, as in Hidden."""
_TITLE = "Title"
_CELL_END = re.compile(r"(?<!\\)(\||\n)")
_LINE_END = re.compile(r"(\n)")


def screened(text: FullText) -> FullText:
    """`text` without sentences that are orders to a model; they are in its `hidden`."""
    screen = _Screen()
    abstract = screen.prose(text.abstract, ABSTRACT)
    sections = tuple(screen.section(section) for section in text.sections)
    if not screen.found:
        return text
    return replace(text, abstract=abstract, sections=sections, hidden=(*text.hidden, *screen.found))


def screened_together(paper: Paper, text: FullText) -> tuple[Paper, FullText]:
    """A paper and its screened text with one abstract, without orders there and in the title.

    The abstract is the text's own where it has one: arXiv's is the newest version's.
    """
    screen = _Screen()
    title = screen.prose(paper.title, _TITLE)
    abstract = screen.prose(text.abstract or paper.abstract, ABSTRACT)
    known = {folded(hidden.text) for hidden in text.hidden}
    found = (hidden for hidden in screen.found if folded(hidden.text) not in known)
    text = replace(text, abstract=abstract, hidden=(*text.hidden, *found))
    return replace(paper, title=title, abstract=abstract), text


class _Screen:
    """Takes orders out, and keeps what it took."""

    def __init__(self) -> None:
        self.found: list[Hidden] = []

    def section(self, section: Section) -> Section:
        """The section without orders; a passage of which nothing is left goes whole."""
        number, title = self._each((section.number, section.title), "")
        named = replace(section, number=number, title=title)
        return replace(named, passages=tuple(self._passages(named)))

    def prose(self, text: str, place: str) -> str:
        """Running text without orders."""
        return self._each((text,), place)[0]

    def _each(self, pieces: Sequence[str], place: str) -> Sequence[str]:
        """Texts that are read one after another, without orders."""
        if not hinted(pieces):
            return pieces
        orders = orders_across(pieces)
        self._keep(orders, pieces, place)
        spans: dict[int, list[Span]] = defaultdict(list)
        for span in chain.from_iterable(orders):
            spans[span.piece].append(span)
        kept = (_without(spans[at], piece) for at, piece in enumerate(pieces))
        return [self._seen_whole(piece, place) for piece in kept]

    def _seen_whole(self, text: str, place: str) -> str:
        """The text, unless there is an order in it that none of its sentences shows."""
        shown = readable(text)
        orders = orders_across((shown,)) if shown != " ".join(text.split()) else ()
        self._keep(orders, (shown,), place)
        return "" if orders else text

    def _keep(self, orders: Sequence[Order], pieces: Sequence[str], place: str) -> None:
        for order in orders:
            said = " ".join(pieces[span.piece][span.start : span.end] for span in order)
            self.found.append(Hidden(HiddenKind.INSTRUCTION, said, place))

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
            case Equation(tex, number):
                formula = f"${tex}$"
                if self.prose(formula, place) != formula:
                    return None
                return replace(passage, number=self.prose(number, place))
            case Table(markdown, label, caption):
                markdown = self._joined(_CELL_END.split(markdown), place)
                return Table(markdown, self.prose(label, place), self.prose(caption, place))
            case Figure(caption, label):
                label, caption = self.prose(label, place), self.prose(caption, place)
                return replace(passage, label=label, caption=caption)
            case Listing(text, label, caption):
                text = self._joined(_LINE_END.split(text), place)
                return Listing(text, self.prose(label, place), self.prose(caption, place))

    def _joined(self, pieces: list[str], place: str) -> str:
        """Cells or lines and what stands between them, which stays."""
        pieces[::2] = self._each(pieces[::2], place)
        return "".join(pieces)


def _without(spans: Sequence[Span], text: str) -> str:
    """What is left of a text, with the white space around it."""
    if not spans:
        return text
    starts = [0, *(span.end for span in spans)]
    ends = [*(span.start for span in spans), len(text)]
    kept = (text[a:b].strip() for a, b in zip(starts, ends, strict=True))
    before, _, after = text.partition(text.strip())
    return f"{before}{' '.join(part for part in kept if part)}{after}"
