"""/analyze: whole papers broken down; pieces of a breakdown that was made; cancelling."""

from collections.abc import AsyncIterator, Sequence

from bot.commands.asked import Asked
from bot.commands.finding import find_papers, paper_in_view
from bot.commands.questions import WHICH_PAPER
from bot.commands.request import Reply
from bot.commands.wanted import read_wanted
from formatters.compose.analysis import (
    AnalysisPages,
    ChapterName,
    Word,
    html_file,
    markdown_file,
    pages,
)
from formatters.compose.cards import Frame
from formatters.compose.replies import analyzing as said
from formatters.compose.replies.mistakes import user_error
from formatters.document import Document
from jobs.analyze import Ended, Order, Ready, Update, Waiting
from storage.errors import UserError
from storage.models import Analysis, ChatKey, Lang, Paper, PaperId, Platform

_FOR_THE_CHAT = (None, Word.AGAIN, Word.CANCEL)
"""What changes something for the whole chat; all else shows something to who asks."""
_LAST_WORDS = {
    Ended.WELL: said.done,
    Ended.FAILED: said.failed,
    Ended.CANCELLED: said.cancelled,
    Ended.PUT_OFF: said.put_off,
}


async def analyze(asked: Asked) -> Reply | None:
    """Have papers broken down; several are queued. What was made before comes at once."""
    wanted = read_wanted(asked.argument)
    lang, word = wanted.lang or asked.lang, wanted.word
    if word in _FOR_THE_CHAT:
        await _see_allowed(asked)
    meant = wanted.papers or paper_in_view(asked)
    if not meant:
        return Reply(said.which_paper(asked.lang), asked.lang, question=WHICH_PAPER)
    found = list(dict.fromkeys(await find_papers(asked, meant)))
    if word is Word.CANCEL:
        return await _cancel(asked, found)
    if word is Word.FILE:
        return await _files(asked, found[0], lang)
    if isinstance(word, ChapterName):
        return await _chapter(asked, found[0], lang, word)
    if asked.request.platform is Platform.TERMINAL:
        begun = said.queued_all([paper.id for paper in found], asked.lang)
        updates = _made_here(asked, found, lang, anew=word is Word.AGAIN)
        return Reply(begun, asked.lang, updates=updates)
    return await _order(asked, found, lang, anew=word is Word.AGAIN)


async def _see_allowed(asked: Asked) -> None:
    """From elsewhere, and by a channel's buttons, only a chat's managers have it posted to."""
    beside = asked.request.asked_in or asked.request.read_only
    if beside and not await asked.request.may_manage():
        raise UserError("command.may_not_post")


async def _order(asked: Asked, found: Sequence[Paper], lang: Lang, *, anew: bool) -> Reply | None:
    """Put them in the queue. None where all were made before: they are on their way."""
    chat, person = await asked.change(asked.ensure_chat), asked.request.person
    orders = [Order(paper, lang, chat, person, anew) for paper in found]
    placed = [(order.paper.id, await _placed(asked, order)) for order in orders]
    waiting = [(paper, one) for paper, one in placed if isinstance(one, Waiting)]
    refused = [(paper, one) for paper, one in placed if isinstance(one, UserError)]
    if len(refused) == len(placed):
        raise refused[0][1]
    begun = said.queued_all([paper for paper, _ in waiting], asked.lang)
    if refused:
        why = _left_out(refused, asked.lang)
        return asked.to_chat(begun + why if waiting else why)
    if len(waiting) > 1:
        return asked.to_chat(begun)
    return _followed(asked, chat.key, *waiting[0]) if waiting else None


async def _placed(asked: Asked, order: Order) -> Ready | Waiting | UserError:
    """What became of an order; what was made before is posted.

    A UserError: the allowance is used up, which ends none of the others.
    """
    analyses = asked.context.analyses
    try:
        placed = await analyses.order(order)
    except UserError as error:
        return error
    if isinstance(placed, Ready):
        await analyses.post(order.chat, order.paper, placed.analysis)
    return placed


def _left_out(refused: Sequence[tuple[PaperId, UserError]], lang: Lang) -> Document:
    papers, reasons = zip(*refused, strict=True)
    return said.left_out(papers, lang) + user_error(reasons[0], lang)


def _followed(asked: Asked, chat: ChatKey, paper: PaperId, placed: Waiting) -> Reply:
    words = asked.context.analyses.watch(placed.job, chat)
    begun = said.queued(paper, placed.ahead, asked.lang)
    return Reply(begun, asked.lang, updates=_told(asked, paper, words))


async def _told(
    asked: Asked, paper: PaperId, words: AsyncIterator[Update | Ended]
) -> AsyncIterator[Document]:
    """How it goes, as documents."""
    async for word in words:
        if isinstance(word, Update):
            yield how_it_goes(paper, word, asked.lang)
        else:
            yield _LAST_WORDS[word](paper, asked.lang)


def how_it_goes(paper: PaperId, word: Update, lang: Lang) -> Document:
    """A word about an analysis under way, as a document."""
    at = word.progress
    if at is None:
        return said.queued(paper, word.ahead, lang)
    left = word.seconds_left
    return said.progress(paper, at.stage, lang, done=at.done, of=at.of, seconds_left=left)


async def _made_here(
    asked: Asked, found: Sequence[Paper], lang: Lang, *, anew: bool
) -> AsyncIterator[Document]:
    """For who waits at a terminal: one after the other, each whole."""
    for paper in found:
        async for word in asked.context.analyses.directly(paper, lang, anew=anew):
            if isinstance(word, Analysis):
                yield _pages(asked, paper, word).whole
            else:
                yield how_it_goes(paper.id, word, asked.lang)


async def _cancel(asked: Asked, found: Sequence[Paper]) -> Reply:
    analyses, chat = asked.context.analyses, asked.chat.key
    gone = [paper for paper in found if await analyses.cancel(chat, paper)]
    if not gone:
        return asked.to_person(said.not_waiting(found[0].id, asked.lang), failed=True)
    return asked.to_chat(said.cancelled(gone[0].id, asked.lang))


async def _files(asked: Asked, paper: Paper, lang: Lang) -> Reply:
    made = await _stored_pages(asked, paper, lang)
    return asked.to_person(said.files(paper.id, asked.lang), html_file(made), markdown_file(made))


async def _chapter(asked: Asked, paper: Paper, lang: Lang, name: ChapterName) -> Reply:
    chapter = (await _stored_pages(asked, paper, lang)).chapter(name)
    if chapter is None:
        raise UserError("analyze.no_chapter", paper=paper.id)
    return asked.to_person(chapter)


async def _stored_pages(asked: Asked, paper: Paper, lang: Lang) -> AnalysisPages:
    """The analysis that was posted last. Raises UserError `analyze.not_made`."""
    made = await asked.context.analyses.latest(paper, lang)
    if made is None:
        raise UserError("analyze.not_made", paper=paper.id)
    return _pages(asked, paper, made)


def _pages(asked: Asked, paper: Paper, made: Analysis) -> AnalysisPages:
    return pages(made, paper, Frame(made.lang, asked.context.site))
