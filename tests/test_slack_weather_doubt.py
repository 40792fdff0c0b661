"""Parts that may have arrived at Slack or not: sent once more, looked up, or left unsure."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_examples import slack_without_complaints
from slack_faults import Fault, broken, error, flood, reset, silent
from slack_post import POSTING, channels, said, slack_office
from slack_server import SlackServer
from structlog.testing import capture_logs

from storage import outbox

UNKNOWN = [
    pytest.param(fault, happens, id=name)
    for fault, happens, name in (
        (silent(after_effect=True), True, "silent-after"),
        (silent(after_effect=False), False, "silent-before"),
        (reset(after_effect=True), True, "reset-after"),
        (reset(after_effect=False), False, "reset-before"),
        (error("internal_error", after_effect=True), True, "internal-error"),
        (error("fatal_error"), False, "fatal-error"),
        (broken(200), False, "a-page-that-is-not-slacks"),
    )
]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch) as server:
        yield server


@pytest.mark.parametrize(("fault", "happens"), UNKNOWN)
async def test_what_may_have_arrived_is_sent_once_more(
    server: SlackServer, tmp_path: Path, fault: Fault, happens: bool
) -> None:
    (lab,) = channels(server, 1)
    async with slack_office(tmp_path, server, patience=0.3) as office:
        await office.post(lab, "one", "two")
        server.fail(fault, on=POSTING)
        await office.deliver_all()
        assert said(lab) == (["one", "one", "two"] if happens else ["one", "two"])
        assert await office.states() == ["sent", "sent"]
        assert server.calls[POSTING] == 3, "the SDK sends nothing by itself"
        same = {call.params["client_msg_id"] for call in server.log[:2]}
        assert len(same) == 1


@pytest.mark.parametrize("fault", [silent(after_effect=True), reset(after_effect=True)])
async def test_what_may_have_arrived_twice_is_unsure_and_the_rest_goes_on(
    server: SlackServer, tmp_path: Path, fault: Fault
) -> None:
    (lab,) = channels(server, 1)
    async with slack_office(tmp_path, server, patience=0.3) as office:
        await office.post(lab, "one", "two")
        server.fail(fault, on=POSTING, times=2)
        await office.deliver_all()
        assert said(lab) == ["one", "one", "two"]
        assert await office.states() == ["unsure", "sent"]
        assert (await office.db.read(outbox.queue)).unsure == 1


@pytest.mark.parametrize(("fault", "happens"), UNKNOWN)
@pytest.mark.parametrize("where", ["channel", "thread", "person"])
async def test_with_lookups_nothing_is_sent_twice_and_nothing_is_unsure(
    server: SlackServer, tmp_path: Path, fault: Fault, happens: bool, where: str
) -> None:
    ada = server.user("Imena")
    lab = server.channel("lab", [ada])
    begun = await ada.says("papers, please", lab)
    address = {"channel": lab.id, "thread": f"{lab.id}/{begun.ts}", "person": ada.id}[where]
    channel = ada.dm if where == "person" else lab
    async with slack_office(tmp_path, server, verify=True, patience=0.3) as office:
        await office.post(channel, "one", "two", address=address)
        server.fail(fault, on=POSTING, times=3)
        await office.deliver_all()
        assert said(channel) == ["one", "two"]
        assert await office.states() == ["sent", "sent"]
        assert server.calls[POSTING] == (2 if happens else 5)
        refs = await office.query("SELECT ref FROM part ORDER BY key")
        assert [each["ref"] for each in refs] == [f"{channel.id}:{m.ts}" for m in channel.sent]


async def test_a_digests_cards_find_their_thread_whatever_becomes_of_the_calls(
    server: SlackServer, tmp_path: Path
) -> None:
    (lab,) = channels(server, 1)
    async with slack_office(tmp_path, server, verify=True, patience=0.3) as office:
        await office.digest(lab, "root", "card 1", "card 2")
        for after in range(3):
            server.fail(reset(after_effect=True), on=POSTING, after=after)
        server.fail(broken(502), on="conversations.history")
        server.fail(flood(1), on="conversations.replies")
        await office.deliver_all()
        root, *cards = lab.messages
        assert [root.text, *(card.text for card in cards)] == ["root", "card 1", "card 2"]
        assert {card.thread for card in cards} == {root.ts}


async def test_a_lookup_goes_through_many_messages(server: SlackServer, tmp_path: Path) -> None:
    ada = server.user("Imena")
    lab = server.channel("lab", [ada])
    async with slack_office(tmp_path, server, verify=True) as office:
        await office.post(lab, "one")
        server.fail(reset(after_effect=True), on=POSTING)
        look = await office.deliver()
        for number in range(450):
            await ada.says(f"message {number}", lab)
        assert look is not None
        office.clock.put_forward(look)
        await office.deliver_all()
        assert said(lab) == ["one"]
        assert server.calls["conversations.history"] == 3


async def test_lookups_without_their_scopes_leave_the_common_rule(tmp_path: Path) -> None:
    async with SlackServer() as server:
        server.scopes -= {"channels:history", "groups:history"}
        (lab,) = channels(server, 1)
        async with slack_office(tmp_path, server, verify=True) as office:
            await office.post(lab, "one", "two")
            server.fail(reset(after_effect=True), on=POSTING, times=3)
            with capture_logs() as logs:
                await office.deliver_all()
            assert await office.states() == ["unsure", "sent"]
            assert len(said(lab)) <= 4
            warned = [each for each in logs if each["log_level"] == "warning"]
            assert [each["reason"] for each in warned] == ["missing_scope"]
        assert {call.error for call in server.refused} == {"missing_scope"}


async def test_an_office_that_ends_in_the_middle_repeats_at_most_what_was_in_flight(
    server: SlackServer, tmp_path: Path
) -> None:
    rooms = channels(server, 6)
    async with slack_office(tmp_path, server) as office:
        for room in rooms:
            await office.post(room, "one", "two", "three")
        await office.deliverer.deliver()
        await asyncio.sleep(0.03)
    async with slack_office(tmp_path, server) as office:
        await office.recover()
        await office.deliver_all()
    for room in rooms:
        assert list(dict.fromkeys(said(room))) == ["one", "two", "three"]
        assert len(said(room)) <= 4
