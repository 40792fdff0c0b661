"""/topics, and the presets as a chat reads them."""

from collections.abc import Iterable

from bot.commands.asked import Asked
from bot.commands.request import Reply
from formatters.compose.replies import topics as said
from jobs.presets import Preset, presets
from jobs.topics import find_presets
from storage.models import Lang


async def topics(asked: Asked) -> Reply:
    """The presets by group, or those that a word finds."""
    if asked.argument:
        found = entries(find_presets(asked.argument), asked.lang)
        return asked.to_chat(said.topics_found(asked.argument, found, asked.lang))
    groups: dict[str, list[said.PresetEntry]] = {}
    for preset in presets().entries:
        groups.setdefault(preset.group, []).extend(entries([preset], asked.lang))
    return asked.to_chat(said.topics(groups, asked.lang))


def popular(lang: Lang) -> list[said.PresetEntry]:
    """What is offered to somebody who has not chosen yet."""
    return entries(presets().popular, lang)


def entries(found: Iterable[Preset], lang: Lang) -> list[said.PresetEntry]:
    """Presets under their names in a language; the other names are aliases."""
    return [_entry(preset, lang) for preset in found]


def _entry(preset: Preset, lang: Lang) -> said.PresetEntry:
    chinese = lang is Lang.ZH
    name, other = (preset.zh, preset.en) if chinese else (preset.en, preset.zh)
    return said.PresetEntry(preset.slug, name, (other, *preset.aliases))
