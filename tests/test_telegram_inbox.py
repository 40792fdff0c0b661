"""Updates in hand: each once, in its chat's order, and none left behind at the end."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot, Update
from telegram_server import TOKEN

from bot.telegram.client import Connection, client, hang_up
from bot.telegram.inbox import Inbox


class Answerer:
    """Answers at once, but what it is told to hold."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.begun: list[int] = []
        self.held: set[int] = set()
        self.free = asyncio.Event()

    async def answer(self, update: Update) -> None:
        self.begun.append(update.update_id)
        if update.update_id in self.held:
            await self.free.wait()
        self.done.append(update.update_id)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """Knows who it is without asking."""
    made = client(Connection(TOKEN, "http://127.0.0.1:9"))
    made._bot_user = Update.de_json(_message(1), made).effective_user
    yield made
    await hang_up(made)


def _message(number: int, user: int = 7001) -> dict:
    person = {"id": user, "is_bot": False, "first_name": "Tolan", "language_code": "zh-hans"}
    chat = {"id": user, "type": "private", "first_name": "Tolan"}
    about = {"message_id": number, "date": 1_770_000_000, "text": "订阅 多模态 🎈"}
    return {"update_id": number, "message": about | {"chat": chat, "from": person}}


def _tap(number: int) -> dict:
    """On a message that is too old to be shown."""
    hidden = {"message_id": 5, "date": 0, "chat": {"id": -1001, "type": "supergroup", "title": "L"}}
    person = {"id": 7009, "is_bot": False, "first_name": "Ora"}
    query = {"id": "4", "from": person, "chat_instance": "9", "data": "=/more", "message": hidden}
    return {"update_id": number, "callback_query": query}


async def test_an_update_that_comes_twice_is_answered_once(bot: Bot, tmp_path: Path) -> None:
    answerer = Answerer()
    inbox = Inbox(answerer.answer, tmp_path / "kept")
    for number in (1, 1, 2, 1):
        inbox.take(Update.de_json(_message(number), bot))
    await inbox.end(bot, 1)
    assert answerer.done == [1, 2]
    assert not (tmp_path / "kept").exists()


async def test_a_slow_command_keeps_its_own_chat_waiting_alone(bot: Bot, tmp_path: Path) -> None:
    answerer = Answerer()
    answerer.held = {1}
    inbox = Inbox(answerer.answer, tmp_path / "kept")
    for each in (_message(1), _message(2), _message(3, user=7002)):
        inbox.take(Update.de_json(each, bot))
    await asyncio.sleep(0.01)
    assert answerer.done == [3]
    answerer.free.set()
    await inbox.end(bot, 1)
    assert answerer.done == [3, 1, 2]


async def test_what_is_not_answered_in_time_is_taken_again_as_it_was(
    bot: Bot, tmp_path: Path
) -> None:
    file, answerer = tmp_path / "kept", Answerer()
    answerer.held = {1, 4}
    inbox = Inbox(answerer.answer, file)
    updates = [Update.de_json(each, bot) for each in (_message(1), _message(2), _tap(4))]
    for each in updates:
        inbox.take(each)
    await inbox.end(bot, 0.01)
    assert answerer.done == []
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(file.read_text())["updates"]) == 3

    seen: list[Update] = []

    async def see(update: Update) -> None:
        seen.append(update)

    again = Inbox(see, file)
    again.take_kept(bot)
    assert not file.exists()
    await again.end(bot, 1)
    assert [each.to_dict() for each in seen] == [each.to_dict() for each in updates]


async def test_a_folder_that_can_not_be_written_is_no_reason_to_fail(
    bot: Bot, tmp_path: Path
) -> None:
    answerer = Answerer()
    answerer.held = {1}
    inbox = Inbox(answerer.answer, tmp_path / "nowhere" / "kept")
    inbox.take_kept(bot)
    inbox.take(Update.de_json(_message(1), bot))
    await inbox.end(bot, 0.01)
