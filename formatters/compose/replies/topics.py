"""What /topics answers, and ready-made topics as buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.replies.words import faint, joined, line
from formatters.document import (
    Block,
    Bullets,
    Button,
    Buttons,
    Document,
    Inline,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from storage.models import Lang

MOST_BUTTONS = 8
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """One preset as a list shows it."""

    slug: str
    name: str
    aliases: tuple[str, ...]


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
    """The presets that a word finds, with what else they are called; the first ones as buttons."""
    if not entries:
        return Document((line("topics.none", lang, word=word),))
    items: tuple[Inline, ...] = tuple(
        (
            Span(f"{entry.name} ({entry.slug})", Style.STRONG),
            Span(f" · {joined(entry.aliases, lang)}" if entry.aliases else "", Style.FAINT),
        )
        for entry in entries
    )
    return Document(
        (
            line("topics.found", lang, word=word, n=len(entries)),
            Bullets(items),
            faint("topics.subscribe", lang, slug=entries[0].slug, name=entries[0].name),
            *rows(choices(entries[:MOST_BUTTONS])),
        )
    )


def choices(
    entries: Sequence[PresetEntry], said: str = "", *, turns: bool = False
) -> tuple[Button, ...]:
    """A button for each preset that begins to subscribe to it; `said` are options said before."""
    return tuple(
        Button(entry.name, f"/choose {entry.slug} {said}".rstrip(), turns) for entry in entries
    )


def rows(buttons: Sequence[Button]) -> tuple[Buttons, ...]:
    """Buttons side by side, as many as a phone has room for."""
    return tuple(
        Buttons(tuple(buttons[start : start + _IN_A_ROW]))
        for start in range(0, len(buttons), _IN_A_ROW)
    )
