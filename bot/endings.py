"""How a command that failed ends: a line for what a person can mend, a log for a defect."""

import sys
import traceback
from pathlib import Path

from bot.logs import write_defect
from bot.settings import load
from formatters.catalogue import say
from jobs.ports import RetryLater, SourceError
from jobs.topics import TopicError, pointer
from storage.errors import AlreadyExists, StorageError, UserError
from storage.models import Lang

MENDABLE, DEFECT = 1, 3


class ChecksFailed(Exception):
    """`check` found something; what it is has been said."""


def explain(error: Exception) -> int:
    """Say in one line what went wrong; returns the exit code."""
    lang = _lang()
    if isinstance(error, ChecksFailed):
        return MENDABLE
    if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        return explain(error.exceptions[0])
    line = _line(error, lang)
    if line is not None:
        print(line, file=sys.stderr)  # noqa: T201 -- the edge
        return MENDABLE
    log = write_defect("".join(traceback.format_exception(error)), _log_file())
    where = say("ending.defect", lang, kind=type(error).__name__, log=log)
    print(where, file=sys.stderr)  # noqa: T201 -- the edge
    return DEFECT


def _line(error: Exception, lang: Lang) -> str | None:
    """The error in words, or None for a defect."""
    line = None
    match error:
        case TopicError():
            line = f"{say(error.key, lang, **error.values)}\n{pointer(error)}"
        case UserError():
            line = say(error.key, lang, **error.values)
        case SourceError() | RetryLater():
            line = say(f"cause.{error.cause}", lang)
        case AlreadyExists():
            line = say("ending.exists", lang, what=str(error))
        case StorageError():
            line = say("ending.storage", lang, what=str(error))
    return line


def _lang() -> Lang:
    try:
        return load().lang
    except UserError:
        return Lang.EN


def _log_file() -> Path | None:
    try:
        return load().log_file
    except UserError:
        return None
