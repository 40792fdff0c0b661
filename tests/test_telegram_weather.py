"""Delivery to Telegram on its bad days: what is held, what goes again, and that nothing is lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from digest_stage import WEDNESDAY, study
from ports import free_port
from structlog.testing import capture_logs
from telegram_faults import Fault, bad, broken, denied, flood, reset, silent
from telegram_post import PostOffice, people, post_office, post_parts, said
from telegram_server import TelegramServer
from telegram_stage import telegram_stage

from storage import outbox

HOURS = timedelta(hours=1)
OPEN = {"PAPERROUND_OPEN": "true"}


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert not server.violations


@pytest.fixture
async def unopened() -> AsyncIterator[TelegramServer]:
    """For the stage, which opens it."""
    server = TelegramServer()
    yield server
    assert not server.violations
    assert not server.refused


@pytest.fixture
async def office(server: TelegramServer, tmp_path: Path) -> AsyncIterator[PostOffice]:
    async with post_office(tmp_path, server.api_url) as office:
        yield office


async def test_a_429_holds_only_its_chat_and_sends_nothing_again(
    server: TelegramServer, office: PostOffice
) -> None:
    held, free = people(server, 2)
    await office.post(held, "one", "two", "three")
    await office.post(free, "one", "two", "three")
    server.fail(flood(120), on="sendMessage", chat=held, after=1)

    look = await office.deliver()
    assert said(held) == ["one"]
    assert said(free) == ["one", "two", "three"]
    assert look is not None
    assert look - office.clock.now() > timedelta(seconds=100)
    await office.post(free, "four")
    await office.deliver()
    assert said(free)[-1] == "four"
    assert len(server.arrivals[held.id]) == 2, "nothing goes there before its time"

    await office.deliver_all()
    assert said(held) == ["one", "two", "three"]
    assert not server.refused


async def test_429s_of_several_chats_hold_all_of_them_and_nothing_is_lost(
    server: TelegramServer, office: PostOffice
) -> None:
    *refused, other = people(server, 4)
    for chat in refused:
        server.fail(flood(120), on="sendMessage", chat=chat)
        await office.post(chat, "good morning", "two")
    await office.deliver()
    await office.post(other, "good morning", "two")
    look = await office.deliver()
    assert said(other) == [], "it is not the chats that Telegram means"
    assert look is not None
    assert look - office.clock.now() > timedelta(seconds=90)

    await office.deliver_all()
    assert [said(chat) for chat in (*refused, other)] == [["good morning", "two"]] * 4


@pytest.mark.parametrize("code", [500, 502, 503, 504])
async def test_a_server_in_trouble_is_tried_again_until_it_works(
    server: TelegramServer, office: PostOffice, code: int
) -> None:
    (chat,) = people(server, 1)
    await office.post(chat, "one", "two")
    server.fail(broken(code), on="sendMessage", times=9)
    await office.deliver_all()
    assert said(chat) == ["one", "two"]
    assert await office.states() == ["sent", "sent"]


@pytest.mark.parametrize(
    "fault", [silent(after_effect=True), reset(), silent(after_effect=False), broken(200)]
)
async def test_what_may_have_arrived_is_sent_once_more(
    server: TelegramServer, tmp_path: Path, fault: Fault
) -> None:
    (chat,) = people(server, 1)
    async with post_office(tmp_path, server.api_url, read_timeout=0.3) as office:
        await office.post(chat, "one", "two")
        server.fail(fault, on="sendMessage")
        await office.deliver_all()
        happened = fault in (silent(after_effect=True), reset())
        assert said(chat) == (["one", "one", "two"] if happened else ["one", "two"])
        assert await office.states() == ["sent", "sent"]


@pytest.mark.parametrize("fault", [silent(after_effect=True), reset()])
async def test_what_may_have_arrived_twice_is_unsure_and_the_rest_goes_on(
    server: TelegramServer, tmp_path: Path, fault: Fault
) -> None:
    (chat,) = people(server, 1)
    async with post_office(tmp_path, server.api_url, read_timeout=0.3) as office:
        await office.post(chat, "one", "two")
        server.fail(fault, on="sendMessage", times=2)
        await office.deliver_all()
        assert said(chat) == ["one", "one", "two"]
        assert await office.states() == ["unsure", "sent"]
        assert (await office.db.read(outbox.queue)).unsure == 1


async def test_who_blocks_leaves_or_puts_us_out_is_parked_and_the_others_get_theirs(
    server: TelegramServer, office: PostOffice
) -> None:
    owner = server.user("Imena Vorga")
    blocked, deleted, other = (
        server.user(name) for name in ("Tolan Brisk", "Ora Lind", "Mo Ester")
    )
    for each in (blocked, deleted, other):
        each.started = True
    group = server.group("Lab", admins=[owner])
    channel = server.channel("Papers", admins=[owner])
    away = (blocked.private, deleted.private, group, channel)
    for chat in (*away, other.private):
        await office.post(chat, "one", "two")
    await blocked.blocks_bot()
    await deleted.deletes_account()
    await group.remove_bot(owner)
    await channel.demote_bot(owner)

    await office.deliver_all()
    parked = await office.parked()
    assert parked.keys() == {str(chat.id) for chat in away}
    assert "blocked" in parked[str(blocked.id)]
    assert said(other.private) == ["one", "two"]
    assert (await office.states()).count("pending") == 8, "they wait for who comes back"
    assert len(server.refused) == 4, "each chat is asked once"

    await blocked.unblocks_bot()
    await channel.promote_bot(owner)
    await office.unpark()
    await office.deliver_all()
    assert said(blocked.private) == said(channel) == ["one", "two"]


@pytest.mark.parametrize("words", ["chat not found", "TOPIC_CLOSED", "CHAT_WRITE_FORBIDDEN"])
async def test_a_chat_that_takes_nothing_is_parked(
    server: TelegramServer, office: PostOffice, words: str
) -> None:
    closed, other = people(server, 2)
    for chat in (closed, other):
        await office.post(chat, "one")
    server.fail(bad(words), on="sendMessage", chat=closed)
    await office.deliver_all()
    assert list(await office.parked()) == [str(closed.id)]
    assert said(other) == ["one"]
    assert await office.states() == ["pending", "sent"]


async def test_a_part_that_telegram_refuses_is_refused_once_and_the_rest_goes_on(
    server: TelegramServer, office: PostOffice
) -> None:
    (chat,) = people(server, 1)
    await office.post(chat, "one", "two", "three")
    server.fail(bad("can't parse entities"), on="sendMessage", chat=chat, times=1, after=1)
    with capture_logs() as logs:
        await office.deliver_all()
    assert said(chat) == ["one", "three"]
    assert await office.states() == ["sent", "rejected", "sent"]
    assert [each["event"] for each in logs] == ["part refused"]
    assert logs[0]["log_level"] == "error"
    assert server.calls["sendMessage"] == 3
    assert await office.parked() == {}


async def test_a_group_that_migrates_takes_what_waits_along(
    server: TelegramServer, office: PostOffice
) -> None:
    group = server.group("Lab", kind="group")
    await office.post(group, "one", "two")
    new = await group.migrate()
    await office.deliver_all()
    assert said(new) == ["one", "two"]
    assert said(group) == []
    assert await office.query("SELECT address FROM chat") == [{"address": str(new.id)}]


async def test_what_was_for_a_deleted_topic_comes_to_the_chat(
    server: TelegramServer, office: PostOffice
) -> None:
    forum = server.group("Lab", forum=True)
    topic = await forum.add_topic("arXiv")
    await office.post(forum, "one", address=f"{forum.id}/{topic}")
    await office.deliver_all()
    assert [message.thread for message in forum.messages] == [topic]
    await office.post(forum, "two", "three", address=f"{forum.id}/{topic}")
    await forum.delete_topic(topic)
    await office.deliver_all()
    assert [(each.text, each.thread) for each in forum.messages] == [("two", None), ("three", None)]


async def test_after_hours_without_a_network_everything_arrives_in_its_order(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with post_office(tmp_path, f"http://127.0.0.1:{port}") as office:
        async with TelegramServer(port=port) as nobody:
            chats = people(nobody, 5)
        texts = [f"part {number}" for number in range(1, 4)]
        for chat in chats:
            await office.post(chat, *texts)
        begun = office.clock.now()
        while (now := office.clock.now()) < begun + 9 * HOURS:
            look = await office.deliver()
            assert look is not None
            assert look - now <= 1.5 * HOURS, "an hour after it is back everything goes"
            office.clock.put_forward(look)
        assert set(await office.states()) == {"pending"}
        async with TelegramServer(port=port) as server:
            chats = people(server, 5)
            await office.deliver_all()
            assert [said(chat) for chat in chats] == [texts] * 5
            assert not server.refused


async def test_a_chat_that_hangs_delays_no_other(server: TelegramServer, tmp_path: Path) -> None:
    hanging, *others = people(server, 8)
    async with post_office(tmp_path, server.api_url, read_timeout=20) as office:
        for chat in (hanging, *others):
            await office.post(chat, "one", "two")
        server.fail(silent(after_effect=False), on="sendMessage", chat=hanging)
        begun = time.monotonic()
        await office.deliverer.deliver()
        while (await office.states()).count("sent") < 2 * len(others):
            await asyncio.sleep(0.02)
            assert time.monotonic() - begun < 5
        assert said(hanging) == []
        assert await office.states() == ["sending", "pending"] + ["sent"] * 2 * len(others)


async def test_an_office_that_ends_in_the_middle_repeats_at_most_what_was_in_flight(
    server: TelegramServer, tmp_path: Path
) -> None:
    chats = people(server, 6)
    async with post_office(tmp_path, server.api_url) as office:
        for chat in chats:
            await office.post(chat, "one", "two", "three")
        await office.deliverer.deliver()
        await asyncio.sleep(0.03)
    async with post_office(tmp_path, server.api_url) as office:
        await office.recover()
        await office.deliver_all()
    for chat in chats:
        assert list(dict.fromkeys(said(chat))) == ["one", "two", "three"]
        assert len(said(chat)) <= 4


async def test_a_token_that_is_not_accepted_for_a_while_loses_nothing(tmp_path: Path) -> None:
    async with TelegramServer(token="4200000002:another-invented-token-of-nowhere1") as server:
        (chat,) = people(server, 1)
        async with post_office(tmp_path, server.api_url) as office:
            await office.post(chat, "one")
            for _ in range(3):
                look = await office.deliver()
                assert look is not None
                office.clock.put_forward(look)
            assert await office.states() == ["pending"]
            errors = await office.query("SELECT error FROM part")
            assert "4200000" not in str(errors)


async def test_a_403_in_the_middle_leaves_what_arrived_and_keeps_the_rest(
    server: TelegramServer, office: PostOffice
) -> None:
    (chat,) = people(server, 1)
    await office.post(chat, "one", "two", "three")
    server.fail(denied(), on="sendMessage", chat=chat, after=1)
    await office.deliver_all()
    assert said(chat) == ["one"]
    await office.unpark()
    await office.deliver_all()
    assert said(chat) == ["one", "two", "three"]


async def test_what_is_unsure_is_shown_in_status(unopened: TelegramServer, tmp_path: Path) -> None:
    async with telegram_stage(tmp_path, server=unopened) as stage:
        boss = await stage.boss()
        await boss.asks("/subscribe multimodal at 08:30")
        unopened.fail(reset(), on="sendMessage", times=2)
        await stage.morning(WEDNESDAY, study(1, "multimodal learning"))
        status = (await boss.asks("/status")).text
        assert "1 perhaps not delivered" in status


async def test_answers_come_at_once_while_a_morning_goes_out(
    unopened: TelegramServer, tmp_path: Path
) -> None:
    async with telegram_stage(tmp_path, server=unopened) as stage:
        boss = await stage.boss()
        readers = people(unopened, 40)
        for reader in readers:
            await stage.app.db.write(post_parts, str(reader.id), ("one", "two"), stage.clock.now())
        sending = asyncio.create_task(stage.deliver())
        await unopened.bell.until(lambda: readers[5].sent, 5)
        for _ in range(2):
            begun = time.monotonic()
            await boss.asks("/help")
            assert time.monotonic() - begun < 0.5
        assert not all(reader.sent for reader in readers), "the morning goes on"
        await sending


async def test_an_answer_that_is_held_by_a_429_comes_once_and_holds_nobody_else(
    unopened: TelegramServer, tmp_path: Path
) -> None:
    async with telegram_stage(tmp_path, server=unopened, settings=OPEN):
        held, other = unopened.user("Tolan Brisk"), unopened.user("Ora Lind")
        unopened.fail(flood(1), on="sendMessage", chat=held.private)
        begun = time.monotonic()
        await held.says("/help")
        await other.asks("/help")
        assert time.monotonic() - begun < 1
        assert said(held.private) == []
        await held.private.next()
        assert time.monotonic() - begun >= 1
        await unopened.quiet()
        assert len(held.private.sent) == 1


async def test_a_chat_that_is_held_for_long_gets_no_answer_but_its_taps_do(
    unopened: TelegramServer, tmp_path: Path
) -> None:
    async with telegram_stage(tmp_path, server=unopened, settings=OPEN):
        ada = unopened.user("Tolan Brisk")
        await ada.starts()
        menu = await ada.private.next()
        unopened.fail(flood(300), on="sendMessage", chat=ada.private)
        await ada.says("/help")
        await unopened.quiet()
        assert len(ada.private.sent) == 1
        await ada.taps(menu, "Help")  # the button turns no longer
        assert (await unopened.user("Ora Lind").asks("/help")).text


async def test_who_blocks_us_while_we_answer_is_no_defect(
    unopened: TelegramServer, tmp_path: Path
) -> None:
    async with telegram_stage(tmp_path, server=unopened, settings=OPEN):
        ada, bo = unopened.user("Tolan Brisk"), unopened.user("Ora Lind")
        unopened.fail(denied(), on="sendMessage", chat=ada.private)
        with capture_logs() as logs:
            await ada.says("/help")
            await bo.asks("/help")
            await unopened.quiet()
        assert {each["log_level"] for each in logs} <= {"info"}
        assert said(ada.private) == []
