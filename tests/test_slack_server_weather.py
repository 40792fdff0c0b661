"""The loopback Slack's rates, faults and broken connections, as slack_sdk and bolt meet them."""

import asyncio
import time

import aiohttp
import pytest
import slack_faults as faults
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_examples import without_proxies
from slack_limits import Limits, Rates
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_server import SlackServer


@pytest.fixture
async def server(monkeypatch):
    without_proxies(monkeypatch)
    async with SlackServer(patience=0.5) as started:
        yield started


@pytest.fixture
def client(server):
    return AsyncWebClient(server.token, base_url=server.base_url, timeout=1, retry_handlers=[])


@pytest.fixture
def ada(server):
    return server.user("Ada")


@pytest.fixture
def lab(server, ada):
    return server.channel("lab", [ada])


@pytest.fixture
async def connect(server):
    """Connects an app that counts what it is told; call it for each connection."""
    handlers = []

    async def another(heard):
        app = AsyncApp(client=AsyncWebClient(server.token, base_url=server.base_url))

        @app.event("message")
        async def said(event):
            heard.append(event["text"])

        @app.command("/help")
        async def show_help(ack):
            await ack("help")

        handlers.append(AsyncSocketModeHandler(app, server.app_token, ping_interval=0.05))
        await handlers[-1].connect_async()
        await server.sockets.connected(len(handlers))

    yield another
    for each in handlers:
        await each.close_async()


async def test_more_than_the_rates_is_refused_and_later_accepted():
    clock = [50.0]
    async with SlackServer(rates=Rates(burst=2), now=lambda: clock[0]) as server:
        lab, den = server.channel("lab"), server.channel("den")
        client = AsyncWebClient(server.token, base_url=server.base_url)
        for channel in (lab, lab, den):
            await client.chat_postMessage(channel=channel.id, text="x")
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=lab.id, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "1"
        clock[0] += 1
        await client.chat_postMessage(channel=lab.id, text="x")
    assert server.throttled == 1
    assert [each.error for each in server.refused] == ["ratelimited"]


@pytest.mark.parametrize(
    ("method", "channels", "step", "allowed"),
    [
        ("chat.postMessage", 1, 0.0, 3),
        ("chat.postMessage", 1, 1.0, 200),
        ("chat.postMessage", 200, 0.0, 200),
        ("chat.update", 200, 0.0, 50),
        ("chat.update", 1, 1.2, 200),
        ("views.open", 1, 0.0, 100),
        ("conversations.list", 1, 1.0, 20),
    ],
)
def test_the_rates_are_those_of_slack(method, channels, step, allowed):
    limits = Limits(Rates())
    waits = [limits.take(method, f"C{at % channels}", step * at) for at in range(200)]
    assert next((at for at, wait in enumerate(waits) if wait), 200) == allowed


def test_a_wait_is_as_long_as_stated():
    limits = Limits(Rates(burst=1, slack=0.0, workspace=10))
    now, sent = 0.0, 0
    while sent < 25:
        if wait := limits.take("chat.postMessage", "C1", now):
            now += wait
            assert not limits.take("chat.postMessage", "C1", now)
        sent += 1


@pytest.mark.parametrize(
    ("fault", "status", "error", "arrived"),
    [
        (faults.flood(17), 429, "ratelimited", 0),
        (faults.error("is_archived"), 200, "is_archived", 0),
        (faults.error("internal_error", after_effect=True), 200, "internal_error", 1),
        (faults.broken(), 503, None, 0),
        (faults.broken(500, after_effect=True), 500, None, 1),
    ],
)
async def test_an_error_shows_as_slack_shows_it(
    server, client, lab, *, fault, status, error, arrived
):
    server.fail(fault, on="chat.postMessage", channel=lab, after=1)
    await client.chat_postMessage(channel=lab.id, text="before")
    await client.chat_postMessage(channel=server.channel("beside").id, text="beside")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=lab.id, text="x")
    assert caught.value.response.status_code == status
    if error:
        assert caught.value.response["error"] == error
    assert len(lab.messages) == 1 + arrived
    await client.chat_postMessage(channel=lab.id, text="after")
    assert server.refused == []


