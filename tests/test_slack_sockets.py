"""Socket Mode: connections that come and go, break, and end."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from digest_stage import WEDNESDAY, at, study
from slack_channels import Channel
from slack_connected import CONNECTING, helped, staged
from slack_examples import slack_without_complaints
from slack_faults import broken, error, flood, late, reset
from slack_manifests import manifest
from slack_server import APP_TOKEN, SlackServer
from slack_sockets import CONNECTIONS
from slack_stage import Stage
from slack_talk import HurriedClock
from slack_users import User
from structlog.testing import capture_logs
from telegram_processes import eventually
from telegram_stage import TUESDAY, SetClock

from bot.slack.client import Connection, WebClient, open_session
from bot.slack.socket_mode import SocketMode
from formatters.catalogue import say
from storage.models import Lang


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch, manifest=manifest()) as server:
        yield server


@pytest.fixture
async def stage(server: SlackServer, tmp_path: Path) -> AsyncIterator[Stage]:
    """On a clock by which nobody has to sleep."""
    async with staged(server, tmp_path) as stage:
        yield stage
        await server.quiet()


@pytest.fixture
def ada(server: SlackServer) -> User:
    return server.user("Imena")


@pytest.fixture
def lab(server: SlackServer, ada: User) -> Channel:
    return server.channel("lab", [ada])


@pytest.mark.usefixtures("stage")
async def test_a_connection_that_is_refreshed_is_replaced_and_nothing_is_lost(
    server: SlackServer, ada: User
) -> None:
    for times in range(2, 5):
        await server.sockets.refresh()
        asked = await ada.commands("/paperround", "help")
        assert not asked.failed
        await asked.next()
        assert server.sockets.opened == times
    await server.quiet()
    assert len(ada.dm.sent) == 3


async def test_a_connection_that_warns_is_replaced_before_it_ends(
    server: SlackServer, stage: Stage, ada: User
) -> None:
    await server.sockets.warn()
    await server.sockets.connected(2)
    await helped(stage, ada, times=6)
    server.sockets.drop(0)
    await helped(stage, ada)
    assert server.sockets.opened == 2, "the end of the old one is no news"
    server.sockets.drop(0)
    await helped(stage, ada)
    assert server.sockets.opened == 3


async def test_connections_that_break_are_replaced(
    server: SlackServer, stage: Stage, ada: User
) -> None:
    for _ in range(4):
        server.sockets.drop()
        await helped(stage, ada, times=1)


@pytest.mark.parametrize(
    "fault",
    [reset(after_effect=True), broken(), flood(1), error("ratelimited")],
    ids=["reset", "broken", "flood", "ratelimited"],
)
async def test_after_a_time_without_a_network_everything_is_heard_again(
    server: SlackServer, tmp_path: Path, ada: User, fault
) -> None:
    async with staged(server, tmp_path):
        server.fail(fault, on=CONNECTING, times=5)
        server.sockets.drop()
        said = [await ada.says("help"), await ada.says("topics")]
        await ada.dm.wait_for(2)
        await server.quiet()
        assert len(ada.dm.sent) == len(said)
        assert server.calls[CONNECTING] == 1 + 5 + 1


async def test_a_network_that_stays_away_is_not_asked_all_the_time(
    server: SlackServer, tmp_path: Path
) -> None:
    async with staged(server, tmp_path, SetClock(at(TUESDAY, 6))):
        server.fail(broken(), on=CONNECTING, times=1_000)
        server.sockets.drop()
        await asyncio.sleep(1.3)
        assert server.calls[CONNECTING] == 2


async def test_more_connections_than_slack_takes_are_waited_for(
    server: SlackServer, tmp_path: Path, ada: User
) -> None:
    async with aiohttp.ClientSession() as session:
        address = f"{server.url}/link?ticket="
        others = [
            await session.ws_connect(address + server.sockets.ticket()) for _ in range(CONNECTIONS)
        ]
        async with staged(server, tmp_path, SetClock(at(TUESDAY, 6))) as stage:
            await server.bell.until(lambda: server.calls[CONNECTING] >= 2, 5)
            for each in others:
                await each.close()
            await server.bell.until(lambda: server.sockets.opened > CONNECTIONS, 5)
            await server.bell.until(lambda: len(server.sockets.links) == 1, 5)
            await helped(stage, ada)
            assert server.calls[CONNECTING] <= 4, "each try comes after a longer while"


async def test_an_app_that_is_taken_out_stops_listening_and_keeps_what_waits(
    server: SlackServer, stage: Stage, ada: User, lab: Channel
) -> None:
    await ada.asks("subscribe diffusion models at 08:30", lab)
    await server.quiet()
    with capture_logs() as logs:
        await server.uninstall()
        await server.bell.until(lambda: not server.sockets.links, 5)
    gone = say("connecting.slack_gone", Lang.EN)
    assert stage.lines.count(gone) == 1
    assert "Slack is gone" in {each["event"] for each in logs}
    assert await stage.morning(WEDNESDAY, study(1, "diffusion models")) == 1
    assert await stage.query("SELECT DISTINCT state FROM part") == [{"state": "pending"}]
    assert server.calls[CONNECTING] == 1
    server.log.clear()


async def test_a_bot_token_that_is_revoked_ends_listening(
    server: SlackServer, stage: Stage, ada: User
) -> None:
    await ada.asks("help")
    await server.revoke()
    await server.bell.until(lambda: not server.sockets.links, 5)
    assert say("connecting.slack_gone", Lang.EN) in stage.lines


async def test_somebody_elses_token_that_is_revoked_is_no_matter(
    server: SlackServer, stage: Stage, ada: User
) -> None:
    server.tell("tokens_revoked", tokens={"oauth": [ada.id]})
    server.tell("tokens_revoked", tokens={"oauth": [ada.id], "bot": []})
    server.tell("tokens_revoked", tokens={"oauth": [], "bot": ["U0ANOTHER"]})
    await server.quiet()
    await helped(stage, ada)
    assert len(stage.lines) == 1


async def test_an_app_token_that_is_revoked_is_told_and_the_morning_goes_on(
    server: SlackServer, stage: Stage, ada: User, lab: Channel
) -> None:
    await ada.asks("subscribe diffusion models at 08:30", lab)
    await server.quiet()
    lab.unread()
    server.methods._app_token = "xapp-another-invented-one"
    server.sockets.drop()
    await eventually(lambda: len(stage.lines) == 2)
    assert stage.lines[1] == say("connecting.slack_app_token", Lang.EN, code="invalid_auth")
    assert await stage.morning(WEDNESDAY, study(1, "diffusion models")) == 1
    assert len(lab.unread()) == 2
    server.log.clear()
    server.methods._app_token = APP_TOKEN


@asynccontextmanager
async def deaf_slack(words: list[str]) -> AsyncIterator[tuple[str, list[str]]]:
    """A Slack that says these words on every connection and answers no ping; who connected."""
    connected: list[str] = []

    async def address(request: web.Request) -> web.Response:
        link = f"ws://{request.host}/link?ticket={len(connected) + 1}"
        return web.json_response({"ok": True, "url": link})

    async def link(request: web.Request) -> web.WebSocketResponse:
        connected.append(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        for each in words:
            await socket.send_str(each)
        async for _ in socket:
            pass
        return socket

    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", address), web.get("/link", link)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api", connected
    finally:
        await runner.cleanup()


async def test_a_connection_without_a_sign_of_life_is_replaced_at_an_address_of_its_own() -> None:
    taken: list[dict] = []

    async def take(payload: dict) -> dict:
        taken.append(payload)
        return {}

    known = '{"envelope_id": "1", "type": "slash_commands", "payload": {"command": "/help"}}'
    words = ["Hello, world!", "[]", '{"type": "hello"}', '{"type": "news"}', known]
    async with deaf_slack(words) as (url, connected):
        connection = Connection("xoxb-invented", "xapp-invented", None, url)
        session = open_session(connection)
        client = WebClient(connection, session)
        clock = HurriedClock(at(TUESDAY, 6))
        sockets = SocketMode(client, "xapp-invented", take, clock, heartbeat=0.1)
        try:
            await sockets.open()
            running = asyncio.create_task(sockets.run())
            await eventually(lambda: len(connected) >= 3)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        finally:
            await sockets.end()
            await session.close()
    assert connected == [str(number) for number in range(1, len(connected) + 1)]
    assert taken[:2] == [{"command": "/help"}] * 2


@pytest.mark.parametrize("when", ["connected", "connecting", "asked"])
async def test_nothing_is_left_when_it_ends(
    server: SlackServer, tmp_path: Path, ada: User, when: str
) -> None:
    before = len(asyncio.all_tasks())
    async with staged(server, tmp_path, SetClock(at(TUESDAY, 6))):
        if when == "connecting":
            server.fail(broken(), on=CONNECTING, times=99)
            server.sockets.drop()
            await server.bell.until(lambda: server.calls[CONNECTING] > 1, 5)
        if when == "asked":
            server.fail(late(0.2), on="response_url")
            await ada.commands("/paperround", "help")
        begun = time.monotonic()
    assert time.monotonic() - begun < 1
    await server.bell.until(lambda: not server.sockets.links, 5)
    if when == "asked":
        assert len(ada.dm.sent) == 1, "what was acknowledged is answered"
    await asyncio.sleep(0.05)
    assert len(asyncio.all_tasks()) <= before + len(server.courier.open)
