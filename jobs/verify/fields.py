"""What is checked and what comes of it: fields, faults, verdicts."""

from dataclasses import dataclass
from enum import StrEnum

from storage.models import Lang


class Kind(StrEnum):
    """What a text is for; each kind has its own limits."""

    TITLE = "title"
    """The paper's title in another language."""
    TLDR = "tldr"
    FINDING = "finding"
    ABSTRACT = "abstract"
    """The whole abstract in another language."""
    LINE = "line"
    """One line of an executive summary."""
    TEXT = "text"
    """A paragraph of an analysis."""

    @property
    def translates(self) -> bool:
        """Says what one text says, no more and no less."""
        return self in (Kind.TITLE, Kind.ABSTRACT)

    @property
    def one_line(self) -> bool:
        """Has no line breaks."""
        return self not in (Kind.ABSTRACT, Kind.TEXT)


_MOST_WORDS = {Kind.TLDR: 30, Kind.FINDING: 45, Kind.LINE: 70}


@dataclass(frozen=True, slots=True)
class Field:
    """A place that a model fills."""

    kind: Kind
    lang: Lang
    quotation: bool = False
    """Shown as a quotation: words of the paper are then no fault."""
    words: int | None = None
    """A limit of its own; two Chinese characters weigh as one word."""

    @property
    def most(self) -> int | None:
        """The most words that fit, None for no limit."""
        return self.words or _MOST_WORDS.get(self.kind)


class FaultKind(StrEnum):
    """What can be wrong; the names that statistics count."""

    EMPTY = "empty"
    LANGUAGE = "language"
    CHATTER = "chatter"
    NOTE = "note"
    LINES = "lines"
    LENGTH = "length"
    REPETITION = "repetition"
    MARKUP = "markup"
    COPY = "copy"
    NUMBER = "number"
    UNIT = "unit"
    NAME = "name"
    LOST_NAME = "lost-name"
    LINK = "link"
    TERM = "term"
    UNTRANSLATED = "untranslated"
    ADDED = "added"
    OMITTED = "omitted"
    NO_FINDING = "no-finding"
    PRAISE = "praise"
    CLAIM = "claim"
    """An action of the authors that the source doesn't tell."""
    REVERSED = "reversed"
    """The opposite of what the source says."""
    UNSUPPORTED = "unsupported"
    """About something else than the source."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a text can't be shown."""

    kind: FaultKind
    detail: str
    """A sentence of plain English that the model is told."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of a text after cutting, and what is wrong with it."""

    text: str
    mended: tuple[str, ...] = ()
    """What was cut away."""
    faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> bool:
        """True if `text` may be stored and shown."""
        return not self.faults