@pytest.mark.parametrize("after_effect", [True, False])
async def test_silence_and_resets_come_before_or_after_the_effect(
    server, client, lab, *, after_effect
):
    server.fail(faults.silent(after_effect=after_effect))
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel=lab.id, text="x")
    server.fail(faults.reset(after_effect=after_effect))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=lab.id, text="x")
    assert len(lab.messages) == 2 * after_effect


@pytest.mark.parametrize(("deduplicates", "posted"), [(False, 2), (True, 1)])
async def test_the_sdk_itself_resends_after_a_reset(server, lab, *, deduplicates, posted):
    server.deduplicates = deduplicates
    eager = AsyncWebClient(server.token, base_url=server.base_url)
    server.fail(faults.reset(after_effect=True))
    ident = "5b1f0d4e-0d6c-5d3b-8a57-3f6b4c1d2e3f"
    await eager.chat_postMessage(channel=lab.id, text="x", client_msg_id=ident)
    assert server.calls["chat.postMessage"] == 2
    assert len(lab.messages) == posted


async def test_late_answers_and_response_urls_meet_faults_too(server, client, ada):
    server.fail(faults.late(0.1), on="auth.test")
    began = time.monotonic()
    await client.auth_test()
    assert time.monotonic() - began >= 0.1
    server.fail(faults.broken(), on="response_url", channel=ada.dm, times=2)
    made = server.interaction("slash_command", ada, channel=ada.dm)
    assert (await AsyncWebhookClient(made.response_url).send(text="x")).status_code == 503
    server.mend()
    assert (await AsyncWebhookClient(made.response_url).send(text="x")).status_code == 200


async def test_connections_are_replaced_without_losing_a_word(server, connect, ada):
    heard, said = [], [str(number) for number in range(40)]
    await connect(heard)
    await connect(heard)
    for number in said:
        await ada.says(number)
        if number == "10":
            await server.sockets.warn()
        if number == "20":
            await server.sockets.refresh()
        await asyncio.sleep(0.001)
    await server.quiet()
    await server.sockets.connected(2)
    assert set(heard) == set(said)
    assert server.sockets.opened >= 6
    assert server.violations == []
    assert (await ada.commands("/help")).ack == {"text": "help"}


async def test_a_payload_goes_to_another_connection_when_its_own_breaks(server, connect, ada):
    heard = []
    await connect(heard)
    await connect(heard)
    server.sockets.swallow = 1
    await ada.says("hello")
    await server.quiet()
    assert heard == ["hello", "hello"]
    (delivery,) = server.deliveries
    assert (delivery.attempts, delivery.acked) == (2, True)


async def test_what_is_said_while_nobody_listens_comes_later(server, connect, ada):
    heard = []
    await connect(heard)
    server.sockets.drop()
    await ada.says("hello")
    lost = await ada.commands("/help", wait=False)
    await server.quiet()
    assert heard == ["hello"]
    assert lost.ack == {"text": "help"}


async def test_a_command_that_nobody_hears_times_out(server, ada):
    server.courier.patience = 0.05
    assert (await ada.commands("/help")).failed == "operation_timeout"


async def test_the_server_pings_and_takes_ten_connections(server):
    server.sockets.heartbeat = 0.05
    client = AsyncWebClient(server.token, base_url=server.base_url)
    async with aiohttp.ClientSession() as session:
        urls = [
            (await client.apps_connections_open(app_token=server.app_token))["url"]
            for _ in range(11)
        ]
        links = [await session.ws_connect(url) for url in urls]
        greetings = [await each.receive_json() for each in links]
        assert greetings[9]["type"] == "hello"
        assert greetings[9]["num_connections"] == 10
        assert greetings[10]["reason"] == "too_many_websockets"
        listening = [asyncio.ensure_future(each.receive()) for each in links[:10]]
        await asyncio.sleep(0.2)
        assert not any(each.done() for each in listening)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(urls[0])
        for each in listening:
            each.cancel()
