"""The papers that somebody names: stored, else fetched and stored."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.asked import Asked
from jobs.arxiv_ids import Named, first_paper_id, parse_paper_id
from jobs.collect import store_papers
from jobs.ports import PaperSource
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
    """The paper that the argument names; raises as `find_papers`."""
    (found,) = await find_papers(asked, [(named_paper(asked), None)])
    return found


async def find_papers(asked: Asked, wanted: Sequence[Named]) -> list[Paper]:
    """The papers with these ids, where a version is named in that one.

    Those that are not stored are fetched at once. Raises UserError `paper.unknown` when
    arXiv has none, `paper.no_version` when not that one, SourceError and RetryLater when it
    can't be asked.
    """
    stored = await asked.read(papers.get_many, [ident for ident, _ in wanted])
    missing = [
        ident
        for ident, version in wanted
        if ident not in stored or (version or 0) > stored[ident].version
    ]
    if missing:
        stored |= await _fetched(asked, missing)
    return [in_version(stored[ident], version) for ident, version in wanted]


def paper_in_view(asked: Asked) -> list[Named]:
    """The paper that is meant where a line names none.

    That of the analysis which it was said beneath, else the first of the message it answers.
    """
    found = first_paper_id(asked.request.about or asked.request.answered)
    return [] if found is None else [found]


def in_version(paper: Paper, version: int | None) -> Paper:
    """The newest version of a paper in the one that was named; UserError `paper.no_version`."""
    if version is None or version == paper.version:
        return paper
    if version > paper.version:
        raise UserError("paper.no_version", paper=paper.id, version=version, newest=paper.version)
    return replace(paper, version=version)


async def of_arxiv(
    source: PaperSource, wanted: Sequence[PaperId], site: str
) -> dict[PaperId, Paper]:
    """All of these in one request; UserError `paper.unknown` for one that arXiv doesn't have.

    `site` is where its link leads.
    """
    found = {paper.id: paper for paper in await source.papers(wanted)}
    for ident in wanted:
        if ident not in found:
            raise UserError("paper.unknown", paper=ident, link=f"{site}/abs/{ident}")
    return found


async def _fetched(asked: Asked, wanted: Sequence[PaperId]) -> dict[PaperId, Paper]:
    """As `of_arxiv`, stored."""
    found = await of_arxiv(asked.context.source, wanted, asked.context.site)
    await store_papers(asked.context.db, list(found.values()))
    return found
