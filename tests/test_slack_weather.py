"""Delivery to Slack on its bad days: what is held, what goes again, and that nothing is lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from ports import free_port
from slack_examples import slack_without_complaints
from slack_faults import broken, error, flood, silent
from slack_limits import Rates
from slack_post import POSTING, SlackOffice, channels, draft, edit, said, slack_office
from slack_server import SlackServer
from telegram_post import SPEED

from jobs.ports import RetryLater

HOURS = timedelta(hours=1)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch) as server:
        yield server


@pytest.fixture
async def office(server: SlackServer, tmp_path: Path) -> AsyncIterator[SlackOffice]:
    async with slack_office(tmp_path, server) as office:
        yield office


async def test_a_429_holds_only_its_channel_and_sends_nothing_again(
    server: SlackServer, office: SlackOffice
) -> None:
    held, free = channels(server, 2)
    await office.post(held, "one", "two", "three")
    await office.post(free, "one", "two", "three")
    server.fail(flood(120), on=POSTING, channel=held, after=1)

    look = await office.deliver()
    assert said(held) == ["one"]
    assert said(free) == ["one", "two", "three"]
    assert look is not None
    assert look - office.clock.now() > timedelta(seconds=100)
    await office.post(free, "four")
    await office.deliver()
    assert said(free)[-1] == "four"
    assert sum(call.channel == held.id for call in server.log) == 2

    await office.deliver_all()
    assert said(held) == ["one", "two", "three"]


async def test_429s_of_several_channels_hold_all_of_them_and_nothing_is_lost(
    server: SlackServer, office: SlackOffice
) -> None:
    *refused, other = channels(server, 4)
    for channel in refused:
        server.fail(flood(120), on=POSTING, channel=channel)
        await office.post(channel, "good morning", "two")
    await office.deliver()
    await office.post(other, "good morning", "two")
    look = await office.deliver()
    assert said(other) == [], "it is the workspace that Slack means"
    assert look is not None
    assert look - office.clock.now() > timedelta(seconds=90)

    await office.deliver_all()
    assert [said(channel) for channel in (*refused, other)] == [["good morning", "two"]] * 4


async def test_a_429_of_another_method_holds_that_method_alone_and_is_asked_once(
    server: SlackServer, office: SlackOffice
) -> None:
    *edited, other = channels(server, 5)
    for channel in edited:
        await office.put(channel.id, draft("as it was"))
    await office.deliver_all()
    for channel in edited:
        await office.put(channel.id, draft("root"), edit("changed"))
    server.fail(flood(10), on="chat.update")
    asked = time.monotonic()
    delivering = asyncio.create_task(office.deliver_all())
    await server.bell.until(lambda: server.calls["chat.update"], 5)
    await office.post(other, "one", "two")
    await office.deliverer.deliver()
    await other.wait_for(2)
    assert time.monotonic() - asked < 10
    await delivering
    assert [said(channel)[-1] for channel in edited] == ["changed"] * 4
    assert server.calls["chat.update"] == 5, "one was refused, the others waited"
    assert set(await office.states()) == {"sent"}


async def test_a_method_that_is_to_rest_for_long_gives_its_part_back(
    server: SlackServer, office: SlackOffice
) -> None:
    lab, other, third = channels(server, 3)
    await office.put(lab.id, draft("root"), edit("changed"))
    server.fail(flood(120), on="chat.update")
    await office.deliver()
    while (look := await office.deliver()) and look - office.clock.now() < timedelta(seconds=60):
        office.clock.put_forward(look)
    assert said(lab) == ["root"]
    await office.post(lab, "not before it")
    await office.post(other, "one")
    await office.put(third.id, draft("root"), edit("changed"))
    await office.deliver()
    assert said(other) == ["one"]
    await office.deliver_all()
    assert said(lab) == ["changed", "not before it"]
    assert said(third) == ["changed"]
    assert server.calls["chat.update"] == 3, "it is asked once whether it rests"


@pytest.mark.parametrize("code", [500, 502, 503, 504])
async def test_a_server_in_trouble_is_tried_again_until_it_works(
    server: SlackServer, office: SlackOffice, code: int
) -> None:
    (lab,) = channels(server, 1)
    await office.post(lab, "one", "two")
    server.fail(broken(code), on=POSTING, times=9)
    await office.deliver_all()
    assert said(lab) == ["one", "two"]
    assert await office.states() == ["sent", "sent"]


@pytest.mark.parametrize("code", ["service_unavailable", "request_timeout", "team_added_to_org"])
async def test_what_slack_says_to_be_passing_passes(
    server: SlackServer, office: SlackOffice, code: str
) -> None:
    (lab,) = channels(server, 1)
    await office.post(lab, "one")
    server.fail(error(code), on=POSTING, times=3)
    await office.deliver_all()
    assert said(lab) == ["one"]


async def test_a_channel_gets_a_message_each_1_2_seconds_and_no_429(tmp_path: Path) -> None:
    async with SlackServer(rates=Rates(burst=1, workspace=300), speed=SPEED) as server:
        many = channels(server, 40)
        async with slack_office(tmp_path, server) as office:
            for channel in many:
                await office.digest(channel, "root", *(f"card {n}" for n in range(4)))
            await office.deliver_all()
            assert {len(said(channel)) for channel in many} == {5}
            begun = office.clock.now()
            await office.post(many[0], *(f"part {n}" for n in range(6)))
            await office.deliver_all()
            took = office.clock.now() - begun
            assert timedelta(seconds=5) < took
        assert server.throttled == 0


async def test_after_hours_without_a_network_everything_arrives_in_its_order(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with slack_office(tmp_path, f"http://127.0.0.1:{port}/api") as office:
        async with SlackServer(port=port) as nobody:
            rooms = channels(nobody, 4)
        texts = [f"part {number}" for number in range(1, 4)]
        for room in rooms:
            await office.post(room, *texts)
        begun = office.clock.now()
        while (now := office.clock.now()) < begun + 9 * HOURS:
            look = await office.deliver()
            assert look is not None
            assert look - now <= 1.5 * HOURS, "an hour after it is back everything goes"
            office.clock.put_forward(look)
        assert set(await office.states()) == {"pending"}
        async with SlackServer(port=port) as server:
            rooms = channels(server, 4)
            await office.deliver_all()
            assert [said(room) for room in rooms] == [texts] * 4
            assert not server.refused


async def test_a_channel_that_hangs_delays_no_other(server: SlackServer, tmp_path: Path) -> None:
    hanging, *others = channels(server, 6)
    async with slack_office(tmp_path, server) as office:
        for channel in (hanging, *others):
            await office.post(channel, "one", "two")
        server.fail(silent(after_effect=False), on=POSTING, channel=hanging)
        begun = time.monotonic()
        await office.deliverer.deliver()
        while (await office.states()).count("sent") < 2 * len(others):
            await asyncio.sleep(0.02)
            assert time.monotonic() - begun < 5
        assert said(hanging) == []
        assert await office.states() == ["sending", "pending"] + ["sent"] * 2 * len(others)


async def test_a_part_that_is_paced_for_long_is_given_back(office: SlackOffice) -> None:
    for _ in range(5):
        await office.messenger.turn("C0123")
    office.messenger._turnstile.refused("C0123", timedelta(minutes=5))
    with pytest.raises(RetryLater, match="pace"):
        await office.messenger.turn("C0123/1.1")
