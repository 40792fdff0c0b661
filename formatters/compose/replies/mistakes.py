"""What went wrong, in words: a mistake to mend, bad weather, a database in trouble."""

from typing import Any

from formatters.catalogue import say
from formatters.compose.replies.words import cause_text, line
from formatters.document import Block, Code, Document, Text, plain
from formatters.text import pointed, truncate
from storage.errors import UserError
from storage.models import Lang

MOST_REPEATED = 120
"""Characters of what was typed that an answer repeats."""


def user_error(error: UserError, lang: Lang) -> Document:
    """What was wrong and a correct example; for a topic with a mark under the place."""
    values = error.values
    short = {name: _short(value) for name, value in values.items()}
    blocks: list[Block] = [Text(plain(say(error.key, lang, **short)))]
    if "column" in values:
        blocks.append(Code(pointed(values["text"], values["column"], values["length"])))
    return Document(tuple(blocks))


def weather(cause: str, lang: Lang) -> Document:
    """ArXiv could not be asked."""
    return Document((Text(plain(cause_text(cause, lang))),))


def storage_error(lang: Lang) -> Document:
    """The database could not do it; nothing was changed."""
    return Document((line("storage.failed", lang),))


def _short(value: Any) -> Any:
    """What somebody typed, not all of it where it is long."""
    return truncate(value, MOST_REPEATED) if isinstance(value, str) else value
