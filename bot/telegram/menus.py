"""The commands that Telegram offers behind the slash, by scope and language."""

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.commands.names import TABLE, Name
from formatters.catalogue import say
from formatters.text import truncate
from storage.models import Lang

LONGEST = 256
"""Characters of a description (setMyCommands)."""
NOT_IN_GROUPS = frozenset({Name.START, Name.UP, Name.DOWN, Name.UNSAVE})
BY_TAP = frozenset({Name.UP, Name.DOWN, Name.UNSAVE})
"""Commands that people give by a button."""


def menu(lang: Lang, *, private: bool) -> list[BotCommand]:
    """The visible commands with what they do."""
    left_out = BY_TAP if private else NOT_IN_GROUPS
    return [
        BotCommand(command.name, truncate(say(f"help.{command.name}", lang), LONGEST))
        for command in TABLE
        if not command.hidden and command.name not in left_out
    ]


async def publish(bot: Bot) -> None:
    """Set the menus: English for everybody, Chinese for whose Telegram is Chinese."""
    for code, lang in ((None, Lang.EN), ("zh", Lang.ZH)):
        await bot.set_my_commands(
            menu(lang, private=True), BotCommandScopeAllPrivateChats(), language_code=code
        )
        await bot.set_my_commands(
            menu(lang, private=False), BotCommandScopeAllGroupChats(), language_code=code
        )
