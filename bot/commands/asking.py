"""/ask: what a paper says to a question, with the passages that it rests on."""

from bot.commands.asked import Asked
from bot.commands.finding import find_paper
from bot.commands.request import Reply, Visibility
from formatters.compose.replies import analyzing as said
from jobs.arxiv_ids import first_paper_id, parse_paper_id
from jobs.ports import SummaryError
from storage.errors import UserError

MOST_CHARACTERS = 500
"""Of a question."""


async def ask(asked: Asked) -> Reply:
    """Answer from the paper; without a question, ask for one."""
    word, _, rest = asked.argument.partition(" ")
    named = parse_paper_id(word)
    if named is None:
        answered = first_paper_id(asked.request.answered)
        if answered is None:
            raise UserError("ask.missing")
        named, rest = (answered, None), asked.argument
    paper = await find_paper(asked, *named)
    question = rest.strip()
    if not question:
        document = said.which_question(paper.id, asked.lang)
        template = f"/ask {paper.id} {{}}"
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
