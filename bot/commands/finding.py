"""The paper that somebody names: stored, else fetched and stored."""

from dataclasses import replace

from bot.commands.asked import Asked
from jobs.arxiv_ids import parse_paper_id
from jobs.collect import store_papers
from storage import papers
from storage.errors import UserError
from storage.models import Paper, PaperId


def named_paper(asked: Asked) -> PaperId:
    """The id in the argument. Raises UserError `paper.missing` or `paper.bad_id`."""
    if not asked.argument:
        raise UserError("paper.missing")
    found = parse_paper_id(asked.argument)
    if found is None:
        raise UserError("paper.bad_id", typed=asked.argument)
    return found[0]


async def known_paper(asked: Asked) -> Paper:
    """The paper that the argument names; raises as `find_paper`."""
    return await find_paper(asked, named_paper(asked))


async def find_paper(asked: Asked, wanted: PaperId, version: int | None = None) -> Paper:
    """The paper with this id, where a version is named in that one.

    Raises UserError `paper.unknown` when arXiv has none, `paper.no_version` when not that
    one, SourceError and RetryLater when it can't be asked.
    """
    stored = await asked.read(papers.get, wanted)
    if stored is None or (version or 0) > stored.version:
        stored = await _fetched(asked, wanted)
    if version is None or version == stored.version:
        return stored
    if version > stored.version:
        raise UserError("paper.no_version", paper=wanted, version=version, newest=stored.version)
    return replace(stored, version=version)


async def _fetched(asked: Asked, wanted: PaperId) -> Paper:
    fetched = {paper.id: paper for paper in await asked.context.source.papers([wanted])}
    if wanted not in fetched:
        raise UserError("paper.unknown", paper=wanted, link=f"{asked.context.site}/abs/{wanted}")
    await store_papers(asked.context.db, [fetched[wanted]])
    return fetched[wanted]
