"""What /forget answers: what would be erased, and that it was."""

from formatters.catalogue import say
from formatters.compose.replies.words import button, faint, line
from formatters.document import Bullets, Buttons, Document, Title, plain
from storage.models import Lang


def announced(
    *, chat: bool, subscriptions: int, saved: int, votes: int, file: str, lang: Lang
) -> Document:
    """What is kept, in the file that comes along, and how to have it erased."""
    kept = [
        say("forget.saved", lang, n=saved),
        say("forget.votes", lang, n=votes),
    ]
    if chat:
        kept.insert(0, say("forget.chat", lang, n=subscriptions))
    return Document(
        (
            Title(plain(say("forget.title", lang))),
            Bullets(tuple(plain(item) for item in kept)),
            faint("forget.file", lang, file=file),
            line("forget.confirm", lang),
            Buttons((button("forget", "/forget yes", lang),)),
        )
    )


def erased(*, chat: bool, lang: Lang) -> Document:
    """It is gone."""
    return Document((line("forget.done" if chat else "forget.done_person", lang),))
