"""What went wrong, in words: a mistake to mend, bad weather, a database in trouble."""

from formatters.catalogue import say
from formatters.compose.replies.words import cause_text, line
from formatters.document import Block, Code, Document, Text, plain
from storage.errors import UserError
from storage.models import Lang


def user_error(error: UserError, lang: Lang) -> Document:
    """What was wrong and a correct example; for a topic with a mark under the place."""
    blocks: list[Block] = [Text(plain(say(error.key, lang, **error.values)))]
    if "column" in error.values:
        blocks.append(Code(_pointer(error)))
    return Document(tuple(blocks))


def weather(cause: str, lang: Lang) -> Document:
    """ArXiv could not be asked."""
    return Document((Text(plain(cause_text(cause, lang))),))


def storage_error(lang: Lang) -> Document:
    """The database could not do it; nothing was changed."""
    return Document((line("storage.failed", lang),))


def _pointer(error: UserError) -> str:
    column, length = error.values["column"], error.values["length"]
    return f"{error.values['text']}\n{' ' * column}{'^' * length}"
