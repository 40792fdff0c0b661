"""What an engine says of a paper, and of a digest's papers together."""

from dataclasses import dataclass

from storage.models.chats import Lang
from storage.models.papers import PaperId


@dataclass(frozen=True, slots=True)
class Summary:
    """What one engine says of one paper, in one language."""

    paper: PaperId
    version: int
    lang: Lang
    engine: str
    """`built-in`, or a model's name and its prompts' version: `openai:gpt-x#p3`."""
    tldr: str
    findings: tuple[str, ...] = ()
    fallback: bool = False
    """True: a better engine was configured and failed."""
    title: str | None = None
    """The paper's title in the summary's language, where that is another."""
    abstract: str | None = None
    """Likewise the whole abstract, once somebody asked for it."""


@dataclass(frozen=True, slots=True)
class OverviewTheme:
    """What several papers of a digest share."""

    name: str
    text: str
    """One sentence."""
    papers: tuple[PaperId, ...]
    """At least two."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Something new, and the papers that it rests on."""

    text: str
    papers: tuple[PaperId, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Read:
    """A paper that is worth reading in full."""

    paper: PaperId
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What a model says of the papers that a digest shows; any part may be empty, not all."""

    engine: str
    """A model's name and its prompt's version."""
    themes: tuple[OverviewTheme, ...] = ()
    directions: tuple[Direction, ...] = ()
    reads: tuple[Read, ...] = ()
