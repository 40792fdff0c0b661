"""What Slack refuses: a channel, a person, a thread, a part, the token; and what becomes of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_examples import slack_without_complaints
from slack_faults import error
from slack_post import POSTING, SlackOffice, channels, said, slack_office
from slack_server import SlackServer
from structlog.testing import capture_logs


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch) as server:
        yield server


@pytest.fixture
async def office(server: SlackServer, tmp_path: Path) -> AsyncIterator[SlackOffice]:
    async with slack_office(tmp_path, server) as office:
        yield office


async def test_channels_that_take_nothing_are_parked_and_the_others_get_theirs(
    server: SlackServer, office: SlackOffice
) -> None:
    away = archived, left, closed, gone = channels(server, 4)
    other = server.channel("other")
    for channel in (*away, other):
        await office.post(channel, "one", "two")
    await archived.archive()
    await left.remove_bot()
    closed.posting = "admins"
    await gone.delete()

    await office.deliver_all()
    assert await office.parked() == {
        archived.id: "is_archived",
        left.id: "not_in_channel",
        closed.id: "restricted_action",
        gone.id: "channel_not_found",
    }
    assert said(other) == ["one", "two"]
    assert (await office.states()).count("pending") == 8, "they wait for the way back"
    assert len(server.refused) == 4, "each channel is asked once"

    await archived.unarchive()
    await left.add_bot()
    await office.unpark()
    await office.deliver_all()
    assert said(archived) == said(left) == ["one", "two"]
    server.log.clear()


@pytest.mark.parametrize(
    "code", ["user_disabled", "cannot_dm_bot", "messages_tab_disabled", "user_not_found"]
)
async def test_a_person_who_takes_nothing_is_parked(
    server: SlackServer, office: SlackOffice, code: str
) -> None:
    ada, bo = server.user("Imena"), server.user("Tolan")
    for each in (ada, bo):
        await office.post(each.dm, "one", address=each.id)
    server.fail(error(code), on=POSTING, channel=ada.dm)
    await office.deliver_all()
    assert await office.parked() == {ada.id: code}
    assert said(bo.dm) == ["one"]
    assert await office.states() == ["pending", "sent"]


async def test_a_part_that_slack_refuses_is_refused_once_and_the_rest_goes_on(
    server: SlackServer, office: SlackOffice
) -> None:
    (lab,) = channels(server, 1)
    await office.post(lab, "one", "two", "three")
    server.fail(error("invalid_blocks"), on=POSTING, after=1)
    with capture_logs() as logs:
        await office.deliver_all()
    assert said(lab) == ["one", "three"]
    assert await office.states() == ["sent", "rejected", "sent"]
    assert [each["event"] for each in logs] == ["part refused"]
    assert logs[0]["log_level"] == "error"
    assert server.calls[POSTING] == 3
    assert await office.parked() == {}


async def test_the_cards_of_a_root_that_is_refused_go_with_it(
    server: SlackServer, office: SlackOffice
) -> None:
    (lab,) = channels(server, 1)
    await office.digest(lab, "root", "card 1", "card 2")
    await office.post(lab, "tomorrow's")
    server.fail(error("msg_blocks_too_long"), on=POSTING)
    await office.deliver_all()
    assert said(lab) == ["tomorrow's"]


@pytest.mark.parametrize(
    "code", ["restricted_action_non_threadable_channel", "restricted_action_thread_locked"]
)
async def test_a_digests_thread_that_is_closed_is_not_the_channel(
    server: SlackServer, office: SlackOffice, code: str
) -> None:
    (lab,) = channels(server, 1)
    await office.digest(lab, "root", "card 1", "card 2")
    await office.post(lab, "tomorrow's")
    server.fail(error(code), on=POSTING, after=1, times=2)
    await office.deliver_all()
    assert said(lab) == ["root", "tomorrow's"]
    assert await office.parked() == {}
    await office.post(lab, "into the thread", address=f"{lab.id}/{lab.messages[0].ts}")
    server.fail(error(code), on=POSTING)
    await office.deliver_all()
    assert [*(await office.parked()).values()] == [code]


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_is_not_accepted_loses_nothing(
    server: SlackServer, office: SlackOffice, code: str
) -> None:
    rooms = channels(server, 4)
    server.token_error = code
    for room in rooms:
        await office.post(room, "one")
    with capture_logs() as logs:
        for _ in range(3):
            look = await office.deliver()
            assert look is not None
            office.clock.put_forward(look)
    assert set(await office.states()) == {"pending"}
    assert await office.parked() == {}
    assert "Slack does not take the bot token" in {each["event"] for each in logs}
    server.token_error = ""
    await office.deliver_all()
    assert [said(room) for room in rooms] == [["one"]] * 4
    server.log.clear()
