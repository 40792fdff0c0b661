"""/ask: what a paper says to a question, with the passages that it rests on."""

from bot.commands.asked import Asked
from bot.commands.finding import find_papers, paper_in_view
from bot.commands.names import Name
from bot.commands.questions import PLACE
from bot.commands.request import Reply, Visibility
from formatters.compose.replies import analyzing as said
from jobs.arxiv_ids import leading_paper_id, written
from jobs.ports import SummaryError
from storage.errors import UserError

MOST_CHARACTERS = 500
"""Of a question."""


async def ask(asked: Asked) -> Reply:
    """Answer from the paper; without a question, ask for one."""
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
    try:
        answer = await asked.context.analyses.answer(
            paper, question, asked.lang, chat.key, asked.request.person
        )
    except SummaryError as error:
        raise UserError("ask.failed", paper=paper.id) from error
    return asked.to_chat(said.answer(answer, paper, asked.frame))
