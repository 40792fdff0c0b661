"""The syntax tree of a topic: what a query means, whatever text it was written in.

Pure. Built by `jobs.topics`, evaluated by `jobs.matching` over leaves that
`storage.search` answers, and written out again as arXiv's search syntax.
"""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where a text leaf looks."""

    ANY = "any"
    """Title or abstract."""
    TITLE = "ti"
    ABSTRACT = "abs"


@dataclass(frozen=True, slots=True)
class Text:
    """One word (`phrase` False, stemmed) or a quoted phrase of words in order."""

    text: str
    field: Field = Field.ANY
    phrase: bool = False
    prefix: bool = False
    """`adapt*`: any word that begins so, unstemmed."""


@dataclass(frozen=True, slots=True)
class Category:
    """`cs.CV`, or `cs.*` for a whole archive; primary or cross-listed alike."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Author:
    """A name; all its words must occur in one author's entry."""

    name: str


@dataclass(frozen=True, slots=True)
class PaperRef:
    """One paper by its base id."""

    paper_id: str


Leaf = Text | Category | Author | PaperRef


@dataclass(frozen=True, slots=True)
class And:
    """All of the children (at least two)."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the children (at least two)."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the child."""

    child: "Node"


Node = Leaf | And | Or | Not


def leaves(node: Node, *, negated: bool = False) -> tuple[tuple[Leaf, bool], ...]:
    """Each leaf of the tree with whether an odd number of `Not`s stands above it."""
    match node:
        case And(children) | Or(children):
            return tuple(pair for child in children for pair in leaves(child, negated=negated))
        case Not(child):
            return leaves(child, negated=not negated)
        case _:
            return ((node, negated),)
