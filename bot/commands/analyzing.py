"""/analyze: whole papers broken down; pieces of a breakdown that was made; cancelling."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from bot.commands.asked import Asked
from bot.commands.finding import find_paper
from bot.commands.questions import WHICH_PAPER
from bot.commands.request import Reply
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
from formatters.document import Document
from jobs.analyze import Ended, Order, Ready, Update
from jobs.arxiv_ids import first_paper_id, parse_paper_id
from storage.errors import UserError
from storage.models import Analysis, Lang, Paper, PaperId, Platform

MOST_AT_ONCE = 5
"""Papers in one line."""
_BETWEEN = re.compile(r"[\s,;，；、]+")
_SAID: dict[Lang | Word | ChapterName, str] = {
    Lang.EN: "en english 英文 英语",
    Lang.ZH: "zh chinese 中文 汉语",
    Word.AGAIN: "again regenerate anew 重新 重做",
    Word.CANCEL: "cancel stop 取消",
    Word.FILE: "file files 文件",
    ChapterName.CORE: "core 核心",
    ChapterName.ABSTRACT: "abstract 摘要",
    ChapterName.MOTIVATION: "motivation 动机",
    ChapterName.METHOD: "method 方法",
    ChapterName.COMPARISON: "comparison 对比",
    ChapterName.EXPERIMENTS: "experiments results 实验 结果",
    ChapterName.PRACTICE: "practice 复现",
    ChapterName.LIMITS: "limits limitations 局限",
    ChapterName.FINDINGS: "findings 发现",
    ChapterName.LINKS: "links 链接",
}
_WORDS = {word: meaning for meaning, words in _SAID.items() for word in words.split()}


@dataclass(slots=True)
class Wanted:
    """What a line asks for."""

    papers: list[tuple[PaperId, int | None]] = field(default_factory=list)
    lang: Lang | None = None
    word: Word | ChapterName | None = None


async def analyze(asked: Asked) -> Reply | None:
    """Have papers broken down; several are queued. What was made before comes at once."""
    wanted = read_wanted(asked.argument)
    if not wanted.papers:
        answered = first_paper_id(asked.request.answered)
        if answered is None:
            return Reply(said.which_paper(asked.lang), asked.lang, question=WHICH_PAPER)
        wanted.papers.append((answered, None))
    lang, word = wanted.lang or asked.lang, wanted.word
    found = [await find_paper(asked, paper, version) for paper, version in wanted.papers]
    if word is Word.CANCEL:
        return await _cancel(asked, found)
    if word is Word.FILE:
        return await _files(asked, found[0], lang)
    if isinstance(word, ChapterName):
        return await _chapter(asked, found[0], lang, word)
    if asked.request.platform is Platform.TERMINAL:
        begun = said.queued_all([paper.id for paper in found], asked.lang)
        return Reply(begun, asked.lang, updates=_made_here(asked, found, lang))
    return await _order(asked, found, lang, anew=word is Word.AGAIN)


def read_wanted(argument: str) -> Wanted:
    """The papers, the language and the word that a line names, in any order.

    Raises UserError `analyze.bad` for anything else, `analyze.many` for too many papers.
    """
    wanted = Wanted()
    for typed in filter(None, _BETWEEN.split(argument)):
        paper, meaning = parse_paper_id(typed), _WORDS.get(typed.casefold())
        if paper is not None:
            wanted.papers.append(paper)
        elif isinstance(meaning, Lang):
            wanted.lang = meaning
        elif meaning is not None:
            wanted.word = meaning
        else:
            raise UserError("analyze.bad", typed=typed[:80])
    if len(wanted.papers) > MOST_AT_ONCE:
        raise UserError("analyze.many", n=MOST_AT_ONCE)
    return wanted


async def _order(asked: Asked, found: Sequence[Paper], lang: Lang, *, anew: bool) -> Reply | None:
    """Put them in the queue. None where all were made before: they are on their way."""
    analyses = asked.context.analyses
    chat = await asked.change(asked.ensure_chat)
    waiting = []
    for paper in found:
        placed = await analyses.order(Order(paper, lang, chat, asked.request.person, anew))
        if isinstance(placed, Ready):
            await analyses.post(chat, paper, placed.analysis)
        else:
            waiting.append((paper, placed))
    if not waiting:
        return None
    if len(waiting) > 1:
        return asked.to_chat(said.queued_all([paper.id for paper, _ in waiting], asked.lang))
    paper, placed = waiting[0]
    updates = _told(asked, paper.id, analyses.watch(placed.job))
    return Reply(said.queued(paper.id, placed.ahead, asked.lang), asked.lang, updates=updates)


async def _told(
    asked: Asked, paper: PaperId, words: AsyncIterator[Update | Ended]
) -> AsyncIterator[Document]:
    """How it goes, as documents."""
    async for word in words:
        if isinstance(word, Update):
            yield how_it_goes(paper, word, asked.lang)
        elif word.cancelled:
            yield said.cancelled(paper, asked.lang)
        else:
            yield (said.done if word.well else said.failed)(paper, asked.lang)


def how_it_goes(paper: PaperId, word: Update, lang: Lang) -> Document:
    """A word about an analysis under way, as a document."""
    at = word.progress
    if at is None:
        return said.queued(paper, word.ahead, lang)
    left = word.seconds_left
    return said.progress(paper, at.stage, lang, done=at.done, of=at.of, seconds_left=left)


async def _made_here(asked: Asked, found: Sequence[Paper], lang: Lang) -> AsyncIterator[Document]:
    """For who waits at a terminal: one after the other, each whole."""
    for paper in found:
        async for word in asked.context.analyses.directly(paper, lang):
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
    """An analysis that was made before. Raises UserError `analyze.not_made`."""
    made = await asked.context.analyses.cached(paper, lang)
    if made is None:
        raise UserError("analyze.not_made", paper=paper.id)
    return _pages(asked, paper, made)


def _pages(asked: Asked, paper: Paper, made: Analysis) -> AnalysisPages:
    return pages(made, paper, Frame(made.lang, asked.context.site))
