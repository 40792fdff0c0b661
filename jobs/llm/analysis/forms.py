"""What a model is asked about a whole paper, and the forms of its answers.

The fields of a form that say what a paper says are named as aspects. As in `jobs.llm.forms`,
no limits stand in them: those are checked.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import model_validator

from jobs.llm.forms import Partly
from storage.models import Aspect


class Task(StrEnum):
    """One question about a whole paper; each has its prompt, `analysis_{task}`."""

    IDEA = "idea"
    MOTIVE = "motive"
    EXPERIMENTS = "experiments"
    LIMITS = "limits"
    NOTES = "notes"
    """Of a part of a long paper."""
    ABSTRACT = "abstract"
    """Of a paper of which there is only the abstract."""


class _Entry(Partly):
    """One thing that is said. Some models write its text alone, or nothing at all."""

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, said: Any) -> Any:
        if isinstance(said, str):
            return {"text": said}
        return said or {"text": ""}


class Point(_Entry):
    """One thing that the paper says: its words first, so that they are what is put in others."""

    quote: str
    section: str
    text: str


class Step(_Entry):
    """One step of the method."""

    quote: str
    section: str
    text: str
    takes: str
    gives: str


class Result(_Entry):
    """One result."""

    quote: str
    section: str
    table: str
    text: str


class Idea(Partly):
    """What the paper does and how."""

    core: Point
    steps: list[Point]
    method: list[Step]
    structure: list[Point]
    training: list[Point]


class Motive(Partly):
    """Why, and what is different."""

    need: list[Point]
    shortcomings: list[Point]
    hypothesis: list[Point]
    difference: list[Point]
    contributions: list[Point]
    use: list[Point]


class Experiments(Partly):
    """What was tried, and what came of it."""

    results: list[Result]
    data_sets: list[Point]
    baselines: list[Point]
    metrics: list[Point]
    hyperparameters: list[Point]
    hardware: list[Point]


class Limits(Partly):
    """What is to be known before it is used."""

    findings: list[Point]
    stated_limits: list[Point]
    inferred_limits: list[Point]
    pitfalls: list[Point]


NOTED = (
    Aspect.NEED,
    Aspect.SHORTCOMINGS,
    Aspect.DIFFERENCE,
    Aspect.CONTRIBUTIONS,
    Aspect.METHOD,
    Aspect.STRUCTURE,
    Aspect.TRAINING,
    Aspect.DATA_SETS,
    Aspect.BASELINES,
    Aspect.METRICS,
    Aspect.RESULTS,
    Aspect.HYPERPARAMETERS,
    Aspect.HARDWARE,
    Aspect.STATED_LIMITS,
    Aspect.FINDINGS,
)
"""What a note may be about."""


class Note(_Entry):
    """One thing that a part of a paper says: where, in which words, and of what."""

    section: str
    quote: str
    about: str
    text: str
    takes: str
    gives: str
    table: str

    def entry(self) -> Point | Step | Result:
        """As it is said of what it is about."""
        said = {"quote": self.quote, "section": self.section, "text": self.text}
        if self.about == Aspect.METHOD:
            return Step(**said, takes=self.takes, gives=self.gives)
        if self.about == Aspect.RESULTS:
            return Result(**said, table=self.table)
        return Point(**said)


class Notes(Partly):
    """What a part of a paper says. In one list: of many lists small models write none."""

    notes: list[Note]


class OfAbstract(Partly):
    """What an abstract says."""

    core: Point
    steps: list[Point]
    need: list[Point]
    shortcomings: list[Point]
    contributions: list[Point]
    results: list[Result]
    findings: list[Point]


class Quoted(Partly):
    """Words of the paper."""

    section: str
    quote: str


class Reply(Partly):
    """The answer to a reader's question, and before it what it rests on."""

    quotes: list[Quoted]
    found: bool
    answer: str


Form = Idea | Motive | Experiments | Limits | Notes | OfAbstract
FORMS: Mapping[Task, type[Form]] = {
    Task.IDEA: Idea,
    Task.MOTIVE: Motive,
    Task.EXPERIMENTS: Experiments,
    Task.LIMITS: Limits,
    Task.NOTES: Notes,
    Task.ABSTRACT: OfAbstract,
}


def aspects_of(task: Task) -> tuple[Aspect, ...]:
    """What a question asks for, in the order of its form."""
    return NOTED if task is Task.NOTES else tuple(map(Aspect, FORMS[task].model_fields))


def said_in(answer: Form) -> Iterator[tuple[Aspect, list[Point | Step | Result]]]:
    """What an answer says of each aspect. Notes about nothing that is asked for are left out."""
    if isinstance(answer, Notes):
        for aspect in NOTED:
            yield aspect, [note.entry() for note in answer.notes if note.about == aspect]
        return
    for name, said in answer:
        yield Aspect(name), said if isinstance(said, list) else [said]
