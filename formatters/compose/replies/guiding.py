"""What guided subscribing asks: the topic, the hour, the language.

Each button goes one step further and says again all that was said before: `said`, as
/subscribe takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from formatters.catalogue import say
from formatters.compose.replies.subscribing import reaches_line
from formatters.compose.replies.topics import PresetEntry, choices, rows
from formatters.compose.replies.words import button, faint, line, to_list, zone_name
from formatters.document import Button, Buttons, Document, Title, plain
from storage.models import Lang

HOURS = ("07:30", "08:30", "09:30", "18:00")


@dataclass(frozen=True, slots=True)
class Clock:
    """What somebody who chooses an hour should know."""

    tz: str
    reaches: tuple[time, time]
    """Local times at which a day's papers usually come: announced, and in the feed."""


def ask_topic(popular: Sequence[PresetEntry], said: str, lang: Lang) -> Document:
    """Which topic: a popular one, or any that is typed."""
    return Document(
        (
            Title(plain(say("guide.topic", lang))),
            line("guide.topic_how", lang),
            *rows(choices(popular, said, turns=True)),
        )
    )


def ask_hour(name: str, said: str, clock: Clock, lang: Lang, *, changes: bool) -> Document:
    """At which hour; `changes`: for a subscription that is there already."""
    fresh = button("fresh", f"/choose {said} at fresh", lang, turns=True)
    hours = [Button(hour, f"/choose {said} at {hour}", turns=True) for hour in HOURS]
    back = to_list(lang) if changes else _start_over(lang)
    return Document(
        (
            Title(plain(name)),
            line("guide.hour", lang),
            faint("guide.zone", lang, zone=zone_name(clock.tz, lang)),
            reaches_line(clock.reaches, clock.tz, lang),
            Buttons((fresh,)),
            *rows(hours),
            Buttons((back,)),
        )
    )


def ask_lang(name: str, said: str, lang: Lang) -> Document:
    """In which language."""
    languages = tuple(
        button(f"lang_{one}", f"/choose {said} lang {one}", lang, turns=True) for one in Lang
    )
    return Document(
        (
            Title(plain(name)),
            line("guide.lang", lang),
            Buttons(languages),
            Buttons((_start_over(lang),)),
        )
    )


def _start_over(lang: Lang) -> Button:
    return button("start_over", "/choose", lang, turns=True)
