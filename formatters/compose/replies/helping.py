"""What /start, /help and /topics answer, and what is said to a line that is no command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.replies.words import button, faint, joined, line
from formatters.document import (
    Block,
    Bullets,
    Buttons,
    Code,
    Document,
    Facts,
    Heading,
    Inline,
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


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """One preset as a list shows it."""

    slug: str
    name: str
    aliases: tuple[str, ...]


def start(lang: Lang) -> Document:
    """A welcome in three lines."""
    buttons = (
        button("topics", "/topics", lang),
        button("digest", "/digest", lang),
        button("help", "/help", lang),
    )
    return Document(
        (
            Title(plain(say("start.title", lang))),
            line("start.what", lang),
            line("start.first", lang),
            faint("start.next", lang),
            Buttons(buttons),
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


def topics(groups: Mapping[str, Sequence[PresetEntry]], lang: Lang) -> Document:
    """All presets by group."""
    blocks: list[Block] = [Title(plain(say("topics.title", lang)))]
    for group, entries in groups.items():
        names = (f"{entry.name} ({entry.slug})" for entry in entries)
        head = Span(f"{say(f'group.{group}', lang)}  ", Style.STRONG)
        blocks.append(Text((head, Span(joined(names, lang)))))
    blocks.append(faint("topics.how", lang))
    return Document(tuple(blocks))


def topics_found(word: str, entries: Sequence[PresetEntry], lang: Lang) -> Document:
    """The presets that a word finds, with what else they are called."""
    if not entries:
        return Document((line("topics.none", lang, word=word),))
    items: tuple[Inline, ...] = tuple(
        (
            Span(f"{entry.name} ({entry.slug})", Style.STRONG),
            Span(f" · {joined(entry.aliases, lang)}" if entry.aliases else "", Style.FAINT),
        )
        for entry in entries
    )
    subscribe = faint("topics.subscribe", lang, slug=entries[0].slug, name=entries[0].name)
    return Document(
        (line("topics.found", lang, word=word, n=len(entries)), Bullets(items), subscribe)
    )
