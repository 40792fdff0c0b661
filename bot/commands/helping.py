"""/start, /help, /topics, and the answer to what is no command."""

from collections.abc import Sequence

from bot.commands.asked import Asked
from bot.commands.names import TABLE, Command, by_word, nearest, shown_name
from bot.commands.request import Reply
from formatters.compose.replies import helping as said
from jobs.presets import Preset, presets
from jobs.topics import find_presets
from storage.errors import UserError
from storage.models import Lang


async def start(asked: Asked) -> Reply:
    """Welcome."""
    return asked.to_chat(said.start(asked.lang))


async def show_help(asked: Asked) -> Reply:
    """All commands, or one with its forms."""
    if not asked.argument:
        entries = [_entry(command, asked.lang) for command in TABLE]
        return asked.to_chat(said.overview(entries, asked.lang))
    word = asked.argument.removeprefix("/")
    command = by_word().get(word.casefold())
    if command is None:
        near = nearest(word)
        if near is None:
            raise UserError("command.unknown", typed=word[:40])
        raise UserError("command.unknown_near", typed=word[:40], near=near.name)
    return asked.to_chat(said.one_command(_entry(command, asked.lang), asked.lang))


async def topics(asked: Asked) -> Reply:
    """The presets by group, or those that a word finds."""
    if asked.argument:
        found = [_preset_entry(p, asked.lang) for p in find_presets(asked.argument)]
        return asked.to_chat(said.topics_found(asked.argument, found, asked.lang))
    groups: dict[str, list[said.PresetEntry]] = {}
    for preset in presets().entries:
        groups.setdefault(preset.group, []).append(_preset_entry(preset, asked.lang))
    return asked.to_chat(said.topics(groups, asked.lang))


async def not_understood(asked: Asked) -> Reply:
    """What could be said instead."""
    return asked.to_person(said.not_understood(asked.lang))


def _entry(command: Command, lang: Lang) -> said.HelpEntry:
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    return said.HelpEntry(command.name, shown_name(command, lang), shown_name(command, other))


def _preset_entry(preset: Preset, lang: Lang) -> said.PresetEntry:
    name = preset.zh if lang is Lang.ZH else preset.en
    others: Sequence[str] = (preset.en if lang is Lang.ZH else preset.zh, *preset.aliases)
    return said.PresetEntry(preset.slug, name, tuple(others))
