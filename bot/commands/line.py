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

    Full-width characters count as their plain forms. What only admins may say needs the slash,
    so that nobody's plain words are taken for it. Raises UserError `command.unknown` or
    `command.unknown_near` for an unknown command behind a slash, `command.too_long`.
    """
    plain = _plain(text)
    if len(plain) > MOST_CHARACTERS:
        raise UserError("command.too_long", limit=MOST_CHARACTERS)
    if not plain.startswith("/"):
        found = _find(plain)
        return Line(None, plain) if found is None or _for_admins(found) else found
    named = _behind_slash(plain)
    found = _find(named)
    if found is None:
        raise _unknown(named)
    return found


def has_slash(text: str) -> bool:
    """Whether a text is meant as a command and nothing else."""
    return _plain(text).startswith("/")


def unknown(text: str) -> UserError:
    """What is said to a line behind a slash whose command does not exist."""
    return _unknown(_behind_slash(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", strip_controls(text)).split())


def _behind_slash(plain: str) -> str:
    return _MENTION.sub(r"\1", plain)[1:].lstrip()


def _for_admins(line: Line) -> bool:
    return line.command is not None and line.command.admins


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
