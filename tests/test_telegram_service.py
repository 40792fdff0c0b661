"""`paperround run` with Telegram, as a process: its start, its ends, and what an end leaves."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from arxiv_server import Fault
from digest_stage import Announcer
from ports import free_port
from telegram_faults import bad, broken, denied, flood, late, reset, silent
from telegram_post import people, post_parts, said
from telegram_processes import START, Machine, eventually, machine
from telegram_server import TOKEN, TelegramServer
from telegram_stage import BOSS, SetClock, telegram_stage

from bot.app import opened
from bot.service import Service
from bot.settings import Settings
from storage import chats, outbox
from storage.database import Database
from storage.errors import UserError
from storage.models import DraftPart, Lang, Platform

ANOTHER = "4200000002:another-invented-token-of-nowhere12"
KILLS = 2
KEPT = "paperround.db.telegram-updates"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert not server.violations


@pytest.fixture
async def here(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Machine]:
    async with machine(tmp_path, server) as made:
        yield made


def kept_file(here: Machine) -> Path:
    return here.folder / KEPT


async def test_run_says_its_name_and_the_claim_link_once_answers_and_ends(
    server: TelegramServer, here: Machine
) -> None:
    service = await here.command("run", PAPERROUND_OPEN="false")
    assert await service.line() == "Telegram: @paper_round_bot answers."
    link = re.search(r"https://t\.me/paper_round_bot\?start=(claim_([\w-]+))", await service.line())
    assert link
    ada = server.user("Imena Vorga")
    await ada.starts(link[1])
    await ada.private.next()
    assert "/subscribe" in (await ada.asks("/help")).text

    assert await service.terminated() == 0
    assert service.complaints == ""
    assert "".join(service.said).count(link[2]) == 2, "in the link and by itself"
    assert link[2] not in service.log()
    assert "ERROR" not in service.log()
    assert not server.refused
    assert not kept_file(here).exists()

    again = await here.command("run", PAPERROUND_OPEN="false")
    assert await again.line() == "Telegram: @paper_round_bot answers."
    assert await again.terminated() == 0
    assert "claim" not in "".join(again.said), "there is an admin now"


async def test_what_was_asked_before_sigterm_is_answered_then_or_after_the_restart(
    server: TelegramServer, here: Machine
) -> None:
    here.arxiv.fail(Fault.SILENT, times=99, on="api")
    readers = [server.user(f"Reader {number}") for number in range(6)]
    slow, *others = readers
    service = await here.command("run")
    await service.ready()
    await slow.says("/search gaussian splatting")
    await slow.says("/help")
    await slow.private.wait_for(0)
    for reader in others:
        await reader.says("/help")
    await others[0].private.next()
    for reader in others:
        await reader.says("/subscriptions")
    assert await service.terminated() == 0
    assert service.complaints == ""
    assert said(slow.private) == []
    kept = kept_file(here)
    assert kept.exists()
    assert kept.stat().st_mode & 0o777 == 0o600

    here.arxiv.mend()
    again = await here.command("run")
    await again.ready()
    for reader in readers:
        await reader.private.wait_for(2)
    await server.quiet()
    assert [len(reader.private.sent) for reader in readers] == [2] * 6, "each once"
    assert "splatting" in said(slow.private)[0], "in the order of asking"
    assert not kept.exists()
    assert await again.terminated() == 0


async def test_what_another_bot_was_asked_is_not_answered_by_this_one(tmp_path: Path) -> None:
    async with telegram_stage(tmp_path) as stage:
        boss = await stage.boss()
        message = await boss.says("/help")
        await boss.private.next()
        asked = {"update_id": 900_000, "message": message.to_json()}
        number = int(TOKEN.partition(":")[0])
    for bot, answers in ((17, 0), (number, 1)):
        kept = {"bot": bot, "updates": [asked]}
        (tmp_path / KEPT).write_text(json.dumps(kept))
        server = TelegramServer()
        boss = server.user("Imena Vorga", number=BOSS)
        boss.started = True
        async with telegram_stage(tmp_path, server=server):
            await server.quiet()
            assert len(boss.private.sent) == answers
            assert not (tmp_path / KEPT).exists()


async def test_a_file_of_kept_updates_that_is_damaged_hinders_nothing(tmp_path: Path) -> None:
    for damaged in ("", "{", "[]", "17", '{"bot": 4200000001}'):
        (tmp_path / KEPT).write_text(damaged)
        async with telegram_stage(tmp_path) as stage:
            await stage.server.quiet(settle=0.01)


async def test_whatever_fails_the_log_is_clear_and_has_no_token(
    server: TelegramServer, here: Machine
) -> None:
    faults = {
        "getMe": [broken(502), reset(), flood(1)],
        "setMyCommands": [denied("no menus")],
        "deleteWebhook": [bad("odd")],
        "getUpdates": [broken(500), reset(), broken(200), bad("odd")],
        "sendMessage": [bad("can't parse entities"), denied("no access"), reset(), broken(502)],
    }
    for method, each in faults.items():
        for fault in each:
            server.fail(fault, on=method)
    service = await here.quick(20)
    await service.ready()
    readers = people(server, 4)
    for reader in readers:
        await reader.user.says("/help")
    await eventually(lambda: server.calls["sendMessage"] >= 6)
    await server.quiet()
    assert await service.terminated() == 0
    assert service.complaints == ""
    told = service.log()  # the fixture looks for the token
    assert told.count("Telegram is out of reach") == 2 + 1 + 4
    assert told.count("update failed") == 1, "the one defect: what could not be parsed"
    assert server.base_url not in told


async def test_a_wrong_token_ends_with_one_clear_line(
    server: TelegramServer, here: Machine
) -> None:
    service = await here.command("run", TELEGRAM_BOT_TOKEN=ANOTHER)
    assert await service.ended() == 1
    assert service.said == []
    assert len(service.complaints.splitlines()) == 1
    assert "TELEGRAM_BOT_TOKEN" in service.complaints
    assert ANOTHER not in service.complaints + service.log()


async def test_a_token_that_is_revoked_ends_the_service_with_one_clear_line(
    server: TelegramServer, here: Machine
) -> None:
    service = await here.command("run")
    await service.ready()
    (reader,) = people(server, 1)
    await reader.user.asks("/help")
    server.token = ANOTHER
    await reader.user.says("/help")
    assert await service.ended() == 1
    assert len(service.complaints.splitlines()) == 1
    assert "TELEGRAM_BOT_TOKEN" in service.complaints


async def test_telegram_out_of_reach_at_the_start_is_tried_again_and_the_terminal_works(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with machine(tmp_path, f"http://127.0.0.1:{port}") as here:
        await _put_in_line(here, Platform.TERMINAL, "terminal", DraftPart("a word for you\n"))
        service = await here.command("run")
        assert await service.line() == "a word for you"
        async with TelegramServer(port=port) as server:
            await service.ready()
            (reader,) = people(server, 1)
            assert (await reader.user.asks("/help")).text
            assert await service.terminated() == 0
        assert service.complaints == ""
        assert "out of reach" in service.log()


async def test_sigterm_ends_a_service_that_never_reached_telegram(tmp_path: Path) -> None:
    async with machine(tmp_path, "http://127.0.0.1:9") as here:
        service = await here.command("run")
        await eventually(lambda: "out of reach" in service.log())
        assert await service.terminated() == 0
        assert service.complaints == ""


async def test_sigterm_ends_a_service_that_telegram_keeps_waiting(
    server: TelegramServer, here: Machine
) -> None:
    service = await here.command("run")
    await service.ready()
    (reader,) = people(server, 1)
    await reader.user.asks("/help")
    server.fail(silent(after_effect=False), times=99)
    await reader.user.says("/help")
    await eventually(lambda: server.calls["sendMessage"] == 2)
    assert await service.terminated() == 0
    assert service.complaints == ""
    assert kept_file(here).exists()
    assert "Traceback" not in service.log()


class Ear:
    """A platform that hears nothing and says when it was ended."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.ended = False

    async def listen(self) -> None:
        try:
            if self.failure is not None:
                raise self.failure
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)  # the last words of what goes on
            self.ended = True


