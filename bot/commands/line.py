"""One line of text read as a command and its argument. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from bot.commands.names import Command, by_word, nearest
from formatters.text import strip_controls
from storage.errors import UserError

MOST_CHARACTERS = 2_000

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\S+")
_MENTION = re.compile(r"^(/[^\s@]+)@\w+")
_EMOJI_TONE = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True, slots=True)
class Line:
    """What was asked for."""

    command: Command | None
    """None: the text names no command; it is all in `argument`."""
    argument: str


def read_line(text: str) -> Line:
    """The command that a line names, with or without a slash, and what follows it.

    Full-width characters count as their plain forms. Raises UserError `command.unknown` or
    `command.unknown_near` for an unknown command behind a slash, `command.too_long`.
    """
    plain = " ".join(unicodedata.normalize("NFKC", strip_controls(text)).split())
    if len(plain) > MOST_CHARACTERS:
        raise UserError("command.too_long", limit=MOST_CHARACTERS)
    if not plain.startswith("/"):
        return _find(plain) or Line(None, plain)
    named = _MENTION.sub(r"\1", plain)[1:].lstrip()
    found = _find(named)
    if found is None:
        raise _unknown(named)
    return found


def _find(plain: str) -> Line | None:
    word = _WORD.match(plain)
    if word is None:
        return None
    command = by_word().get(_EMOJI_TONE.sub("", word.group()).casefold())
    if command is not None:
        return Line(command, plain[word.end() :].strip())
    return _find_glued(plain)


def _find_glued(plain: str) -> Line | None:
    """Chinese is written without spaces: 订阅多模态, 暂停7天; but 状态空间 is no 状态."""
    for word in sorted(by_word(), key=len, reverse=True):
        rest = plain[len(word) :]
        if _HAN.match(word) and plain.startswith(word) and rest:
            command = by_word()[word]
            if command.open_ended or not _HAN.match(rest):
                return Line(command, rest.strip(" :,"))
    return None


def _unknown(named: str) -> UserError:
    word = _WORD.match(named)
    typed = word.group()[:40] if word else ""
    near = nearest(typed)
    if near is None:
        return UserError("command.unknown", typed=typed)
    return UserError("command.unknown_near", typed=typed, near=near.name)
