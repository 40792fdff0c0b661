"""The breakdown of a paper: what it does, claims, shows and lacks, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from storage.models.chats import Lang
from storage.models.fulltext import FullText, Hidden, Origin, Table
from storage.models.papers import PaperId


class Aspect(StrEnum):
    """What a claim is about, in the order in which an analysis tells it."""

    CORE = "core"
    """One sentence."""
    STEPS = "steps"
    """The method in at most five short ones."""
    ABSTRACT = "abstract"
    """The whole abstract in the reader's language."""
    NEED = "need"
    SHORTCOMINGS = "shortcomings"
    HYPOTHESIS = "hypothesis"
    METHOD = "method"
    """Its steps at length, with what each takes and gives."""
    STRUCTURE = "structure"
    TRAINING = "training"
    DIFFERENCE = "difference"
    CONTRIBUTIONS = "contributions"
    USE = "use"
    """When to use it."""
    DATA_SETS = "data_sets"
    BASELINES = "baselines"
    METRICS = "metrics"
    RESULTS = "results"
    HYPERPARAMETERS = "hyperparameters"
    HARDWARE = "hardware"
    PITFALLS = "pitfalls"
    STATED_LIMITS = "stated_limits"
    """The authors' own."""
    INFERRED_LIMITS = "inferred_limits"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that an analysis says, and what it rests on."""

    text: str
    section: str | None = None
    """The name of the section that it comes from; None: the abstract, or nowhere found."""
    quote: str | None = None
    """Words of the paper that say so, found there to the letter."""
    takes: str | None = None
    """Of a method's step: its inputs."""
    gives: str | None = None
    """Likewise: its outputs."""
    table: str | None = None
    """The table that shows it: `Table 2`."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a paper was read."""

    origin: Origin
    read: int
    """Sections that were read."""
    sections: int
    characters: int
    """That were read."""
    lacks: str = ""
    """As in FullText."""

    @classmethod
    def of(cls, text: FullText) -> Self:
        """All of a text, which may itself be only a part of the paper."""
        every = len(text.sections)
        return cls(text.origin, every, every, text.characters or len(text.abstract), text.lacks)

    @property
    def whole(self) -> bool:
        """Nothing of the paper was left unread."""
        return self.origin is not Origin.ABSTRACT and self.read == self.sections and not self.lacks


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one engine made of one version of a paper, in one language."""

    paper: PaperId
    version: int
    lang: Lang
    engine: str
    """As in Summary."""
    coverage: Coverage
    claims: Mapping[Aspect, tuple[Claim, ...]]
    """Only aspects of which something is said."""
    tables: tuple[Table, ...] = ()
    """Those of the main results."""
    links: tuple[str, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    dropped: int = 0
    """Claims that were left out because nothing in the paper bore them out."""
    fallback: bool = False
    """True: a better engine was configured and failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one engine answers to a question about a paper."""

    engine: str
    text: str
    """In the asker's language; empty where the paper does not say, or the passages speak alone."""
    passages: tuple[Claim, ...] = ()
    """What it rests on: quotations with their sections. None: the paper does not say."""
    fallback: bool = False
    coverage: Coverage | None = None
    """What it was looked for in; None: not noted yet."""
