"""What a person keeps and thinks of papers: /save, /unsave, /saved, /export, votes."""

from collections.abc import Sequence

from bot.commands.asked import Asked
from bot.commands.finding import known_paper, named_paper
from bot.commands.request import File, Reply
from formatters.compose.replies import shelf as said
from formatters.export import FORMATS
from storage import papers
from storage import shelf as store
from storage.errors import UserError
from storage.models import Paper

FORMAT_NAMES = {
    "bibtex": "bibtex", "bib": "bibtex", "ris": "ris", "md": "md", "markdown": "md",
}  # fmt: skip


async def save(asked: Asked) -> Reply:
    """Put a paper on the person's reading list."""
    paper = await known_paper(asked)
    is_new = await asked.change(store.save, asked.request.person, paper.id, asked.now)
    return asked.to_person(said.saved_one(paper, asked.frame, is_new=is_new))


async def unsave(asked: Asked) -> Reply:
    """Take a paper off the list."""
    paper = named_paper(asked)
    was_there = await asked.change(store.unsave, asked.request.person, paper)
    if not was_there:
        raise UserError("shelf.absent", paper=paper)
    return asked.to_person(said.unsaved(paper, asked.lang))


async def saved(asked: Asked) -> Reply:
    """The reading list, newest first."""
    return asked.to_person(said.reading_list(await _saved_papers(asked), asked.frame))


async def export(asked: Asked) -> Reply:
    """The reading list as a file."""
    name = FORMAT_NAMES.get(asked.argument.casefold())
    if name is None:
        raise UserError("export.format", typed=asked.argument or "-")
    listed = await _saved_papers(asked)
    if not listed:
        raise UserError("shelf.empty")
    form = FORMATS[name]
    file = File(f"paperround-saved.{form.extension}", form.write(listed, asked.context.site))
    return asked.to_person(said.exported(len(listed), file.name, asked.lang), file)


async def vote_up(asked: Asked) -> Reply:
    """Note that this person likes a paper."""
    return await _vote(asked, 1)


async def vote_down(asked: Asked) -> Reply:
    """Note that this person has no use for a paper."""
    return await _vote(asked, -1)


async def _vote(asked: Asked, value: int) -> Reply:
    paper = await known_paper(asked)
    await asked.change(store.vote, asked.request.person, paper.id, value, asked.now)
    return asked.to_person(said.voted(paper, value, asked.frame))


async def _saved_papers(asked: Asked) -> Sequence[Paper]:
    ids = await asked.read(store.saved, asked.request.person)
    found = await asked.read(papers.get_many, ids)
    return [found[paper] for paper in ids if paper in found]
