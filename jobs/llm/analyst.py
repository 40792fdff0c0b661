"""A language model as an Analyst: whole papers broken down, and questions about them answered."""

import asyncio
from dataclasses import replace
from typing import Protocol

import structlog

from formatters.text import readable
from jobs.llm import prompts
from jobs.llm.analysis.answering import Question, said_to
from jobs.llm.analysis.ground import Ground
from jobs.llm.analysis.layout import room
from jobs.llm.analysis.making import AnalysisClients, Making
from jobs.llm.analysis.questions import PROMPTS
from jobs.llm.line import Line
from jobs.outline import outline
from jobs.ports import SummaryError, Tell
from jobs.screening import ABSTRACT
from storage.models import Analysis, Answer, Aspect, Claim, FullText, Lang, Paper

log = structlog.get_logger()


class Translate(Protocol):
    """Gives a paper's abstract in another language, or None where no good translation came."""

    async def __call__(self, paper: Paper, lang: Lang, *, anew: bool) -> str | None:
        """`anew`: one that was made before is of other words."""
        ...


class ModelAnalyst:
    """One model, asked about whole papers."""

    def __init__(
        self,
        line: Line,
        clients: AnalysisClients,
        translate: Translate,
        *,
        context: int,
        patience: float,
    ) -> None:
        """`context`: tokens the model takes at once; `patience`: seconds for a whole analysis."""
        self._line = line
        self._clients = clients
        self._translate = translate
        self._context = context
        self._patience = patience

    @property
    def name(self) -> str:
        """As Analyst.analyst."""
        return f"{self._line.model}#p{prompts.version(PROMPTS)}"

    async def analyze(self, paper: Paper, text: FullText, lang: Lang, tell: Tell) -> Analysis:
        """As Analyst.analyze; what is good when the patience ends serves."""
        await self._see_open()
        ground = await asyncio.to_thread(_grounded, paper, text, lang)
        making = Making(ground, self._line, self._clients, tell, room(self._context, ground.text))
        abstract: tuple[Claim, ...] = ()
        try:
            async with asyncio.timeout(self._patience):
                await making.make()
                if making.enough:
                    abstract = await self._abstract(ground)
        except TimeoutError:
            log.warning("analysis_too_slow", model=self._line.model, paper=paper.id)
        if not making.enough:
            raise SummaryError(self.name)
        told = {**making.claims, Aspect.ABSTRACT: abstract}
        built_in = await asyncio.to_thread(outline, paper, ground.text, lang)
        return replace(
            built_in,  # which tables and links count is told without a model
            engine=self.name,
            coverage=making.coverage,
            claims={aspect: told[aspect] for aspect in Aspect if told.get(aspect)},
            dropped=making.dropped,
        )

    async def answer(self, paper: Paper, text: FullText, question: str, lang: Lang) -> Answer:
        """As Analyst.answer."""
        await self._see_open()
        ground = await asyncio.to_thread(_grounded, paper, text, lang)
        most = room(self._context, ground.text)
        client = self._clients.reply[lang]
        try:
            async with asyncio.timeout(client.seconds):
                said = await said_to(Question(ground, question), self._line, client, most)
        except TimeoutError:
            raise SummaryError(self.name) from None
        return Answer(self.name, said.text, said.passages)

    async def _see_open(self) -> None:
        if not await self._line.open():
            raise SummaryError(self.name)

    async def _abstract(self, ground: Ground) -> tuple[Claim, ...]:
        """The whole abstract in the reader's language; () where no good translation came."""
        text: str | None = readable(ground.text.abstract)
        if ground.lang is Lang.ZH and not ground.source.chinese:
            cleansed = any(hidden.place == ABSTRACT for hidden in ground.text.hidden)
            text = await self._translate(ground.paper, ground.lang, anew=cleansed)
        return (Claim(text),) if text else ()


def _grounded(paper: Paper, text: FullText, lang: Lang) -> Ground:
    """The paper with what it is compared by, made here and not on the event loop."""
    ground = Ground(paper, text, lang)
    ground.prepare()
    return ground
