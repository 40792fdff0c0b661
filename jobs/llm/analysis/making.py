"""One analysis under way: what is asked in which order, and what comes of it.

A paper that fits is shown whole with each question; a longer one is read in parts first, and
the questions are about the notes. Calls follow one another: the budget is looked at between
them, and what they have in common is in the provider's cache. A call that fails costs its
part or its question, not the analysis.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from jobs.llm.analysis import questions
from jobs.llm.analysis.forms import Form, Reply, Task
from jobs.llm.analysis.ground import Ground
from jobs.llm.analysis.judging import Claims, Draft, judged, most
from jobs.llm.analysis.layout import Part, Piece, laid_out, most_important, parted
from jobs.llm.asking import RETRIES, Client
from jobs.llm.failure import Failure, Trouble
from jobs.llm.line import Line
from jobs.outline.claims import once
from jobs.ports import Progress, Stage, Tell
from storage.models import Aspect, Claim, Coverage, Lang

MOST_CALLS = 12
WRITING = (Task.IDEA, Task.EXPERIMENTS, Task.MOTIVE, Task.LIMITS)
"""What is asked about a paper, the most important first."""
_TOO_MUCH = (Trouble.TOO_LONG, Trouble.UNFIT_REQUEST)
"""Less at once may do. Some servers only say that a request is wrong."""
_ESSENTIAL = (
    (Aspect.CORE,),
    (Aspect.STEPS, Aspect.METHOD),
    (Aspect.RESULTS, Aspect.FINDINGS),
)
"""Of each group something must be said."""
_ESSENTIAL_OF_ABSTRACT = (
    (Aspect.CORE,),
    (Aspect.STEPS, Aspect.CONTRIBUTIONS, Aspect.RESULTS, Aspect.FINDINGS),
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AnalysisClients:
    """A model made ready for each kind of question about a whole paper."""

    tasks: Mapping[Lang, Mapping[Task, Client[Any]]]
    reply: Mapping[Lang, Client[Reply]]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one question."""

    draft: Draft = field(default_factory=Draft)
    failure: Failure | None = None
    asked: bool = True

    @property
    def too_much(self) -> bool:
        """It was too much at once; what came of it is not all."""
        return self.failure is not None and self.failure.trouble in _TOO_MUCH


