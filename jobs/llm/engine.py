"""A language model as a Summarizer: in batches, checked, stored as soon as it is paid for.

Several papers share a call, and none depends on another: what passes the checks is kept,
what doesn't is told to the model, and what is still not good is left to the next engine. A
call that fails for what it was asked is made again paper by paper.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from jobs.llm import forms, prompts
from jobs.llm.asking import Client
from jobs.llm.failure import Failure
from jobs.llm.judging import Answer, Draft, judged, translated, unanswered
from jobs.llm.line import Line
from jobs.ports import SummaryError
from storage import digests
from storage.database import Database
from storage.models import Lang, Paper, Summary

PAPERS_A_CALL = 4
PATIENCE = 480.0
"""Seconds for all the papers of a digest: it must not wait longer."""
ABSTRACT_PATIENCE = 60.0
"""Seconds for an abstract that somebody waits for."""

log = structlog.get_logger()


class ModelEngine:
    """One model."""

    def __init__(
        self, db: Database, line: Line, clients: "Clients", *, patience: float = PATIENCE
    ) -> None:
        self._db = db
        self._line = line
        self._clients = clients
        self._patience = patience

    @property
    def name(self) -> str:
        """The model and its prompts' version: a summary by other prompts is another one."""
        return f"{self._line.model}#p{prompts.version()}"

    async def summarize(self, papers: Sequence[Paper], lang: Lang) -> list[Summary]:
        """Summaries of those papers of which the model said something that is good."""
        batches = [papers[at : at + PAPERS_A_CALL] for at in range(0, len(papers), PAPERS_A_CALL)]
        made: list[Summary] = []
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
        if papers and not made:
            raise SummaryError(self.name)
        return made

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
            async with asyncio.timeout(ABSTRACT_PATIENCE):
                await self._line.ask(self._clients.abstract, question, accept)
        except (Failure, TimeoutError):
            return None
        return kept[0]

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
        return client.mode_name

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

    async def _fill(self, sheet: "Sheet", lang: Lang) -> Failure | None:
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
    trial: Client[forms.Trial]


@dataclass(slots=True)
class Sheet:
    """The papers of one call and what is good so far of the answers."""

    drafts: dict[int, Draft]
    judged: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, papers: Sequence[Paper], lang: Lang) -> "Sheet":
        """Numbered from 1: models confuse longer names."""
        return cls({number: Draft.of(paper, lang) for number, paper in enumerate(papers, 1)})

    def accept(self, answer: forms.Papers) -> str | None:
        """Keep what is good; returns what is to be told of the rest, None when all is."""
        said = {one.number: one for one in answer.papers}
        for number, draft in self.drafts.items():
            if not draft.missing:
                continue
            one = said.get(number)
            if one is None:
                self.drafts[number] = unanswered(draft)
                continue
            self.judged.add(number)
            title = one.title if isinstance(one, forms.PaperZh) else None
            self.drafts[number] = judged(draft, Answer(one.tldr, one.findings, title))
        faults = {n: draft.faults for n, draft in self.drafts.items() if draft.missing}
        return prompts.again(faults) if faults else None

    @property
    def without_verdict(self) -> list[Paper]:
        """Papers of which no answer was read."""
        return [draft.paper for n, draft in self.drafts.items() if n not in self.judged]

    def summaries(self, engine: str) -> list[Summary]:
        """What can be shown."""
        found = (draft.summary(engine) for draft in self.drafts.values())
        return [summary for summary in found if summary is not None]
