"""A paper laid out for a model: every passage under its heading, in parts that fit. Pure.

Paragraphs stay whole, and sections as far as they fit. What is hidden in a paper and what it
refers to is not laid out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from formatters.text import readable, split
from jobs.chinese import has_han
from jobs.llm.choice import answer_tokens
from jobs.outline.roles import Role, roles_of
from storage.models import (
    Equation,
    Figure,
    FullText,
    Listing,
    Paragraph,
    Passage,
    Section,
    Table,
    texts_of,
)

CHARACTERS_A_TOKEN = 3
"""English has four, formulas and tables fewer."""
INSTRUCTIONS_TOKENS = 2_000
"""Of what stands around a paper, and of corrections."""
LEAST_HALVED = 2_000
"""Characters: where so few are too much, they are not the reason."""
_SECOND_RANK = (Role.RELATED, Role.OTHER)


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage as a model sees it, or the heading of a section that has none."""

    section: int
    """Its section's place in the text."""
    heading: str
    text: str
    characters: int
    """That it has in the paper."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is read at once."""

    pieces: tuple[Piece, ...]

    @property
    def sections(self) -> frozenset[int]:
        """The places of those that it has something of."""
        return frozenset(piece.section for piece in self.pieces)

    @property
    def text(self) -> str:
        """Its passages under their headings."""
        return "\n\n".join(_under_headings(self.pieces))

    @property
    def size(self) -> int:
        """Characters of its text, roughly."""
        return _size(self.pieces)

    def halves(self) -> "tuple[Part, ...]":
        """It in two, between sections where that is near the middle; () of what is short."""
        if len(self.pieces) < 2 or self.size < LEAST_HALVED:  # noqa: PLR2004 -- two halves
            return ()
        ends = range(1, len(self.pieces))

        def unevenness(end: int) -> float:
            within = self.pieces[end - 1].section == self.pieces[end].section
            return abs(_size(self.pieces[:end]) - self.size / 2) + within * self.size / 8

        end = min(ends, key=unevenness)
        return Part(self.pieces[:end]), Part(self.pieces[end:])


def room(context: int, text: FullText) -> int:
    """How many characters of a paper a model takes at once that has so many tokens of context."""
    tokens = max(context // 3, context - answer_tokens(context) - INSTRUCTIONS_TOKENS)
    chinese = has_han(text.abstract or "".join(s.title for s in text.sections))
    return tokens if chinese else tokens * CHARACTERS_A_TOKEN


def laid_out(text: FullText, most: int) -> Part:
    """All of the paper; a passage of more than `most` characters in several pieces."""
    return Part(
        tuple(piece for at, one in enumerate(text.sections) for piece in _pieces(at, one, most))
    )


def parted(whole: Part, most: int) -> tuple[Part, ...]:
    """The paper in parts of at most so many characters, in its order."""
    parts: list[list[Piece]] = [[]]
    for _, group in groupby(whole.pieces, key=lambda piece: piece.section):
        section = list(group)
        fits_here = _size(parts[-1]) + _size(section) <= most
        units = [section] if fits_here or _size(section) <= most else [[p] for p in section]
        for unit in units:
            if parts[-1] and _size(parts[-1]) + _size(unit) > most:
                parts.append([])
            parts[-1] += unit
    return tuple(Part(tuple(pieces)) for pieces in parts if pieces)


def most_important(parts: Sequence[Part], text: FullText, most: int) -> tuple[Part, ...]:
    """At most so many parts, in their order; appendices are the first to be left out."""
    roles = roles_of(text.sections)

    def rank(at: int) -> tuple[int, int]:
        worst = min(_rank(text.sections[place], roles[place]) for place in parts[at].sections)
        return worst, at

    kept = sorted(sorted(range(len(parts)), key=rank)[:most])
    return tuple(parts[at] for at in kept)


def _rank(section: Section, role: Role) -> int:
    return 2 if section.appendix else int(role in _SECOND_RANK)


def _size(pieces: Iterable[Piece]) -> int:
    return sum(len(piece.text) + 2 for piece in pieces)


def _under_headings(pieces: Iterable[Piece]) -> Iterator[str]:
    for heading, group in groupby(pieces, key=lambda piece: piece.heading):
        yield f"## {heading}"
        yield from (piece.text for piece in group if piece.text)


def _pieces(at: int, section: Section, most: int) -> Iterator[Piece]:
    heading = readable(section.name)
    if not section.passages:
        yield Piece(at, heading, "", 0)
    for passage in section.passages:
        characters = sum(map(len, texts_of(passage)))
        for text in split(_shown(passage), most):
            yield Piece(at, heading, text, characters)
            characters = 0


def _shown(passage: Passage) -> str:
    match passage:
        case Paragraph(text):
            return readable(text)
        case Equation(tex, number):
            return f"{readable(f'${tex}$')} ({number})" if number else readable(f"${tex}$")
        case Table(markdown, label, caption):
            return f"{_captioned(label or 'Table', caption)}\n{markdown}"
        case Figure(caption, label):
            return _captioned(label or "Figure", caption)
        case Listing(text, label, caption):
            return f"{_captioned(label, caption)}\n{text}".strip()


def _captioned(label: str, caption: str) -> str:
    return ": ".join(filter(None, (label, readable(caption))))
