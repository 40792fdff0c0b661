"""A document on its way into messages: passages of atoms, between which one may end."""

from dataclasses import dataclass

from formatters.telegram.markup import Piece
from formatters.telegram.message import Key

BLANK = "\n\n"
"""Stands before a block."""
BREAK = "\n"
"""Stands before a line."""


Row = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Wrap:
    """What stands around several lines."""

    before: str
    after: str


QUOTE = Wrap("<blockquote expandable>", "</blockquote>")
CITED = Wrap("<blockquote>", "</blockquote>")
PRE = Wrap("<pre>", "</pre>")


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece that is never cut, and small enough for any message."""

    piece: Piece
    gap: str = BLANK
    """The white space before it where it does not begin a message."""
    wrap: Wrap | None = None


@dataclass(frozen=True, slots=True)
class Spare:
    """Atoms of a block that can be left out where room is short, the last ones first."""

    start: int
    stop: int
    rank: int
    """Lower ones are left out first."""
    counted: bool = True
    """How many are missing is said; else `…` stands for them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What should stay in one message, with the keys that go under it."""

    atoms: tuple[Atom, ...]
    rows: tuple[Row, ...] = ()
    numbers: Row = ()
    """The keys that open its papers."""
    spare: Spare | None = None
    fresh: bool = False
    """A message of its own begins here, if the number of messages allows."""
