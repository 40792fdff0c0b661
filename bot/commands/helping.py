"""/start, /help, and the answer to what is no command."""

from dataclasses import replace

from bot.commands.asked import Asked
from bot.commands.names import TABLE, Command, Name, by_word, nearest, shown_name
from bot.commands.offering import offer
from bot.commands.request import Reply
from bot.commands.topics import popular
from formatters.compose.replies import helping as said
from jobs.presets import presets
from storage import subscriptions
from storage.errors import UserError
from storage.models import Lang

PRESET_LINK = "sub_"
"""How the argument of a deep link to a preset begins: `/start sub_multimodal`."""


async def start(asked: Asked) -> Reply:
    """Welcome; a link that names a preset gets its offer at once."""
    slug = asked.argument.removeprefix(PRESET_LINK)
    if slug != asked.argument and presets().named(slug):
        return await offer(replace(asked, argument=slug))
    found = await asked.read(subscriptions.of_chat, asked.chat.key)
    return asked.to_chat(said.start(popular(asked.lang), len(found), asked.lang))


async def show_help(asked: Asked) -> Reply:
    """All commands, or one with its forms; an admin's are for admins."""
    if not asked.argument:
        entries = [_entry(c, asked.lang) for c in TABLE if _is_listed(c, asked)]
        return asked.to_chat(said.overview(entries, asked.lang))
    word = asked.argument.removeprefix("/")
    command = by_word().get(word.casefold())
    if command is None or (command.admins and not asked.is_admin):
        near = nearest(word)
        if near is None:
            raise UserError("command.unknown", typed=word[:40])
        raise UserError("command.unknown_near", typed=word[:40], near=near.name)
    return asked.to_chat(said.one_command(_entry(command, asked.lang), asked.lang))


async def not_understood(asked: Asked) -> Reply:
    """What could be said instead."""
    return asked.to_person(said.not_understood(asked.lang))


def _is_listed(command: Command, asked: Asked) -> bool:
    """What is hidden only an admin sees, as far as it is for admins; they have no claim to make."""
    if not command.hidden:
        return True
    return command.admins and asked.is_admin and command.name is not Name.CLAIM


def _entry(command: Command, lang: Lang) -> said.HelpEntry:
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    return said.HelpEntry(command.name, shown_name(command, lang), shown_name(command, other))
