"""What a person keeps and thinks of papers: /save, /unsave, /saved, /export, votes."""

from collections.abc import Sequence

from bot.commands.asked import Asked
from bot.commands.finding import known_paper, named_paper
from bot.commands.request import Reply
from formatters.compose.replies import shelf as said
from formatters.document import Code, Document
from formatters.export import FORMATS, Format
from formatters.file import File
from storage import digests, papers
from storage import shelf as store
from storage.errors import UserError
from storage.models import Paper, PaperId

FORMAT_NAMES = {
    "bibtex": "bibtex", "bib": "bibtex", "ris": "ris", "md": "md", "markdown": "md",
}  # fmt: skip
SOURCES = {
    "saved": False, "收藏": False, "我的收藏": False,
    "digest": True, "last": True, "速递": True, "今日速递": True, "晨报": True, "本期": True,
}  # fmt: skip
"""What may be exported; True: the chat's last digest."""


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
    """The reading list, or the chat's last digest, as a file."""
    form, of_digest = _wanted(asked.argument)
    if of_digest:
        digest = await asked.read(digests.last, asked.chat.key, with_items=True)
        if digest is None:
            raise UserError("export.no_digest")
        name = f"digest-{digest.local_date.isoformat()}"
        listed = await _papers(asked, [item.paper for item in digest.items])
    else:
        name, listed = "saved", await _saved_papers(asked)
    if not listed:
        raise UserError("shelf.empty")
    file = File(f"paperround-{name}.{form.extension}", form.write(listed, asked.context.site))
    return asked.to_person(said.exported(len(listed), file.name, asked.lang), file)


async def cite(asked: Asked) -> Reply:
    """One paper's BibTeX entry, to be copied."""
    paper = await known_paper(asked)
    entry = FORMATS["bibtex"].write([paper], asked.context.site)
    return asked.to_person(Document((Code(entry.strip()),)))


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


def _wanted(argument: str) -> tuple[Format, bool]:
    """The format, and whether it is of the last digest: two words, the format's needed."""
    words = argument.casefold().split()
    names = [FORMAT_NAMES[word] for word in words if word in FORMAT_NAMES]
    sources = [SOURCES[word] for word in words if word in SOURCES]
    unknown = [word for word in words if word not in FORMAT_NAMES and word not in SOURCES]
    if unknown:
        raise UserError("export.format", typed=unknown[0])
    if len(names) != 1 or len(sources) > 1:
        raise UserError("export.which")
    return FORMATS[names[0]], any(sources)


async def _saved_papers(asked: Asked) -> Sequence[Paper]:
    return await _papers(asked, await asked.read(store.saved, asked.request.person))


async def _papers(asked: Asked, ids: Sequence[PaperId]) -> Sequence[Paper]:
    """The stored ones of these papers, in their order."""
    found = await asked.read(papers.get_many, ids)
    return [found[paper] for paper in ids if paper in found]