class Making:
    """One analysis under way."""

    def __init__(
        self, ground: Ground, line: Line, clients: AnalysisClients, tell: Tell, room: int
    ) -> None:
        """`room`: characters of the paper that a call may have."""
        self._ground = ground
        self._line = line
        self._clients = clients.tasks[ground.lang]
        self._tell = tell
        self._room = room
        self._calls = 0
        self._written: list[Draft] = []
        self._noted: list[Draft] = []
        self._pieces: Sequence[Piece] = ground.whole.pieces
        self._read: list[Piece] = []
        self._read_whole = False

    async def make(self) -> None:
        """Ask all there is to ask, as far as the model and its budget go."""
        if not self._ground.text.sections:
            self._tell(Progress(Stage.WRITING, 0, 1))
            await self._write(Task.ABSTRACT, self._ground.whole)
            return
        left: Sequence[Task] = WRITING
        self._tell(Progress(Stage.READING, 0, len(self._ground.text.sections)))
        if self._ground.whole.size <= self._room:
            left = await self._write_of_whole()
        if left:
            await self._take_notes(len(left))
            await self._write_of_notes(left)

    @property
    def claims(self) -> Claims:
        """What may be shown; of aspects that nothing was written of, what the notes say."""
        found = {**_joined(self._noted), **_joined(self._written)}
        return once({aspect: most(aspect, claims) for aspect, claims in found.items()})

    @property
    def enough(self) -> bool:
        """Whether it says what an analysis must say."""
        found = self.claims
        groups = _ESSENTIAL if self._ground.text.sections else _ESSENTIAL_OF_ABSTRACT
        return all(any(aspect in found for aspect in group) for group in groups)

    @property
    def dropped(self) -> int:
        """Claims that rested on nothing and were not made good."""
        return sum(draft.dropped for draft in (*self._written, *self._noted))

    @property
    def coverage(self) -> Coverage:
        """How much of the paper was read, in sections and characters."""
        text = self._ground.text
        if not text.sections or self._read_whole:
            return Coverage.of(text)
        there = Counter(piece.section for piece in self._pieces)
        read = Counter(piece.section for piece in self._read)
        whole = sum(read[at] >= count for at, count in there.items())
        characters = sum(piece.characters for piece in self._read)
        return Coverage(text.origin, whole, len(text.sections), characters, text.lacks)

    async def _write_of_whole(self) -> Sequence[Task]:
        """Each question with the whole paper; returns those for which that is too much."""
        left: list[Task] = []
        for done, task in enumerate(WRITING):
            self._tell(Progress(Stage.WRITING, done, len(WRITING)))
            outcome = await self._write(task, self._ground.whole)
            if outcome.draft.said:
                self._read_whole = True
            if outcome.too_much and not outcome.draft.claims:
                left.append(task)
                if not self._read_whole:
                    left = list(WRITING)
                    break
        if left:
            self._room = min(self._room, self._ground.whole.size) // 2
        return left

    async def _write(self, task: Task, shown: Part) -> _Outcome:
        ground = self._ground
        asked = (ground.paper, ground.text, shown.text, task, ground.lang)
        question = await asyncio.to_thread(questions.about_paper, *asked)
        outcome = await self._ask(task, question)
        self._written.append(outcome.draft)
        return outcome

    async def _take_notes(self, reserved: int) -> None:
        """Read the paper in parts; those that are too much at once are halved."""
        text = self._ground.text
        parts = parted(laid_out(text, self._room), self._room)
        self._pieces = [piece for part in parts for piece in part.pieces]
        calls = MOST_CALLS - reserved
        waiting = deque(most_important(parts, text, calls - self._calls))
        while waiting and self._calls < calls:
            part = waiting.popleft()
            done = len({piece.section for piece in self._read})
            self._tell(Progress(Stage.READING, done, len(text.sections)))
            asked = (self._ground.paper, text, part.text, Task.NOTES, self._ground.lang)
            question = await asyncio.to_thread(questions.about_paper, *asked)
            outcome = await self._ask(Task.NOTES, question)
            halves = part.halves() if outcome.too_much else ()
            if halves and self._calls + len(waiting) + len(halves) <= calls:
                waiting.extendleft(reversed(halves))
            elif outcome.draft.said:
                self._noted.append(outcome.draft)
                self._read += part.pieces
            elif not outcome.asked:
                return

    async def _write_of_notes(self, tasks: Sequence[Task]) -> None:
        notes = _joined(self._noted)
        for done, task in enumerate(tasks):
            self._tell(Progress(Stage.WRITING, done, len(tasks)))
            ground = self._ground
            told = questions.notes_for(task, notes, ground.text, self._room)
            if not told:
                continue
            asked = (ground.paper, ground.text, told, task, ground.lang)
            question = await asyncio.to_thread(questions.about_notes, *asked)
            outcome = await self._ask(task, question)
            self._written.append(outcome.draft)

    async def _ask(self, task: Task, question: str) -> _Outcome:
        """One question, if there is room for a call."""
        if self._calls >= MOST_CALLS or not await self._line.open():
            return _Outcome(asked=False)
        self._calls += 1
        draft, answers = Draft(), 0

        def accept(answer: Form) -> str | None:
            nonlocal draft, answers
            before, answers = draft, answers + 1
            draft = judged(before, answer, task, self._ground)
            return (
                None
                if _settled(before, draft, answers)
                else questions.corrected(task, draft.wanting, draft.faults)
            )

        failure: Failure | None = None
        try:
            await self._line.ask(self._clients[task], question, accept)
        except Failure as error:
            failure = error
        if draft.kinds:
            log.info("model_faults", model=self._line.model, task=task.value, faults=draft.kinds)
        return _Outcome(draft, failure)


def _settled(before: Draft, draft: Draft, answers: int) -> bool:
    """Whether to ask no more: all is good, or what is not gets no better and the rest serves."""
    stuck = answers > 1 and draft.claims == before.claims
    return not draft.faults or (bool(draft.claims) and (stuck or answers > RETRIES))


def _joined(drafts: Sequence[Draft]) -> Claims:
    """What is good of all of them."""
    found: dict[Aspect, list[Claim]] = {}
    for draft in drafts:
        for aspect, claims in draft.claims.items():
            found.setdefault(aspect, []).extend(claims)
    return {aspect: tuple(claims) for aspect, claims in found.items()}
