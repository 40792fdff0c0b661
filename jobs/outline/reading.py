"""A full text taken apart into sentences, each with its section and what it claims.

Pure. Sentences keep the words as the paper has them; formulas never end one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from formatters.text import sentences, split
from jobs.outline.roles import Role, roles_of
from jobs.outline.wording import (
    FEWEST_CHARACTERS,
    MOST_CHARACTERS,
    plain,
    standing_alone,
    without_heading,
)
from jobs.tldr_claims import Sentence, read
from storage.models import FullText, Paragraph, Section

_WINDOW = 2_000
"""Characters that are taken apart at once: a paragraph without an end costs no more than others."""
_FORMULA = re.compile(r"\$[^$]{1,1000}\$")
_NOTE = re.compile(r"(?<=[.!?])[⁰¹²³⁴-⁹]+(?=\s)")
"""A footnote's mark behind a sentence, which it must not join to the next."""
_ITEM = re.compile(r"\s*(?:[-–—•*▪◦‣·]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)])\s+(?=\S)")
_TABLE = re.compile(r"\bTab(?:le|\.)[\s~]*((?:[A-Z]\.?)?\d{1,3}|[IVX]{1,4})\b")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands."""

    section: str | None
    """As in Claim."""
    at: int | None
    """Its section's place in the text; None: the abstract."""
    role: Role
    paragraph: int
    """Counted from the abstract on."""


@dataclass(frozen=True)
class Statement:
    """One sentence of the paper."""

    quote: str
    """To the letter."""
    where: Place
    place: int
    """Its place among all, in reading order."""
    first: bool
    """It begins its paragraph."""
    item: bool = False
    """It stands in an item of a list."""
    near: str | None = None
    """The table that its paragraph named last."""

    @property
    def section(self) -> str | None:
        """As in Claim."""
        return self.where.section

    @property
    def role(self) -> Role:
        """What its section is for."""
        return self.where.role

    @property
    def paragraph(self) -> int:
        """Its paragraph's number."""
        return self.where.paragraph

    @cached_property
    def text(self) -> str:
        """The plain words."""
        return plain(self.quote)

    @cached_property
    def said(self) -> Sentence:
        """Made to stand alone as well as it can."""
        return read(self.place, without_heading(self.text) if self.first else self.text)

    @cached_property
    def alone(self) -> bool:
        """Whether it can stand alone."""
        return not self.said.dangling and standing_alone(self.said.text)

    @property
    def table(self) -> str | None:
        """The table that it rests on: `Table 2`."""
        return table_in(self.quote) or self.near


def statements(text: FullText, abstract: str) -> list[Statement]:
    """All sentences in reading order, the abstract's first."""
    found = list(_of_paragraph(abstract, Place(None, None, Role.ABSTRACT, 0), 0))
    number = 0
    for at, (section, role) in enumerate(zip(text.sections, roles_of(text.sections), strict=True)):
        for paragraph in _paragraphs(section):
            number += 1
            where = Place(section.name or None, at, role, number)
            found += _of_paragraph(paragraph, where, len(found))
    return found


def table_in(text: str) -> str | None:
    """The table that some words name last, as `Table 2`."""
    named = _TABLE.findall(text)
    return f"Table {named[-1]}" if named else None


def sentences_in(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a paragraph begins and ends; the mark of a list's item is left out.

    A full stop within a formula ends none.
    """
    masked = _FORMULA.sub(lambda formula: "X" * len(formula[0]), text)
    masked = _NOTE.sub(lambda mark: "”" * len(mark[0]), masked)
    at = 0
    for piece in split(masked, _WINDOW):
        for sentence in sentences(piece):
            at = masked.index(sentence, at)
            marker = _ITEM.match(text) if at == 0 else None
            yield marker.end() if marker else at, at + len(sentence)
            at += len(sentence)


def _paragraphs(section: Section) -> Iterator[str]:
    return (passage.text for passage in section.passages if isinstance(passage, Paragraph))


def _of_paragraph(text: str, where: Place, start: int) -> Iterator[Statement]:
    item = _ITEM.match(text) is not None
    near: str | None = None
    for rank, (begin, end) in enumerate(sentences_in(text)):
        quote = text[begin:end]
        near = table_in(quote) or near
        if FEWEST_CHARACTERS <= len(quote) <= MOST_CHARACTERS:
            yield Statement(quote, where, start + rank, rank == 0, item, near)
