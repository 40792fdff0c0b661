"""From a line to an answer: find the command, let its handler answer, say what went wrong.

The one place where errors become words. What is a mistake or the weather never raises; a
defect does, for the adapter to report.
"""

from bot.commands import helping
from bot.commands.asked import Asked, find_chat
from bot.commands.handlers import HANDLERS
from bot.commands.line import Line, read_line
from bot.commands.names import Name
from bot.commands.request import Context, Reply, Request, Visibility
from formatters.compose.replies import mistakes
from formatters.document import Document
from jobs.arxiv_ids import parse_paper_id
from jobs.ports import RetryLater, SourceError
from storage.errors import StorageError, UserError
from storage.models import Lang


class Commands:
    """The commands of one paperround."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def dispatch(self, request: Request) -> Reply:
        """Answer one line. Mistakes and bad weather are answers too (`Reply.failed`)."""
        with self._context.db.attention():
            return await self._answered(request)

    async def _answered(self, request: Request) -> Reply:
        lang = request.lang or self._context.lang
        try:
            chat = await find_chat(self._context, request)
            lang = chat.lang
            line = _read(request.text)
            asked = Asked(self._context, request, chat, line.argument)
            return await _answer(asked, line)
        except UserError as error:
            return _failed(mistakes.user_error(error, lang), lang)
        except (SourceError, RetryLater) as error:
            return _failed(mistakes.weather(error.cause, lang), lang)
        except StorageError:
            return _failed(mistakes.storage_error(lang), lang)


async def _answer(asked: Asked, line: Line) -> Reply:
    if line.command is None:
        return await helping.not_understood(asked)
    if line.command.manages and not await asked.request.may_manage():
        raise UserError("command.may_not_manage")
    return await HANDLERS[line.command.name](asked)


def _read(text: str) -> Line:
    """A line; an arXiv id or link by itself asks for that paper's card."""
    if parse_paper_id(text) is not None:
        return read_line(f"/{Name.PAPER} {text}")
    return read_line(text)


def _failed(document: Document, lang: Lang) -> Reply:
    return Reply(document, lang, Visibility.PERSON, failed=True)
