"""`paperround run` with Slack, as a process: its start, its ends, and what an end leaves."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arxiv_server import Fault
from ports import free_port
from slack_examples import without_proxies
from slack_faults import broken, error, flood, late, reset, silent
from slack_post import channels, draft, put_in_line, said
from slack_processes import SlackMachine, ready, slack_machine
from slack_server import SlackServer
from telegram_post import people
from telegram_processes import START, eventually
from telegram_server import TelegramServer

from storage import chats, outbox
from storage.database import Database
from storage.models import DraftPart, Lang, Platform

ANOTHER, ANOTHER_APP = "xoxb-another-invented-one", "xapp-another-invented-one"
KILLS = 2
KEPT = "paperround.db.slack-updates"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    without_proxies(monkeypatch)
    async with SlackServer() as server:
        yield server
        assert not server.violations


@pytest.fixture
async def here(server: SlackServer, tmp_path: Path) -> AsyncIterator[SlackMachine]:
    async with slack_machine(tmp_path, server) as made:
        yield made


async def test_run_says_its_name_and_the_claim_code_answers_and_ends(
    server: SlackServer, here: SlackMachine
) -> None:
    service = await here.command("run", PAPERROUND_OPEN="false")
    assert await service.line() == "Slack: @paperround answers."
    claim = (await service.line()).rpartition("claim ")[2]
    ada = server.user("Imena")
    await ada.asks(f"claim {claim}")
    assert "/subscribe" in (await ada.asks("help")).text

    assert await service.terminated() == 0
    assert service.complaints == ""
    assert claim not in service.log()
    assert "ERROR" not in service.log()
    assert not server.refused
    assert not (here.folder / KEPT).exists()


async def test_what_was_asked_before_sigterm_is_answered_then_or_after_the_restart(
    server: SlackServer, here: SlackMachine
) -> None:
    here.arxiv.fail(Fault.SILENT, times=99, on="api")
    readers = [server.user(f"Reader {number}") for number in range(5)]
    slow, *others = readers
    service = await here.command("run")
    await ready(service)
    searched = await slow.commands("/paperround", "search gaussian splatting")
    await slow.says("help")
    for reader in others:
        await reader.says("help")
    await others[0].dm.next()
    asked = [await reader.commands("/paperround", "subscriptions") for reader in others]
    assert await service.terminated() == 0
    assert service.complaints == ""
    assert slow.dm.sent == []
    kept = here.folder / KEPT
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(kept.read_text())["updates"]) == 2

    here.arxiv.mend()
    again = await here.command("run")
    await ready(again)
    assert "splatting" in (await searched.next()).text
    for reader in readers:
        await reader.dm.wait_for(1)
    await server.quiet()
    assert [len(each.messages) for each in asked] == [1] * 4, "each once"
    assert [len(reader.dm.messages) for reader in readers] == [2] * 5
    assert not kept.exists()
    assert await again.terminated() == 0


async def test_whatever_fails_the_log_is_clear_and_has_no_secret(
    server: SlackServer, here: SlackMachine
) -> None:
    faults = {
        "auth.test": [broken(502), reset(after_effect=True), flood(1), error("fatal_error")],
        "apps.connections.open": [broken(502), reset(after_effect=True), error("internal_error")],
        "users.info": [broken(502), reset(after_effect=False), error("user_not_found")],
        "chat.postMessage": [error("invalid_blocks"), reset(after_effect=True), broken(502)],
        "response_url": [broken(500), reset(after_effect=True), broken(404), flood(1)],
    }
    for method, each in faults.items():
        for fault in each:
            server.fail(fault, on=method)
    service = await here.quick(20)
    await ready(service)
    for number in range(4):
        reader = server.user(f"Reader {number}")
        await reader.says("help")
        await reader.commands("/paperround", "help")
    server.sockets.drop()
    await eventually(lambda: server.calls["apps.connections.open"] >= 5)
    await server.quiet()
    assert await service.terminated() == 0
    assert service.complaints == ""
    told = service.log()  # the fixture looks for secrets
    assert told.count("Slack is out of reach") == 3, "a 429 is waited for"
    assert told.count("Socket Mode is out of reach") == 3


async def test_a_wrong_bot_token_ends_with_one_clear_line(here: SlackMachine) -> None:
    service = await here.command("run", SLACK_BOT_TOKEN=ANOTHER)
    assert await service.ended() == 1
    assert service.said == []
    assert len(service.complaints.splitlines()) == 1
    assert "SLACK_BOT_TOKEN" in service.complaints
    assert ANOTHER not in service.complaints + service.log()


async def test_a_wrong_app_token_ends_with_one_clear_line(here: SlackMachine) -> None:
    service = await here.command("run", SLACK_APP_TOKEN=ANOTHER_APP)
    assert await service.ended() == 1
    assert service.said == [], "it is not said to answer"
    assert len(service.complaints.splitlines()) == 1
    assert "SLACK_APP_TOKEN" in service.complaints
    assert ANOTHER_APP not in service.complaints + service.log()


async def test_an_app_that_is_taken_out_leaves_telegram_and_the_terminal_alone(
    server: SlackServer, here: SlackMachine
) -> None:
    async with TelegramServer() as telegram:
        tokens = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.api_url}
        service = await here.command("run", **tokens)
        lines = sorted([await service.line(), await service.line()])
        assert [line[:8] for line in lines] == ["Slack: @", "Telegram"]
        await server.user("Imena").asks("help")
        await server.uninstall()
        assert "SLACK_BOT_TOKEN" in await service.line()
        (reader,) = people(telegram, 1)
        assert (await reader.user.asks("/help")).text
        assert await service.terminated() == 0
        assert service.complaints == ""
        assert telegram.token not in service.log()
        assert not telegram.refused


async def test_slack_out_of_reach_at_the_start_is_tried_again_and_the_terminal_works(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with slack_machine(tmp_path, f"http://127.0.0.1:{port}/api") as here:
        await _put(here, Platform.TERMINAL, "terminal", DraftPart("a word for you\n"))
        service = await here.command("run")
        assert await service.line() == "a word for you"
        async with SlackServer(port=port) as server:
            await ready(service)
            assert (await server.user("Imena").asks("help")).text
            assert await service.terminated() == 0
        assert service.complaints == ""
        assert "out of reach" in service.log()


async def test_sigterm_ends_a_service_that_never_reached_slack(tmp_path: Path) -> None:
    async with slack_machine(tmp_path, "http://127.0.0.1:9/api") as here:
        service = await here.command("run")
        await eventually(lambda: "out of reach" in service.log())
        assert await service.terminated() == 0
        assert service.complaints == ""


async def test_sigterm_ends_a_service_that_slack_keeps_waiting(
    server: SlackServer, here: SlackMachine
) -> None:
    service = await here.command("run")
    await ready(service)
    ada = server.user("Imena")
    await ada.asks("help")
    server.fail(silent(after_effect=False), times=99)
    await ada.says("help")
    await eventually(lambda: server.calls["chat.postMessage"] == 2)
    assert await service.terminated() == 0
    assert service.complaints == ""
    assert (here.folder / KEPT).exists()
    assert "Traceback" not in service.log()


async def test_killed_while_sending_at_most_what_was_in_flight_comes_twice(
    server: SlackServer, here: SlackMachine
) -> None:
    rooms = channels(server, 5)
    texts = tuple(f"part {number}" for number in range(1, 26))
    db = Database.open(here.database)
    try:
        for room in rooms:
            await db.write(put_in_line, room.id, [draft(text) for text in texts], START)
    finally:
        db.close()
    server.fail(late(0.05), on="chat.postMessage", times=10_000)

    def arrived() -> int:
        return sum(len(room.sent) for room in rooms)

    for kill in range(KILLS):
        wanted = arrived() + 17 + kill
        service = await here.quick(60)
        await server.bell.until(lambda: arrived() >= wanted, 20)  # noqa: B023 -- awaited at once
        await service.killed()
    server.mend()
    last = await here.quick(200)
    await here.until("SELECT COUNT(*) FROM part WHERE state IN ('pending', 'sending')", 0)
    assert await last.terminated() == 0
    twice = 0
    for room in rooms:
        told = said(room)
        assert tuple(dict.fromkeys(told)) == texts, "in order, nothing lost"
        assert max(told.count(text) for text in texts) <= 2
        twice += len(told) - len(texts)
    assert 0 < twice <= KILLS * len(rooms)
    assert not server.refused


async def test_killed_while_sending_with_lookups_everything_comes_once(
    server: SlackServer, here: SlackMachine
) -> None:
    (room,) = channels(server, 1)
    texts = tuple(f"part {number}" for number in range(1, 13))
    db = Database.open(here.database)
    try:
        await db.write(put_in_line, room.id, [draft(text) for text in texts], START)
    finally:
        db.close()
    server.fail(late(0.1), on="chat.postMessage", times=10_000)
    for wanted in (3, 7):
        service = await here.quick(60, SLACK_VERIFY_POSTS="true")
        await server.bell.until(lambda: len(room.sent) >= wanted, 20)  # noqa: B023
        await service.killed()
    server.mend()
    last = await here.quick(200, SLACK_VERIFY_POSTS="true")
    await here.until("SELECT COUNT(*) FROM part WHERE state IN ('pending', 'sending')", 0)
    assert await last.terminated() == 0
    assert tuple(said(room)) == texts
    assert not server.refused


async def _put(here: SlackMachine, platform: Platform, address: str, *drafts: DraftPart) -> None:
    db = Database.open(here.database)
    try:
        chat = await db.write(chats.ensure, platform, address, lang=Lang.EN, tz="UTC")
        await db.write(outbox.enqueue, chat.key, drafts, START)
    finally:
        db.close()
