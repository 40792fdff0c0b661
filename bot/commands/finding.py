"""The paper that somebody names: stored, else fetched and stored."""

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
    """The paper that the argument names.

    Raises UserError `paper.unknown` when arXiv has none, SourceError and RetryLater when it
    can't be asked.
    """
    wanted = named_paper(asked)
    stored = await asked.read(papers.get, wanted)
    if stored is not None:
        return stored
    fetched = {paper.id: paper for paper in await asked.context.source.papers([wanted])}
    if wanted not in fetched:
        raise UserError("paper.unknown", paper=wanted, link=f"{asked.context.site}/abs/{wanted}")
    await store_papers(asked.context.db, [fetched[wanted]])
    return fetched[wanted]
