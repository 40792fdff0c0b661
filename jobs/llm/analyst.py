"""A language model as an Analyst: whole papers broken down, and questions about them answered."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

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
from storage.models import Analysis, Answer, Aspect, Claim, FullText, Lang, Paper

log = structlog.get_logger()
Translate = Callable[[Paper, Lang], Awaitable[str | None]]


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
        """`context`: tokens that the model takes at once; `patience`: seconds for a whole analysis.

        `translate` gives a paper's abstract in another language, or None.
        """
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
        foreign = ground.lang is Lang.ZH and not ground.source.chinese
        original = readable(ground.text.abstract)
        text = await self._translate(ground.paper, ground.lang) if foreign else original
        return (Claim(text),) if text else ()


def _grounded(paper: Paper, text: FullText, lang: Lang) -> Ground:
    """The paper with what it is compared by, made here and not on the event loop."""
    ground = Ground.of(paper, text, lang)
    ground.prepare()
    return ground
