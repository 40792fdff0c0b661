"""A paper's whole text as it was read, and what was made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from storage.models.papers import Paper, PaperId


class Origin(StrEnum):
    """Where a text was read from; the words for it are under `origin.` in the catalogue."""

    HTML = "html"
    PDF = "pdf"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text on one line; formulas in it stand as TeX between single `$`."""

    text: str


@dataclass(frozen=True, slots=True)
class Equation:
    """A displayed formula as TeX, without its dollars or its number."""

    tex: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as GitHub-flavoured Markdown, header first."""

    markdown: str
    label: str = ""
    """As the text refers to it: `Table 2`."""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's caption; what it shows is not read."""

    caption: str
    label: str = ""
    image: str | None = None
    """Its address, where there is one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Code or an algorithm, line breaks kept."""

    text: str
    label: str = ""
    caption: str = ""


Passage = Paragraph | Equation | Table | Figure | Listing


@dataclass(frozen=True, slots=True)
class Section:
    """One section without its subsections, which follow it in the list."""

    title: str
    """Without its number."""
    number: str = ""
    """`3.1`, `A`; empty where it has none."""
    level: int = 1
    passages: tuple[Passage, ...] = ()
    appendix: bool = False

    @property
    def name(self) -> str:
        """As it is cited: `3.1 Training`."""
        return f"{self.number} {self.title}".strip()

    @property
    def characters(self) -> int:
        """How much there is to read."""
        return sum(len(text) for passage in self.passages for text in texts_of(passage))


class HiddenKind(StrEnum):
    """How a text was kept from human readers, or why it is not for them."""

    INVISIBLE = "invisible"
    """In the colour of the page, transparent, or under the render mode that draws nothing."""
    TINY = "tiny"
    OFF_PAGE = "off-page"
    MARKUP = "markup"
    """By HTML's own means."""
    INSTRUCTION = "instruction"
    """In plain sight, but addressed to a reviewer's or reader's model."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A text that was found and kept out."""

    kind: HiddenKind
    text: str
    place: str = ""
    """`page 3`, or a section's name."""


@dataclass(frozen=True, slots=True)
class FullText:
    """One version of a paper, read."""

    paper: PaperId
    version: int
    origin: Origin
    sections: tuple[Section, ...]
    """In reading order, appendices last; neither abstract nor references."""
    abstract: str = ""
    references: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Every address that the text names, in order, once."""
    hidden: tuple[Hidden, ...] = ()
    pages: int | None = None
    """Of a PDF."""
    lacks: str = ""
    """Why it is not the whole text: a key suffix under `lacks.` in the catalogue; empty: it is."""

    @classmethod
    def of_abstract(cls, paper: Paper, lacks: str) -> Self:
        """The abstract alone, for want of anything more; `lacks` says why."""
        return cls(paper.id, paper.version, Origin.ABSTRACT, (), paper.abstract, lacks=lacks)

    @property
    def characters(self) -> int:
        """Of all sections."""
        return sum(section.characters for section in self.sections)


def texts_of(passage: Passage) -> Iterator[str]:
    """The texts of a passage that can be read or quoted."""
    match passage:
        case Paragraph(text):
            yield text
        case Equation(tex):
            yield tex
        case Table(markdown, _, caption):
            yield caption
            yield markdown
        case Figure(caption):
            yield caption
        case Listing(text, _, caption):
            yield caption
            yield text
