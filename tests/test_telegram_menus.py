"""The commands that Telegram offers behind the slash."""

from pathlib import Path

import pytest
from telegram_faults import broken
from telegram_server import TelegramServer
from telegram_stage import telegram_stage

from bot.commands.names import TABLE, Name
from bot.telegram.menus import LONGEST, menu
from storage.models import Lang

HIDDEN = {str(command.name) for command in TABLE if command.hidden or command.admins}


async def test_they_are_set_in_both_languages_for_private_chats_and_groups(tmp_path: Path) -> None:
    async with telegram_stage(tmp_path) as stage:
        commands = stage.server.commands
        assert set(commands) == {
            (scope, code)
            for scope in ("all_private_chats", "all_group_chats")
            for code in ("", "zh")
        }
        english = {
            each["command"]: each["description"] for each in commands["all_private_chats", ""]
        }
        chinese = {
            each["command"]: each["description"] for each in commands["all_private_chats", "zh"]
        }
        assert english.keys() == chinese.keys()
        assert all(text.isascii() or "–" in text for text in english.values())
        assert not any(text.isascii() for text in chinese.values())
        assert not stage.server.refused
        assert not stage.server.violations


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("private", [True, False])
def test_what_is_hidden_or_given_by_buttons_is_not_offered(lang: Lang, private: bool) -> None:
    names = {each.command for each in menu(lang, private=private)}
    assert not names & HIDDEN
    assert not names & {Name.UP, Name.DOWN, Name.UNSAVE}
    assert {Name.SUBSCRIBE, Name.DIGEST, Name.HELP} <= names
    assert (Name.START in names) == private


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("private", [True, False])
def test_they_keep_to_the_limits(lang: Lang, private: bool) -> None:
    made = menu(lang, private=private)
    assert 0 < len(made) <= 100
    for each in made:
        assert 1 <= len(each.command) <= 32
        assert 3 <= len(each.description) <= LONGEST
        assert "<" not in each.description


async def test_menus_that_can_not_be_set_keep_nobody_waiting(tmp_path: Path) -> None:
    server = TelegramServer()
    server.fail(broken(502), on="setMyCommands", times=4)
    async with telegram_stage(tmp_path, server=server) as stage:
        await stage.boss()
        assert not server.commands
