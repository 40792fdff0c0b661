"""Slack calls us: who may, what is taken, and what else the same endpoint serves."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from digest_stage import TUESDAY, WEDNESDAY, at, study
from slack_examples import without_proxies
from slack_faults import broken
from slack_manifests import manifest
from slack_posts import Signing
from slack_server import SIGNING_SECRET, SlackServer
from slack_stage import Stage, slack_stage
from slack_talk import HurriedClock
from structlog.testing import capture_logs
from telegram_processes import eventually
from telegram_server import TelegramServer

from bot.endpoint import MOST_BYTES
from bot.slack.calls import SIGNATURE, TIMESTAMP

SECRET = "an-invented-word-for-tests"
SPOILED = [each for each in Signing if each is not Signing.GOOD]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    without_proxies(monkeypatch)
    async with SlackServer(manifest=manifest()) as server:
        yield server
        assert server.violations == []
        assert server.refused == []


@pytest.fixture
async def stage(server: SlackServer, tmp_path: Path) -> AsyncIterator[Stage]:
    async with slack_stage(tmp_path, server=nullcontext(server), http=True) as stage:
        yield stage
        await server.quiet()


def signed(body: bytes, at: str = "", signature: str = "") -> dict[str, str]:
    """The headers by which Slack shows that a body is its own."""
    at = at or str(int(time.time()))
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256)
    return {TIMESTAMP: at, SIGNATURE: signature or f"v0={digest.hexdigest()}"}


async def call(
    server: SlackServer, body: bytes, headers: dict[str, str], *, method: str = "POST"
) -> int:
    """What the app answers to a request of anybody's."""
    told = {"Content-Type": "application/json"} | headers
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.posts.url, data=BytesIO(body), headers=told) as answer,
    ):
        await answer.read()
        return answer.status


async def call_when_open(server: SlackServer, body: bytes) -> int:
    """Call as Slack does, as soon as somebody listens."""
    while True:
        try:
            return await call(server, body, signed(body))
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.01)


def hooked(telegram: TelegramServer) -> dict[str, str]:
    """Settings by which Telegram calls us, too."""
    return {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.api_url,
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/telegram/hook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
    }


async def test_a_whole_conversation_by_http(server: SlackServer, stage: Stage) -> None:
    ada = server.user("Imena", tz="Asia/Shanghai")
    lab = server.channel("lab", [ada])
    form = await (await ada.commands("/subscribe", "", lab)).opened()
    assert not (await ada.submits(form, topic="diffusion models")).errors
    await lab.next()
    assert await stage.morning(WEDNESDAY, study(1, "diffusion models")) == 1
    root = lab.roots[-1]
    clicked = await ada.clicks(root.replies[0], root.replies[0].labels[0])
    assert not clicked.failed
    await ada.mentions("help", lab)
    await lab.next()
    await ada.opens_home()
    await ada.home_shown()
    await server.quiet()
    assert {each.status for each in server.deliveries} == {200}
    assert server.calls["apps.connections.open"] == 0


@pytest.mark.usefixtures("stage")
async def test_slack_asks_first_whether_we_are_there(server: SlackServer) -> None:
    assert await server.posts.verify_url()
    for spoiled in SPOILED:
        server.posts.signing = spoiled
        assert not await server.posts.verify_url()


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("spoiled", SPOILED)
async def test_what_slack_has_not_signed_just_now_is_refused_and_does_nothing(
    server: SlackServer, spoiled: Signing
) -> None:
    ada = server.user("Imena")
    server.courier.retries = ()
    server.posts.signing = spoiled
    with capture_logs() as logs:
        commanded = await ada.commands("/paperround", "subscribe diffusion models at 08:30")
        await ada.says("help")
        await server.quiet()
    assert commanded.failed == "dispatch_failed"
    assert {each.status for each in server.deliveries} == {401}
    assert server.posts.bodies == ["", ""]
    assert ada.dm.sent == []
    assert logs == [], "strangers can't fill the log"
    server.violations.clear()


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {TIMESTAMP: "1770000000"},
        {SIGNATURE: "v0=00"},
        {TIMESTAMP: "", SIGNATURE: ""},
        {TIMESTAMP: "yesterday", SIGNATURE: "v0=00"},
        {TIMESTAMP: "1" * 400, SIGNATURE: "v0=00"},
        {TIMESTAMP: "1" * 5000, SIGNATURE: "v0=00"},
        {TIMESTAMP: "-1", SIGNATURE: "v0=00"},
        {TIMESTAMP: "nan", SIGNATURE: "v0=00"},
        {TIMESTAMP: "²", SIGNATURE: "v0=00"},
        {TIMESTAMP: "now", SIGNATURE: "v0=ä"},
    ],
    ids=lambda headers: " ".join(f"{value[:9]}" for value in headers.values()) or "none",
)
async def test_malformed_signatures_are_refused(
    server: SlackServer, headers: dict[str, str]
) -> None:
    if headers.get(TIMESTAMP) == "now":
        headers = headers | {TIMESTAMP: str(int(time.time()))}
    for body in (b"", b"{}", b"payload=%7B%7D", b"\xff\xfe", b"ssl_check=1"):
        assert await call(server, body, headers) == 401
    assert await call(server, b"", headers, method="GET") == 405


