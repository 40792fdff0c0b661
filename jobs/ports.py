"""What the jobs ask of the world, and the errors an adapter may raise.

BotError
├── RetryLater(after)   not now: throttled, overloaded, unreachable
├── Rejected            never: this request is wrong, or the chat is gone
├── Ambiguous           sent, but whether it arrived is unknown
├── Moved               the chat has another address now
├── SourceError         arXiv answered something that is no answer
└── SummaryError        an engine gave nothing usable
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from formatters.compose.analysis import AnalysisPages
from formatters.compose.digest import Pages, Shared
from formatters.document import Document, PaperCard
from storage.errors import BotError
from storage.models import (
    Analysis,
    Announced,
    Answer,
    Chat,
    DraftPart,
    FullText,
    Lang,
    OutOfReach,
    Overview,
    Paper,
    PaperId,
    Part,
    Summary,
)
from storage.syntax import Node


class RetryLater(BotError):
    """It may work later; `after` is how long the other side asks us to wait.

    A source gives one of SourceError's causes, a messenger the platform's words.
    """

    def __init__(self, cause: str, after: timedelta = timedelta(0)) -> None:
        super().__init__(cause)
        self.cause = cause
        self.after = after


class Rejected(BotError):
    """It will never work as it is. `gone`: the whole chat can't be reached any more.

    `cause` says why it can't, where the platform's own words, the reason, have a meaning.
    """

    def __init__(self, reason: str, *, gone: bool = False, cause: OutOfReach | None = None) -> None:
        super().__init__(reason)
        self.gone = gone
        self.cause = cause


class Ambiguous(BotError):
    """The request went out and its effect is unknown."""


class Moved(BotError):
    """The chat is to be reached at another address from now on; nothing was sent."""

    def __init__(self, address: str) -> None:
        super().__init__(f"moved to {address}")
        self.address = address


class SourceError(BotError):
    """The source's answer can't be taken: a foreign page, a cut document, an error entry.

    `cause` is the catalogue key suffix under `cause.`: `unreachable`, `throttled`,
    `refused`, `foreign-page`, `truncated`, `too-large`, `bad-category`, `error-entry`,
    `server-error`.
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause = cause
        self.detail = detail


class SummaryError(BotError):
    """An engine gave nothing that can be shown."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a feed request conditional (RFC 9110 §13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One day's announcement for the categories asked for."""

    day: date | None
    """The announcement day, US Eastern; None when the feed is empty and names none."""
    items: tuple[Announced, ...]
    validators: Validators = Validators()


class PaperSource(Protocol):
    """Where announcements and papers come from: arXiv, a mirror, the built-in sample.

    Every method raises SourceError when the answer is no answer and RetryLater when the
    retries that politeness allows are used up; an empty result is a true one.
    """

    async def announcements(
        self, categories: Sequence[str], known: Validators | None = None
    ) -> Feed | None:
        """The current announcement, one conditional request; None: unchanged since `known`."""
        ...

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """Full metadata in batched requests; ids that arXiv does not know are left out."""
        ...

    async def search(
        self,
        node: Node,
        *,
        limit: int,
        submitted: tuple[datetime, datetime] | None = None,
        newest_first: bool = True,
    ) -> list[Paper]:
        """Live search, at most `limit` papers in pages; newest or most relevant first."""
        ...

    @property
    def requests(self) -> int:
        """Requests made so far by this process."""
        ...


class Summarizer(Protocol):
    """An engine that summarizes papers from their abstracts."""

    @property
    def name(self) -> str:
        """The engine's name, as it is shown and cached under."""
        ...

    async def summarize(self, papers: Sequence[Paper], lang: Lang) -> list[Summary]:
        """A summary of each paper that it can do; SummaryError when it can do none."""
        ...


@runtime_checkable
class Translator(Protocol):
    """An engine that can also translate a whole abstract."""

    async def abstract(self, paper: Paper, lang: Lang) -> str | None:
        """The abstract in `lang`; None where it can give no good one."""
        ...


@runtime_checkable
class Hurried(Protocol):
    """An engine that may take long, and can be asked by somebody who waits."""

    async def summarize_within(
        self, papers: Sequence[Paper], lang: Lang, seconds: float
    ) -> list[Summary]:
        """As Summarizer.summarize, of the papers that it can do in time."""
        ...


@runtime_checkable
class Overviewer(Protocol):
    """An engine that can also say what the papers of a digest have in common."""

    @property
    def overviewer(self) -> str:
        """The name under which its overviews are cached; as Summary.engine."""
        ...

    async def overview(self, shown: Sequence[tuple[Paper, Summary]], lang: Lang) -> Overview | None:
        """The overview, made from the summaries; None where it can give no good one."""
        ...


@runtime_checkable
class Metered(Protocol):
    """An engine whose use is bounded for a day."""

    async def used_up(self) -> bool:
        """Whether it does nothing more today."""
        ...


class Stage(StrEnum):
    """What an analysis is at; the words for it are under `stage.` in the catalogue."""

    FETCHING = "fetching"
    READING = "reading"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an analysis has come."""

    stage: Stage
    done: int = 0
    of: int = 0
    """Sections that are read, parts that are written; 0: nobody knows."""


Tell = Callable[[Progress], None]
"""Takes each step as it begins; returns at once."""


class TextReader(Protocol):
    """Where a paper's whole text comes from."""

    async def read(self, paper: Paper, tell: Tell) -> FullText:
        """The text of this version, or as much of it as can be had: it says what it lacks.

        Raises RetryLater when arXiv has to be left alone, SourceError when it can't be reached.
        """
        ...


@runtime_checkable
class Analyst(Protocol):
    """An engine that breaks whole papers down and answers questions about them.

    It is given papers and texts without orders to models, and both have the same abstract.
    """

    @property
    def analyst(self) -> str:
        """The name under which its analyses are cached; as Summary.engine."""
        ...

    async def analyze(self, paper: Paper, text: FullText, lang: Lang, tell: Tell) -> Analysis:
        """The breakdown. SummaryError when nothing usable came of it."""
        ...

    async def answer(self, paper: Paper, text: FullText, question: str, lang: Lang) -> Answer:
        """What the paper says to a question. SummaryError when nothing usable came of it."""
        ...


class Renderer(Protocol):
    """One platform's form: documents in, finished parts out, within its limits. Pure."""

    @property
    def name(self) -> str:
        """Names the form; renderings under different names may differ."""
        ...

    def card(self, card: PaperCard) -> str:
        """A card's payload, for the parts that share it by its name."""
        ...

    def digest(
        self, pages: Pages, cards: Mapping[PaperId, Shared], chat: Chat, /
    ) -> list[DraftPart]:
        """The parts of a digest for this chat."""
        ...

    def analysis(self, pages: AnalysisPages, chat: Chat, /) -> list[DraftPart]:
        """The parts of an analysis for this chat; talk beneath them is about its paper."""
        ...

    def notice(self, document: Document) -> list[DraftPart]:
        """The parts of anything else."""
        ...


class Messenger(Protocol):
    """One platform's way out."""

    async def turn(self, address: str) -> None:
        """Wait until the platform's pace lets something go to this chat.

        Raises RetryLater, with how long, when that is too long to wait for here.
        """
        ...

    async def send(self, part: Part) -> str | None:
        """Carry out the part; returns the platform's reference of what was made.

        Raises RetryLater, Rejected, Ambiguous or Moved.
        """
        ...


class Clock(Protocol):
    """The time, injected; only `bot.app` makes a real one."""

    def now(self) -> datetime:
        """The current time, UTC-aware."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        ...
