"""What the form's menus offer while somebody types: topics and time zones. Pure."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from bot.commands.topics import entries
from bot.commands.zones import read_zone
from formatters.catalogue import say
from formatters.compose.replies.words import zone_name
from formatters.text import strip_controls, truncate
from jobs.presets import Preset, presets
from storage.errors import UserError
from storage.models import Lang

Option = dict[str, Any]

LONGEST_LABEL = 75
LONGEST_VALUE = 150
MOST_ZONES = 30
USUAL_ZONES = (
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
NEAREST = 3


def option(label: str, value: str) -> Option:
    """One line of a menu; its text is plain, whatever stands in it."""
    shown = truncate(label, LONGEST_LABEL)
    return {"text": {"type": "plain_text", "text": shown, "emoji": False}, "value": value}


def topics(typed: str, lang: Lang) -> list[Option]:
    """The presets that hold what was typed, and the typed words themselves as a query.

    Where nothing was typed, all presets, what most follow first.
    """
    known, words = presets(), " ".join(strip_controls(typed).split())
    if not words:
        return _presets(dict.fromkeys([*known.popular, *known.entries]), lang)
    own = [option(say("form.own_words", lang, words=words), words)]
    own = own if len(words) <= LONGEST_VALUE else []
    held = known.holding(words)
    if held:
        return [*_presets(held, lang), *own]
    return [*own, *_presets(known.nearest(words, NEAREST), lang)]


def zones(typed: str, lang: Lang) -> list[Option]:
    """The zones that the typed words name, or nearly."""
    words = " ".join(strip_controls(typed).split())
    found = _zones(words) if words else USUAL_ZONES
    return [zone(name, lang) for name in found][:MOST_ZONES]


def zone(name: str, lang: Lang) -> Option:
    """A zone as people call it."""
    return option(zone_name(name, lang), name)


def _presets(found: Iterable[Preset], lang: Lang) -> list[Option]:
    return [option(entry.name, entry.slug) for entry in entries(found, lang)]


def _zones(words: str) -> Iterable[str]:
    """The zone of that name, and those whose names hold it; where there is none, the nearest."""
    held = _holding(words)
    try:
        return dict.fromkeys([read_zone(words), *held])
    except UserError as error:
        near = str(error.values.get("near", ""))
        return held or (near.split(", ") if near else ())


def _holding(words: str) -> list[str]:
    """Cities that begin so come first."""
    wanted = words.casefold().replace(" ", "_")
    held = [name for name in _places() if wanted in name.casefold()]
    return sorted(held, key=lambda name: f"/{wanted}" not in name.casefold())


@cache
def _places() -> tuple[str, ...]:
    """The zones that are called by a place."""
    return tuple(
        sorted(name for name in available_timezones() if name[0].isupper() and "/" in name)
    )
