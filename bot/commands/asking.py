"""/ask: what a paper says to a question, with the passages that it rests on."""

import asyncio
from collections.abc import AsyncIterator

import structlog

from bot.commands.asked import Asked
from bot.commands.finding import find_papers, paper_in_view
from bot.commands.names import Name
from bot.commands.questions import PLACE
from bot.commands.request import Reply, Visibility
from formatters.compose.replies import analyzing as said
from formatters.compose.replies.mistakes import user_error
from formatters.document import Document
from jobs.arxiv_ids import leading_paper_id, written
from jobs.ports import SummaryError
from storage.errors import BotError, UserError
from storage.models import Answer, Paper

MOST_CHARACTERS = 500
"""Of a question."""
AT_ONCE = 2.0
"""Seconds within which an answer is the reply; one that takes longer follows it."""

log = structlog.get_logger()


async def ask(asked: Asked) -> Reply:
    """Answer from the paper; without a question, ask for one.

    Who waits for a slow answer can go on: it takes the reply's place when it is there.
    """
    named, question = leading_paper_id(asked.argument)
    meant = [named] if named else paper_in_view(asked)
    if not meant:
        raise UserError("ask.missing")
    (paper,) = await find_papers(asked, meant)
    if not question.strip():
        document = said.which_question(paper.id, asked.lang)
        template = f"/{Name.ASK} {written(*meant[0])} {PLACE}"
        return Reply(document, asked.lang, Visibility.PERSON, question=template)
    if len(question) > MOST_CHARACTERS:
        raise UserError("ask.too_long", limit=MOST_CHARACTERS)
    chat = await asked.change(asked.ensure_chat)
    answering = asked.context.analyses.answer(
        paper, question, asked.lang, chat.key, asked.request.person
    )
    await asyncio.wait({answering}, timeout=AT_ONCE)
    if not answering.done():
        updates = _answered_later(asked, paper, answering)
        return Reply(said.looking(paper.id, asked.lang), asked.lang, updates=updates)
    try:
        return asked.to_chat(said.answer(answering.result(), paper, asked.frame))
    except SummaryError as error:
        raise UserError("ask.failed", paper=paper.id) from error


async def _answered_later(
    asked: Asked, paper: Paper, answering: asyncio.Task[Answer]
) -> AsyncIterator[Document]:
    """What became of a question that took its time."""
    await asyncio.wait({answering})
    lang = asked.lang
    if answering.cancelled():
        yield said.broken_off(paper.id, lang)
        return
    error = answering.exception()
    if error is None:
        yield said.answer(answering.result(), paper, asked.frame)
        return
    if not isinstance(error, BotError):
        log.error("question broke", paper=paper.id, exc_info=error)
    told = error if isinstance(error, UserError) else UserError("ask.failed", paper=paper.id)
    yield user_error(told, lang)
