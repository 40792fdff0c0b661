"""What of all that is said is said to us, and what it asks for. Pure."""

from dataclasses import dataclass

from bot.commands.line import Line, has_slash, read_line
from bot.commands.names import Name
from bot.commands.questions import PLACE, WHICH_PAPER, completed
from bot.commands.request import Request
from jobs.arxiv_ids import first_paper_id, parse_paper_id
from storage.errors import UserError

JUST_PAPER = f"/{Name.PAPER} {PLACE}"
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
    in a text that is neither, asks for that paper. Of talk that is merely overheard, only a
    command behind a slash and an answer to the question count; None for the rest of it.
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
    is_command = isinstance(heard.line, Line) and heard.line.command is not None
    if is_command and request.addressed:
        return heard
    if template is not None:
        return _heard(completed(template, text), answers=True)
    if request.about is not None and (request.addressed or _asks(text)):
        return _heard(f"/{Name.ASK} {request.about} {text}", answers=True)
    paper = first_paper_id(text)
    return heard if paper is None else _heard(f"/{Name.PAPER} {paper}")


def _asks(text: str) -> bool:
    """Whether what was merely overheard beneath an analysis is a question, and no `thanks`."""
    return text.rstrip().endswith(("?", "？")) or len(text) >= LONG_ENOUGH


def _heard(text: str, *, answers: bool = False) -> Heard:
    try:
        return Heard(read_line(text), answers)
    except UserError as error:
        return Heard(error, answers)
