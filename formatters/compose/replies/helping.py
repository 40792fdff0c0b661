"""What /start and /help answer, and what is said to a line that is no command."""

from collections.abc import Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.replies.topics import PresetEntry, choices, rows
from formatters.compose.replies.words import button, faint, line
from formatters.document import (
    Buttons,
    Code,
    Document,
    Facts,
    Heading,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from storage.models import Lang


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """One command as help knows it."""

    name: str
    shown: str
    """The word that the chat's language uses."""
    other: str
    """The word of the other language."""


def start(popular: Sequence[PresetEntry], subscriptions: int, lang: Lang) -> Document:
    """A welcome in three lines; who subscribes already is told so in the last one."""
    ways = [button("topics", "/topics", lang), button("help", "/help", lang)]
    last = faint("start.next", lang)
    if subscriptions:
        ways.insert(0, button("subscriptions", "/subscriptions", lang))
        last = faint("start.again", lang, n=subscriptions)
    return Document(
        (
            Title(plain(say("start.title", lang))),
            line("start.what", lang),
            line("start.first", lang),
            last,
            *rows(choices(popular)),
            Buttons(tuple(ways)),
        )
    )


def overview(entries: Sequence[HelpEntry], lang: Lang) -> Document:
    """Every command on a line, then examples."""
    pairs = tuple((e.shown, plain(say(f"help.{e.name}", lang))) for e in entries)
    return Document(
        (
            Title(plain(say("help_page.title", lang))),
            Facts(pairs),
            Heading(plain(say("help_page.examples", lang))),
            Code(say("help_page.example_lines", lang)),
            faint("help_page.more", lang),
        )
    )


def one_command(entry: HelpEntry, lang: Lang) -> Document:
    """What one command does, with its forms."""
    head = (
        Span(entry.shown, Style.STRONG),
        Span(f"  {entry.other}", Style.FAINT),
    )
    return Document(
        (
            Text(head),
            line(f"help.{entry.name}", lang),
            Code(say(f"usage.{entry.name}", lang)),
        )
    )


def not_understood(lang: Lang) -> Document:
    """A line that is no command: what could be said."""
    buttons = (button("help", "/help", lang), button("topics", "/topics", lang))
    return Document((line("help_page.not_understood", lang), Buttons(buttons)))
