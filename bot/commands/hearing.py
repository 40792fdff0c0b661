"""What of all that is said is said to us, and what it asks for. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.commands.line import Line, has_slash, read_line
from bot.commands.names import Name, Takes, by_word
from bot.commands.questions import PLACE, WHICH_PAPER, completed
from bot.commands.request import Request
from bot.commands.wanted import read_wanted
from jobs.arxiv_ids import first_paper_id, parse_paper_id, written
from storage.errors import UserError

JUST_PAPER = f"/{Name.PAPER} {PLACE}"
_OF_A_PAPER = (f"/{Name.ANALYZE} ", f"/{Name.ASK} ")
"""Questions that somebody beneath an analysis does not answer: they speak of its paper."""
LONG_ENOUGH = 24
"""Characters from which talk beneath an analysis is taken for a question about it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One line that wants an answer."""

    line: Line | UserError
    """What it asks for, or why it can't be read: that is said to those who are let in."""
    answers: bool = False
    """It completes a question."""


def hear(request: Request, template: str | None) -> Heard | None:
    """What is asked for; `template` is the question that the person was asked last.

    Plain text that is no command completes the question; an arXiv id or link by itself, or
    in a text that is neither, asks for that paper. Beneath an analysis plain text is a question
    about it, though it begin with a command's word, unless that command takes what follows. Of
    talk that is merely overheard, only a command behind a slash and an answer to the question
    count; None for the rest of it.
    """
    heard = _understood(request, template)
    if request.addressed or heard.answers:
        return heard
    spoken_to = isinstance(heard.line, Line) and has_slash(request.text)
    return heard if spoken_to else None


def _understood(request: Request, template: str | None) -> Heard:
    text = request.text
    if parse_paper_id(text) is not None:
        asked = template == WHICH_PAPER
        return _heard(completed(WHICH_PAPER if asked else JUST_PAPER, text), answers=asked)
    heard = _heard(text)
    if not text.strip() or has_slash(text):
        return heard
    beneath = request.about is not None
    if request.addressed and isinstance(heard.line, Line) and _is_said(heard.line, beneath=beneath):
        return heard
    if template is not None and not (beneath and template.startswith(_OF_A_PAPER)):
        return _heard(completed(template, text), answers=True)
    if beneath and (request.addressed or _asks(text)):
        return _heard(f"/{Name.ASK} {request.about} {text}", answers=True)
    paper = first_paper_id(text)
    return heard if paper is None else _heard(completed(JUST_PAPER, written(*paper)))


def _is_said(line: Line, *, beneath: bool) -> bool:
    """Whether this is a command; beneath an analysis only where it takes what follows its word."""
    if line.command is None or not beneath or not line.argument:
        return line.command is not None
    return _TAKEN[line.command.takes](line.argument)


def _reads(argument: str) -> bool:
    try:
        read_wanted(argument)
    except UserError as error:
        return error.key == "analyze.many"
    return True


def _asks(text: str) -> bool:
    """Whether what was merely overheard beneath an analysis is a question, and no `thanks`."""
    return _ends_as_question(text) or len(text) >= LONG_ENOUGH


def _ends_as_question(text: str) -> bool:
    return text.rstrip().endswith(("?", "？"))


def _heard(text: str, *, answers: bool = False) -> Heard:
    try:
        return Heard(read_line(text), answers)
    except UserError as error:
        return Heard(error, answers)


_TAKEN: Mapping[Takes, Callable[[str], bool]] = {
    Takes.NOTHING: lambda _: False,
    Takes.PAPER: lambda argument: parse_paper_id(argument) is not None,
    Takes.PAPERS: _reads,
    Takes.COMMAND: lambda argument: argument.casefold() in by_word(),
    Takes.TEXT: lambda argument: not _ends_as_question(argument),
    Takes.QUESTION: lambda _: True,
}
"""Whether a command's argument is one."""
