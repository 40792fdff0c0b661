"""A reader's question about a paper, answered from its text with the passages it rests on.

Of a long paper the sections that come nearest to the question are shown first, and what is
left as often as it takes; that the paper does not say is only said when all of it was shown.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from formatters.text import readable
from jobs.llm.analysis import questions
from jobs.llm.analysis.forms import Reply
from jobs.llm.analysis.ground import Ground
from jobs.llm.analysis.guessing import guess_in, tells_nothing
from jobs.llm.analysis.layout import Part, laid_out, parted
from jobs.llm.asking import Client
from jobs.llm.failure import Failure
from jobs.llm.line import Line
from jobs.outline import passages_for
from jobs.ports import SummaryError
from jobs.verify import Field, Kind, Source, check
from storage.models import Claim

MOST_LOOKS = 3
"""Calls for one question."""
MOST_PASSAGES = 4
_WORDS = 150
_RANKED = 24
"""Passages by which sections are ranked."""


@dataclass(frozen=True)
class Question:
    """What a reader asks about a paper."""

    ground: Ground
    asked: str

    @cached_property
    def source(self) -> Source:
        """What the answer is held to: its numbers may be the reader's own."""
        paper = self.ground.source
        return Source(paper.title, f"{paper.text}\n{self.asked}", paper.authors)


@dataclass(frozen=True, slots=True)
class Said:
    """What is good of a reply."""

    text: str = ""
    passages: tuple[Claim, ...] = ()
    """None: it isn't in what was shown."""


async def said_to(question: Question, line: Line, client: Client[Reply], room: int) -> Said:
    """The answer, without passages where the paper does not say.

    Raises SummaryError where no good answer came, or not all of the paper could be looked at.
    """
    shown = await asyncio.to_thread(excerpts, question, room)
    for part in shown[:MOST_LOOKS]:
        if not await line.open():
            raise SummaryError(line.model)
        found = await _look(question, part, line, client)
        if found.passages:
            return found
    if len(shown) > MOST_LOOKS:
        raise SummaryError("not all of the paper was looked at")
    return Said()


def excerpts(question: Question, room: int) -> tuple[Part, ...]:
    """The paper in parts that fit, those first that come nearest to the question. Pure."""
    text = question.ground.text
    parts = parted(laid_out(text, room), room)
    if len(parts) <= 1:
        return parts or (Part(()),)
    near = [claim.section for claim in passages_for(question.asked, text, _RANKED)]
    names = [section.name for section in text.sections]
    ranks = [near.index(name) if name in near else len(near) for name in names]
    pieces = (piece for part in parts for piece in part.pieces)
    return parted(Part(tuple(sorted(pieces, key=lambda p: (ranks[p.section], p.section)))), room)


def judged(reply: Reply, question: Question) -> tuple[Said, Sequence[str]]:
    """What is good of a reply, and what is wrong with it. Pure."""
    if not reply.found or tells_nothing(reply.answer):
        return Said(), ()
    field = Field(Kind.TEXT, question.ground.lang, words=_WORDS)
    verdict = check(reply.answer, field, question.source)
    faults = [f"answer: {fault.detail}" for fault in verdict.faults]
    passages = _passages(reply, question.ground)
    if not passages:
        faults.append("quotes: copy the words that say so, letter for letter, from the paper.")
    guess = guess_in(verdict.text)
    if guess and not any(guess_in(claim.quote or "") for claim in passages):
        faults.append(f"answer: “{guess}” is a guess; say only what the paper says.")
    return (Said() if faults else Said(verdict.text, passages)), faults


async def _look(question: Question, part: Part, line: Line, client: Client[Reply]) -> Said:
    """What one part of the paper says. Raises SummaryError where no good reply came."""
    found = Said()

    def accept(reply: Reply) -> str | None:
        nonlocal found
        found, faults = judged(reply, question)
        return questions.again(faults) if faults else None

    ground = question.ground
    asked = questions.of_reader(ground.paper, ground.text, part.text, question.asked)
    try:
        await line.ask(client, asked, accept)
    except Failure as failure:
        raise SummaryError(str(failure)) from failure
    return found


def _passages(reply: Reply, ground: Ground) -> tuple[Claim, ...]:
    """The quotations that stand in the paper, each once."""
    found: dict[str, Claim] = {}
    for quoted in reply.quotes[: 3 * MOST_PASSAGES]:
        named = ground.places.section(quoted.section)
        quote = ground.quote(quoted.quote, named, reply.answer)
        if quote is not None:
            claim = Claim(readable(quote.text), quote.section, quote.text)
            found.setdefault(quote.text, claim)
    return tuple(found.values())[:MOST_PASSAGES]