@pytest.mark.parametrize("failure", [UserError("connecting.bad_token"), ZeroDivisionError()])
async def test_a_platform_that_can_not_go_on_ends_the_service_and_the_others_properly(
    tmp_path: Path, failure: Exception
) -> None:
    clock, ears = SetClock(START), (Ear(), Ear(failure), Ear())
    known = Settings(PAPERROUND_DATABASE=tmp_path / "paperround.db", PAPERROUND_CATEGORIES="cs.CV")
    async with opened(known, clock=clock, source=Announcer()) as app:
        service = Service(replace(app, listeners=ears), clock)
        with pytest.raises(type(failure)):
            await asyncio.wait_for(service.run(), 5)
    assert all(ear.ended for ear in ears)


async def test_a_service_that_is_stopped_lets_every_platform_finish(tmp_path: Path) -> None:
    clock, ears = SetClock(START), (Ear(), Ear())
    known = Settings(PAPERROUND_DATABASE=tmp_path / "paperround.db", PAPERROUND_CATEGORIES="cs.CV")
    async with opened(known, clock=clock, source=Announcer()) as app:
        service = Service(replace(app, listeners=ears), clock)
        running = asyncio.create_task(service.run())
        await asyncio.sleep(0.05)
        service.stop()
        await asyncio.wait_for(running, 5)
    assert all(ear.ended for ear in ears)


async def test_of_two_programs_on_a_bot_the_second_ends_with_one_clear_line(
    server: TelegramServer, here: Machine
) -> None:
    first = await here.quick(200)
    await first.ready()
    (reader,) = people(server, 1)
    await reader.user.asks("/help")
    await asyncio.sleep(0.4)  # more than a minute
    second = await here.command("run", PAPERROUND_DATABASE=str(here.folder / "b" / "second.db"))
    assert await second.ended() == 1
    assert len(second.complaints.splitlines()) == 1
    assert "Another program" in second.complaints
    await reader.user.asks("/help")
    assert await first.terminated() == 0
    assert first.complaints == ""


async def test_killed_while_sending_at_most_what_was_in_flight_comes_twice(
    server: TelegramServer, here: Machine
) -> None:
    readers = people(server, 5)
    texts = tuple(f"part {number}" for number in range(1, 40))
    db = Database.open(here.database)
    try:
        for reader in readers:
            await db.write(post_parts, str(reader.id), texts, START)
    finally:
        db.close()
    server.fail(late(0.05), on="sendMessage", times=10_000)

    def arrived() -> int:
        return sum(len(reader.sent) for reader in readers)

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
    for reader in readers:
        told = said(reader)
        assert tuple(dict.fromkeys(told)) == texts, "in order, nothing lost"
        assert max(told.count(text) for text in texts) <= 2
        twice += len(told) - len(texts)
    assert 0 < twice <= KILLS * len(readers)
    assert not server.refused


async def _put_in_line(here: Machine, platform: Platform, address: str, *drafts: DraftPart) -> None:
    db = Database.open(here.database)
    try:
        chat = await db.write(chats.ensure, platform, address, lang=Lang.EN, tz="UTC")
        await db.write(outbox.enqueue, chat.key, drafts, START)
    finally:
        db.close()
