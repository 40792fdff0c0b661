"""Delivery to Slack on its bad days: what is held, what goes again, and that nothing is lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from ports import free_port
from proxies import Mood, Proxy, http_proxy, socks_proxy
from slack_examples import without_proxies
from slack_faults import Fault, broken, error, flood, reset, silent
from slack_limits import Rates
from slack_post import SlackOffice, channels, draft, edit, said, slack_office
from slack_server import SlackServer
from structlog.testing import capture_logs
from telegram_post import SPEED

from jobs.ports import RetryLater
from storage import outbox
from storage.models import DraftPart

Opener = Callable[..., AbstractAsyncContextManager[Proxy]]

HOURS = timedelta(hours=1)
POSTING = "chat.postMessage"
PROXIES = pytest.mark.parametrize(
    ("scheme", "opened"), [("http", http_proxy), ("socks5", socks_proxy)], ids=["http", "socks5"]
)
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
    without_proxies(monkeypatch)
    async with SlackServer() as server:
        yield server
        assert not server.violations
        assert not server.refused


@pytest.fixture
async def office(server: SlackServer, tmp_path: Path) -> AsyncIterator[SlackOffice]:
    async with slack_office(tmp_path, server) as office:
        yield office


async def test_a_post_carries_its_parts_key_a_fallback_and_no_previews(
    server: SlackServer, office: SlackOffice
) -> None:
    (lab,) = channels(server, 1)
    parts = await office.digest(lab, "root of *stars* and _lines_", "card")
    await office.deliver_all()
    posted = [call.params for call in server.log if call.method == POSTING]
    for params, part in zip(posted, parts, strict=True):
        assert params["metadata"] == {
            "event_type": "paperround_part",
            "event_payload": {"part": part},
        }
        assert params["text"]
        assert params["mrkdwn"] is False
        assert params["unfurl_links"] is False
        assert params["unfurl_media"] is False
    assert len({params["client_msg_id"] for params in posted}) == 2
    root, card = lab.messages
    assert card.thread == root.ts
    assert not card.broadcast


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


async def test_cards_wait_for_their_roots_thread(server: SlackServer, office: SlackOffice) -> None:
    lab, other = channels(server, 2)
    for channel in (lab, other):
        await office.digest(channel, "root", "card 1", "card 2")
    server.fail(flood(300), on=POSTING, channel=lab)
    await office.deliver()
    assert said(lab) == []
    await office.deliver_all()
    for channel in (lab, other):
        root, *cards = channel.messages
        assert [card.text for card in cards] == ["card 1", "card 2"]
        assert {card.thread for card in cards} == {root.ts}
        assert channel.roots == [root]


async def test_a_digest_for_a_thread_stays_in_that_thread(
    server: SlackServer, office: SlackOffice
) -> None:
    ada = server.user("Imena")
    lab = server.channel("lab", [ada])
    begun = await ada.says("papers, please", lab)
    card = DraftPart(draft("card").payload, parent=0)
    await office.put(f"{lab.id}/{begun.ts}", draft("root"), card)
    await office.deliver_all()
    assert [(m.text, m.thread) for m in lab.messages] == [("root", begun.ts), ("card", begun.ts)]


async def test_an_edit_takes_the_place_of_what_was_posted(
    server: SlackServer, office: SlackOffice
) -> None:
    lab, other = channels(server, 2)
    for channel in (lab, other):
        await office.put(channel.id, draft("root"), edit("changed"))
    server.fail(reset(after_effect=True), on="chat.update", channel=lab)
    await office.deliver_all()
    assert said(lab) == said(other) == ["changed"]
    assert await office.states() == ["sent"] * 4
    await (
        lab.find(lab.messages[0].ts)
        .channel.world.users.get("x", server.user("X"))
        .deletes(lab.messages[0])
    )
    await office.post(lab, "next")
    await office.deliver_all()
    assert said(lab)[-1] == "next"


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


@PROXIES
@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.REFUSING, Mood.HANGING_UP])
async def test_what_a_proxy_does_not_let_through_waits_and_is_never_in_doubt(
    tmp_path: Path, scheme: str, opened: Opener, mood: Mood
) -> None:
    async with (
        opened(mood) as proxy,
        slack_office(
            tmp_path,
            "https://slack.example/api",
            proxy=f"{scheme}://127.0.0.1:{proxy.port}",
            patience=0.3,
        ) as office,
    ):
        await office.put("C0123", draft("one"))
        for _ in range(3):
            look = await office.deliver()
            assert look is not None
            office.clock.put_forward(look)
        assert await office.states() == ["pending"]
        assert proxy.asked == ["slack.example:443"] * 3
        [row] = await office.query("SELECT ambiguities FROM part")
        assert row["ambiguities"] == 0


@PROXIES
async def test_what_waited_for_the_proxy_arrives_once_when_it_works_again(
    server: SlackServer, tmp_path: Path, scheme: str, opened: Opener
) -> None:
    (lab,) = channels(server, 1)
    async with opened() as proxy:
        url = f"{scheme}://127.0.0.1:{proxy.port}"
        async with slack_office(tmp_path, server, proxy=url, patience=2) as office:
            proxy.mood = Mood.REFUSING
            await office.post(lab, "one", "two")
            await office.deliver()
            proxy.mood = Mood.WILLING
            await office.deliver_all()
            assert said(lab) == ["one", "two"]
            proxy.mood = Mood.REFUSING


async def test_a_part_that_is_paced_for_long_is_given_back(office: SlackOffice) -> None:
    for _ in range(5):
        await office.messenger.turn("C0123")
    office.messenger._turnstile.refused("C0123", timedelta(minutes=5))
    with pytest.raises(RetryLater, match="pace"):
        await office.messenger.turn("C0123/1.1")