@pytest.mark.usefixtures("stage")
async def test_a_signature_is_good_for_its_own_body_alone(server: SlackServer) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZb"}).encode()
    assert await call(server, body, signed(body)) == 200
    assert await call(server, body + b" ", signed(body)) == 401
    assert await call(server, b"\xff\xfe", signed(b"\xff\xfe")) == 401
    assert await call(server, b"x" * (MOST_BYTES + 1), signed(b"")) == 413


@pytest.mark.usefixtures("stage")
async def test_events_that_come_again_act_once(server: SlackServer) -> None:
    ada = server.user("Imena")
    server.courier.twice = True
    await ada.says("help")
    await ada.dm.next()
    await server.quiet()
    assert len(ada.dm.sent) == 1


async def test_what_nobody_acknowledged_in_time_comes_again_and_acts_once(
    server: SlackServer, tmp_path: Path
) -> None:
    server.courier.retries = (0.05,) * 40
    ada = server.user("Imena")
    async with slack_stage(tmp_path, server=nullcontext(server), http=True):
        url = server.posts.url
        server.posts.url = "http://127.0.0.1:9/slack/events"
        await ada.says("help")
        await eventually(lambda: server.deliveries[0].attempts >= 2)
        server.posts.url = url
        await ada.dm.next()
        await server.quiet()
        assert len(ada.dm.sent) == 1


async def test_telegram_slack_and_who_watches_share_the_endpoint(
    server: SlackServer, tmp_path: Path
) -> None:
    async with TelegramServer() as telegram:
        known, settings = nullcontext(server), hooked(telegram)
        async with slack_stage(tmp_path, server=known, http=True, settings=settings) as stage:
            parts = urlsplit(server.posts.url)
            here = f"{parts.scheme}://{parts.netloc}"
            telegram.updates.reached_at = lambda url: url.replace("https://bot.example.org", here)
            imena, tolan = server.user("Imena"), telegram.user("Tolan")
            assert (await imena.asks("help")).text
            assert (await tolan.asks("/help")).text
            async with aiohttp.ClientSession() as session, session.get(f"{here}/healthz") as answer:
                assert answer.status == 200
            await server.uninstall()
            await server.quiet()
            assert len(stage.lines) == 3
            assert (await tolan.asks("/subscriptions")).text, "Telegram goes on"
        assert not telegram.refused
    server.log.clear()


async def test_nobody_is_heard_before_we_know_who_we_are(
    server: SlackServer, tmp_path: Path
) -> None:
    server.fail(broken(), on="auth.test", times=100_000)
    clock, known = HurriedClock(at(TUESDAY, 6)), nullcontext(server)
    async with (
        TelegramServer() as telegram,
        slack_stage(tmp_path, server=known, http=True, settings=hooked(telegram), clock=clock),
    ):
        body = json.dumps({"type": "url_verification", "challenge": "3eZb"}).encode()
        assert await call_when_open(server, body) == 503
        server.mend()
        async with asyncio.timeout(5):
            while await call_when_open(server, body) == 503:
                pass
