"""The chain of engines: what is cached, then each engine in turn; a fallback is marked.

Used by digest and, later, analyze. The last engine of a chain should be the built-in one,
which never fails.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from jobs import extractive
from jobs.chinese import has_han
from jobs.ports import Summarizer as Engine
from jobs.ports import SummaryError, Translator
from storage import digests
from storage.database import Database
from storage.models import Lang, Paper, PaperId, Summary


class BuiltIn:
    """The extractive engine, off the event loop."""

    name = extractive.ENGINE

    async def summarize(self, papers: Sequence[Paper], lang: Lang) -> list[Summary]:
        """Sentences of each paper's own abstract."""
        return await asyncio.to_thread(_extract, papers, lang)


async def summaries(
    *, db: Database, engines: Sequence[Engine], papers: Sequence[Paper], lang: Lang
) -> dict[PaperId, Summary]:
    """A summary of every paper, made once per version, language and engine.

    Raises SummaryError only if the last engine of the chain does.
    """
    found: dict[PaperId, Summary] = {}
    missing = list(papers)
    for place, engine in enumerate(engines):
        last = place == len(engines) - 1
        try:
            made = await _by_engine(db, engine, missing, lang)
        except SummaryError:
            if last:
                raise
            continue
        for summary in made.values():
            found[summary.paper] = replace(summary, fallback=place > 0)
        missing = [paper for paper in missing if paper.id not in found]
        if not missing:
            break
    return found


async def with_abstract(
    *, db: Database, engines: Sequence[Engine], paper: Paper, summary: Summary
) -> Summary:
    """The summary with the whole abstract in its language, made when it is first asked for.

    Without a model that can, it stays as it is, and the original serves.
    """
    foreign = summary.lang is not Lang.EN and not has_han(paper.abstract)
    if summary.abstract is not None or not foreign:
        return summary
    for engine in engines:
        if not isinstance(engine, Translator):
            continue
        text = await engine.abstract(paper, summary.lang)
        if text is not None:
            found = replace(summary, abstract=text)
            await db.write(digests.keep_summaries, [found])
            return found
    return summary


async def _by_engine(
    db: Database, engine: Engine, papers: Sequence[Paper], lang: Lang
) -> dict[PaperId, Summary]:
    versions = [(paper.id, paper.version) for paper in papers]
    found = await db.read(digests.summaries, versions, lang, engine.name)
    missing = [paper for paper in papers if paper.id not in found]
    if missing:
        made = await engine.summarize(missing, lang)
        await db.write(digests.keep_summaries, made)
        found |= {summary.paper: summary for summary in made}
    return found


def _extract(papers: Sequence[Paper], lang: Lang) -> list[Summary]:
    return [extractive.summarize(paper, lang) for paper in papers]
