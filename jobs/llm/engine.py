"""A language model as a Summarizer: in batches, checked, stored as soon as it is paid for.

Several papers share a call, and none depends on another: what passes the checks is kept,
what doesn't is told to the model, and what is still not good is left to the next engine. A
call that fails for what it was asked is made again paper by paper.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog

from jobs.llm import forms, prompts
from jobs.llm.analysis.making import AnalysisClients
from jobs.llm.analyst import ModelAnalyst
from jobs.llm.asking import Client
from jobs.llm.failure import Failure
from jobs.llm.judging import Draft, translated
from jobs.llm.line import Line
from jobs.llm.lingering import Lingering
from jobs.llm.overviewing import Sketch, judged
from jobs.llm.sheet import Sheet
from jobs.ports import SummaryError, Tell
from storage import digests
from storage.database import Database
from storage.models import Analysis, Answer, FullText, Lang, Overview, Paper, Summary

PAPERS_A_CALL = 4
PATIENCE = 480.0
"""Seconds for all the papers of a digest: it must not wait longer."""

log = structlog.get_logger()


class ModelEngine:
    """One model."""

    def __init__(
        self,
        db: Database,
        line: Line,
        clients: "Clients",
        *,
        patience: float,
        analysis_patience: float,
        context: int,
    ) -> None:
        self._db = db
        self._line = line
        self._clients = clients
        self._patience = patience
        self._lingering = Lingering()
        self._analyst = ModelAnalyst(
            line,
            clients.analysis,
            self._translation,
            context=context,
            patience=analysis_patience,
        )

    @property
    def name(self) -> str:
        """The model and its prompts' version: a summary by other prompts is another one."""
        return f"{self._line.model}#p{prompts.version(prompts.SUMMARIES)}"

    @property
    def overviewer(self) -> str:
        """Likewise for overviews, whose prompts have a version of their own."""
        return f"{self._line.model}#p{prompts.version(tuple(prompts.OVERVIEW.values()))}"

    @property
    def analyst(self) -> str:
        """Likewise for analyses."""
        return self._analyst.name

    async def summarize(self, papers: Sequence[Paper], lang: Lang) -> list[Summary]:
        """Summaries of those papers of which the model said something that is good."""
        made: list[Summary] = []
        await self._summarize(papers, lang, made)
        return self._usable(papers, made)

    async def summarize_within(
        self, papers: Sequence[Paper], lang: Lang, seconds: float
    ) -> list[Summary]:
        """Those that are there in time. The others go on: who asks again finds them stored."""
        wanted = (lang, *((paper.id, paper.version) for paper in papers))
        made = await self._lingering.within(
            seconds, wanted, lambda made: self._summarize(papers, lang, made)
        )
        return self._usable(papers, made)

    async def close(self) -> None:
        """End what is still under way."""
        await self._lingering.close()

    def _usable(self, papers: Sequence[Paper], made: list[Summary]) -> list[Summary]:
        if papers and not made:
            raise SummaryError(self.name)
        return made

    async def _summarize(self, papers: Sequence[Paper], lang: Lang, made: list[Summary]) -> None:
        """Fill `made`, at most until the patience ends."""
        batches = [papers[at : at + PAPERS_A_CALL] for at in range(0, len(papers), PAPERS_A_CALL)]
        tasks = [asyncio.create_task(self._batch(batch, lang, made)) for batch in batches]
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.gather(*tasks)
        except TimeoutError:
            self._line.give_up()
            log.warning("model_too_slow", model=self._line.model, made=len(made), of=len(papers))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def overview(self, shown: Sequence[tuple[Paper, Summary]], lang: Lang) -> Overview | None:
        """What these papers have in common and what to read, as far as it is good."""
        if not await self._line.open():
            return None
        sketch = await asyncio.to_thread(Sketch.of, shown, lang)

        def accept(answer: forms.Overview) -> str | None:
            nonlocal sketch
            sketch = judged(sketch, answer)
            return prompts.corrected(sketch.faults) if sketch.faults else None

        question = prompts.digest(dict(enumerate(shown, 1)))
        with suppress(Failure):
            await self._line.ask(self._clients.overview[lang], question, accept)
        if sketch.kinds:
            log.info("model_faults", model=self._line.model, faults=sketch.kinds)
        return sketch.overview(self.overviewer)

    async def analyze(self, paper: Paper, text: FullText, lang: Lang, tell: Tell) -> Analysis:
        """The breakdown of a whole paper. SummaryError when not enough of it is good."""
        return await self._analyst.analyze(paper, text, lang, tell)

    async def answer(self, paper: Paper, text: FullText, question: str, lang: Lang) -> Answer:
        """What the paper says to a question. SummaryError when no good answer came."""
        return await self._analyst.answer(paper, text, question, lang)

    async def used_up(self) -> bool:
        """Whether the day's budget leaves no room for another call."""
        return not await self._line.has_budget()

    async def abstract(self, paper: Paper, lang: Lang) -> str | None:
        """The whole abstract in `lang`, or None where the model can't give a good one."""
        kept: list[str] = []

        def accept(answer: forms.Abstract) -> str | None:
            text, faults = translated(answer.abstract, paper, lang)
            if text is None:
                return prompts.again({1: [fault.detail for fault in faults]})
            kept.append(text)
            return None

        if not await self._line.open():
            return None
        try:
            question = prompts.question({1: paper}, lang)
            await self._line.ask(self._clients.abstract, question, accept)
        except Failure:
            return None
        return kept[0]

    async def _translation(self, paper: Paper, lang: Lang, *, anew: bool) -> str | None:
        """The abstract as the paper's summary has it, else translated now: it has but one."""
        if anew:
            return await self.abstract(paper, lang)
        versions = [(paper.id, paper.version)]
        stored = (await self._db.read(digests.summaries, versions, lang, self.name)).get(paper.id)
        if stored is not None and stored.abstract is not None:
            return stored.abstract
        text = await self.abstract(paper, lang)
        if stored is not None and text is not None:
            await self._db.write(digests.keep_summaries, [replace(stored, abstract=text)])
        return text

    async def drafts(self, paper: Paper, lang: Lang) -> Draft:
        """One paper asked about alone, with every fault that was found; nothing is stored.

        Raises Failure where not one answer could be read.
        """
        sheet = Sheet.of([paper], lang)
        failure = await self._fill(sheet, lang)
        if failure is not None and sheet.without_verdict:
            raise failure
        return sheet.drafts[1]

    async def trial(self) -> str:
        """One tiny question; returns how the server takes typed output. Raises Failure."""
        client = self._clients.trial
        await self._line.ask(client, "Are you ready?", lambda _: None)
        return client.output

    async def _batch(self, papers: Sequence[Paper], lang: Lang, made: list[Summary]) -> None:
        """One call for these papers; those that it left without a verdict are asked alone."""
        if not await self._line.open():
            return
        sheet = Sheet.of(papers, lang)
        failure = await self._fill(sheet, lang)
        summaries = sheet.summaries(self.name)
        await self._db.write(digests.keep_summaries, summaries)
        made.extend(summaries)
        untold = sheet.without_verdict
        if failure is not None and failure.trouble.of_the_papers and len(papers) > 1:
            for paper in untold:
                await self._batch([paper], lang, made)

    async def _fill(self, sheet: Sheet, lang: Lang) -> Failure | None:
        papers = {number: draft.paper for number, draft in sheet.drafts.items()}
        question = prompts.question(papers, lang)
        try:
            await self._line.ask(self._clients.papers[lang], question, sheet.accept)
        except Failure as failure:
            return failure
        finally:
            faults = [kind.value for draft in sheet.drafts.values() for kind in draft.kinds]
            if faults:
                log.info("model_faults", model=self._line.model, faults=faults)
        return None


@dataclass(frozen=True, slots=True)
class Clients:
    """A model made ready for each kind of question."""

    papers: Mapping[Lang, Client[Any]]
    """For `forms.FORMS` of the language."""
    abstract: Client[forms.Abstract]
    overview: Mapping[Lang, Client[forms.Overview]]
    analysis: AnalysisClients
    trial: Client[forms.Trial]
