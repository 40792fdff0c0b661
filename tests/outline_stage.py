"""An invented paper, its sections as a test has them, and what the built-in reader tells of it."""

from dataclasses import replace

from jobs.outline import outline
from storage.models import (
    Analysis,
    FullText,
    Lang,
    Origin,
    Paper,
    PaperId,
    Paragraph,
    Section,
    Table,
)

ID = PaperId("2602.00001")
ABSTRACT = (
    "Counting birds from a moving boat is important for coastal planning. "
    "We propose WaderNet, a two-camera model that counts birds from a moving boat. "
    "WaderNet lowers the counting error by 31% on three shorelines."
)


def section(title: str, *said: str | Table, number: str = "", level: int = 1) -> Section:
    """A section of paragraphs and tables."""
    passages = tuple(Paragraph(text) if isinstance(text, str) else text for text in said)
    return Section(title, number, level, passages)


def paper(abstract: str = ABSTRACT, title: str = "WaderNet: Counting Birds from a Boat") -> Paper:
    """The paper, or one with another abstract."""
    return Paper(ID, 1, title, abstract, (), "cs.CV", ("cs.CV",))


def full(*sections: Section, **fields: object) -> FullText:
    """A full text of these sections."""
    return replace(FullText(ID, 2, Origin.HTML, sections), **fields)


def told(*sections: Section, abstract: str = ABSTRACT) -> Analysis:
    """What the reader tells of these sections."""
    return outline(paper(abstract), full(*sections), Lang.EN)
