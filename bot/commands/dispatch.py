"""From a line to an answer: past the gates, find the command, let its handler answer.

The one place where errors become words. What is a mistake or the weather never raises; a
defect does, for the adapter to report. Every gate is in here, so that no way goes around
them: what is not said to us, who asks too much at once, who is not let in.
"""

from dataclasses import replace

from bot.commands import gate, helping
from bot.commands.asked import Asked, chat_of
from bot.commands.floods import Floods, Slowed
from bot.commands.handlers import HANDLERS
from bot.commands.hearing import Heard, hear
from bot.commands.home import Homes
from bot.commands.line import Line, unknown
from bot.commands.questions import Questions
from bot.commands.refusing import claims, refused
from bot.commands.request import Context, Reply, Request, Visibility
from bot.commands.rooms import Rooms
from formatters.compose.replies import access, mistakes
from formatters.document import Document
from jobs.ports import RetryLater, SourceError
from storage import outbox
from storage.errors import StorageError, UserError
from storage.models import Lang, Platform


class Commands:
    """The commands of one paperround."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._floods = Floods()
        self._questions = Questions()
        self.rooms = Rooms(context)
        """For adapters: what befalls a room."""
        self.homes = Homes(context)
        """Likewise: what one person has, wherever it is."""

    async def about(self, ref: str) -> str | None:
        """Of which paper, in which version, the analysis is that was posted under a reference."""
        return await self._context.db.read(outbox.about, ref)

    async def dispatch(self, request: Request) -> Reply | None:
        """Answer one line; None: say nothing.

        Mistakes and bad weather are answers too (`Reply.failed`).
        """
        now = self._context.clock.now()
        heard = hear(request, self._questions.pending(request, now))
        if heard is None:
            return None
        slowed = self._slowed(request)
        if slowed is not None and slowed.silent:
            return None
        with self._context.db.attention():
            try:
                return await self._judged(request, heard, slowed)
            except StorageError:
                lang = request.lang or self._context.lang
                return _failed(mistakes.storage_error(lang), lang)

    def _slowed(self, request: Request) -> Slowed | None:
        if request.platform is Platform.TERMINAL:
            return None
        now = self._context.clock.now()
        return self._floods.admit(request.person, now, tapped=request.tapped)

    async def _judged(self, request: Request, heard: Heard, slowed: Slowed | None) -> Reply | None:
        """The answer to those who are let in. Strangers hear one refusal and nothing else."""
        context, room = self._context, gate.room_of(request)
        stored = await context.db.read(gate.look_up, request.platform, request.address, room)
        chat = chat_of(context, request, stored.chat)
        is_admin = gate.is_admin(request.person, context.access, stored.admins)
        if slowed is None and not is_admin and await claims(context, request, heard.line):
            return Reply(access.admin(chat.lang), chat.lang, Visibility.PERSON)
        judged = gate.verdict(
            request.platform, room, context.access, stored.decision, stored.admins
        )
        if judged is not gate.Verdict.LET_IN:
            if not is_admin:
                return None if slowed else await refused(context, request, stored, judged)
            await self._admit(request, heard.line)
        if slowed is not None:
            return _failed(access.slowly(slowed.seconds, chat.lang), chat.lang)
        argument = heard.line.argument if isinstance(heard.line, Line) else ""
        asked = Asked(context, request, chat, argument, is_admin)
        reply = await _answered(asked, heard.line)
        if reply is not None:
            self._remember(request, heard.line, reply)
        return reply

    async def _admit(self, request: Request, line: Line | UserError) -> None:
        """Who decides speaks in a room that is not let in: to change it is to let it in."""
        if isinstance(line, Line) and line.command is not None and line.command.manages:
            room, now = gate.room_of(request), self._context.clock.now()
            title = access.one_line(request.title)
            await self._context.db.write(gate.let_in, request.platform, room, title, now)
            self._context.refusals.forget(request.platform, room)

    def _remember(self, request: Request, line: Line | UserError, reply: Reply) -> None:
        """A question waits for its answer until another command is said; a mistake ends nothing."""
        if reply.question is not None and not request.by_form:
            self._questions.ask(request, reply.question, self._context.clock.now())
        elif isinstance(line, Line) and line.command is not None and not reply.failed:
            self._questions.drop(request)


async def _answered(asked: Asked, line: Line | UserError) -> Reply | None:
    lang = asked.lang
    try:
        if isinstance(line, UserError):
            raise line
        return await _answer(asked, line)
    except UserError as error:
        return replace(_failed(mistakes.user_error(error, lang), lang), wrong=error)
    except (SourceError, RetryLater) as error:
        return _failed(mistakes.weather(error.cause, lang), lang)
    except StorageError:
        return _failed(mistakes.storage_error(lang), lang)


async def _answer(asked: Asked, line: Line) -> Reply | None:
    if line.command is None:
        return await helping.not_understood(asked)
    if line.command.admins and not asked.is_admin:
        if not asked.request.addressed:
            return None
        raise unknown(asked.request.text)
    if line.command.manages and not await asked.request.may_manage():
        if not asked.request.makers_manage:
            raise UserError("command.may_not_manage")
        asked = replace(asked, own_only=True)
    return await HANDLERS[line.command.name](asked)


def _failed(document: Document, lang: Lang) -> Reply:
    return Reply(document, lang, Visibility.PERSON, failed=True)
