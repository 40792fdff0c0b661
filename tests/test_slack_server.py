"""The loopback Slack itself: whole conversations with the real slack-bolt, in both modes."""

import asyncio
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import slack_server
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_examples import (
    actions,
    button,
    entry,
    menu,
    modal,
    option,
    section,
    without_proxies,
)
from slack_posts import Signing
from slack_sdk.web.async_client import AsyncWebClient
from slack_server import SlackServer
from slack_views import REQUIRED

TOPIC = entry(
    {"type": "external_select", "action_id": "topic", "min_query_length": 1},
    label="Topic",
    block_id="topic",
)
HOUR = entry(
    {"type": "timepicker", "action_id": "hour", "initial_time": "08:00"},
    label="Hour",
    block_id="hour",
)
FORM = modal(TOPIC, HOUR, title="Subscribe", callback_id="subscribe")


@pytest.fixture
async def server(monkeypatch):
    without_proxies(monkeypatch)
    async with SlackServer(patience=1.0, retries=(0.0, 0.01, 0.02)) as started:
        yield started


@pytest.fixture
async def app(server):
    client = AsyncWebClient(server.token, base_url=server.base_url)
    return AsyncApp(client=client, signing_secret=server.signing_secret)


@pytest.fixture
async def socket(server, app):
    handler = AsyncSocketModeHandler(app, server.app_token, ping_interval=0.05)
    await handler.connect_async()
    await server.sockets.connected()
    yield handler
    await handler.close_async()


@asynccontextmanager
async def listening(handle):
    """The address of a server that gives its POSTs to `handle`."""
    site = web.Application()
    site.router.add_post("/slack/events", handle)
    runner = web.AppRunner(site)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@pytest.fixture
async def http(server, app):
    async def events(request):
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async with listening(events) as url:
        server.by_http(url)
        yield


@pytest.fixture(params=["socket", "http"])
def mode(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def ada(server):
    return server.user("Ada", tz="Asia/Shanghai", locale="zh-CN", admin=True)


@pytest.fixture
def lab(server, ada):
    return server.channel("lab", [ada])


@pytest.fixture
def subscribing(app):
    """A modal, its suggestions, its errors; then a message with a button that changes it."""

    @app.command("/subscribe")
    async def subscribe(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.options("topic")
    async def suggest(ack, payload):
        await ack(options=[option(f"Papers on {payload['value']}", payload["value"])])

    @app.view("subscribe")
    async def submitted(ack, view, body, client):
        values = view["state"]["values"]
        hour = values["hour"]["hour"]["selected_time"]
        if hour < "05:00":
            await ack(response_action="errors", errors={"hour": "too early"})
            return
        topic = values["topic"]["topic"]["selected_option"]["value"]
        await ack(response_action="update", view=modal(section(f"{topic} at {hour}"), title="Done"))
        await client.chat_postMessage(
            channel=body["user"]["id"],
            text=topic,
            blocks=[actions(button("More", "more", value="1"))],
        )

    @app.action("more")
    async def more(ack, respond, action):
        await ack()
        await respond(text=f"page {action['value']}", replace_original=True)


async def test_a_conversation_goes_the_same_way_in_both_modes(server, mode, ada, lab, subscribing):
    answer = await ada.commands("/subscribe", "diffusion", lab)
    form = await answer.opened()
    assert (form.title, form.value("hour")) == ("Subscribe", "08:00")
    assert await ada.suggests(form, "topic", "video") == [("Papers on video", "video")]
    assert (await ada.submits(form)).errors == {"topic": REQUIRED}
    assert (await ada.submits(form, topic="video", hour="04:00")).errors == {"hour": "too early"}
    done = await ada.submits(form, hour="09:30")
    assert done.view.text == "video at 09:30"
    assert ada.modals == [form]
    message = await ada.dm.next()
    assert message.labels == ["More"]
    clicked = await ada.clicks(message, "More")
    await ada.dm.edited(message)
    assert message.text == "page 1"
    assert clicked.took < 1.0
    await ada.closes(form)
    assert ada.modals == []
    assert len(server.courier.ack_times("slash_commands")) == 1
    assert server.violations == []
    assert server.refused == []


async def test_answers_come_with_the_ack_and_after_it(server, mode, app, ada, lab):
    @app.command("/digest")
    async def digest(ack, respond):
        await ack("a moment")
        await respond("here it is", response_type="in_channel")

    answer = await ada.commands("/digest", channel=lab)
    both = [await answer.next(), await answer.next()]
    assert {each.text: each.only_for for each in both} == {"a moment": ada, "here it is": None}
    assert [each.text for each in lab.messages] == ["here it is"]
    assert [each.text for each in lab.ephemerals] == ["a moment"]
    assert answer.ack == {"text": "a moment"}


async def test_people_are_heard_where_they_speak_to_the_bot(server, mode, app, ada, lab):
    heard = []

    @app.event("app_mention")
    async def mentioned(event, say):
        await say(f"you said {event['text']}", thread_ts=event.get("thread_ts", event["ts"]))

    @app.event("message")
    async def said(event):
        heard.append((event["channel_type"], event.get("subtype"), event.get("text")))

    server.subscriptions -= {"message.channels"}
    root = await ada.mentions("a < b & <@U1>", lab)
    answer = await lab.next()
    assert answer.text == f"you said @{server.bot_user} a < b & @U1"
    assert answer.thread == root.ts
    again = await ada.asks("again", lab, thread=answer)
    assert again.thread == root.ts
    await ada.says("hello")
    await ada.edits(await ada.says("plain", lab), "plainer")
    away = server.channel("away", [ada], bot=False)
    await ada.mentions("anybody?", away)
    await server.quiet()
    assert heard == [("im", None, "hello")]
    assert away.sent == []


async def test_what_happens_to_channels_and_people_is_told(server, mode, app, ada, lab):
    told = []

    async def tell(event):
        told.append(event["type"])

    happenings = (
        *("channel_archive", "channel_unarchive", "channel_rename", "channel_deleted"),
        *("member_joined_channel", "member_left_channel", "group_left", "user_change"),
        *("tokens_revoked", "app_uninstalled"),
    )
    for each in happenings:
        app.event(each)(tell)
    den = server.channel("den", [ada], private=True)
    await lab.archive(ada)
    await lab.unarchive()
    await lab.rename("laboratory")
    await ada.leaves(lab)
    await lab.add_bot(ada)
    await den.remove_bot()
    await den.rename("unheard")
    await ada.deactivates()
    await lab.delete()
    await server.quiet()
    await server.uninstall()
    await server.quiet()
    assert sorted(told) == sorted(happenings)
    with pytest.raises(Exception, match="account_inactive"):
        await app.client.auth_test()


async def test_home_shortcuts_and_menus(server, mode, app, ada, lab):
    days = menu(option("Friday", "5"), action="days")

    @app.event("app_home_opened")
    async def home(event, client):
        view = {"type": "home", "blocks": [section("Yours"), actions(days)]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("days")
    async def chosen(ack, action, body, client):
        await ack()
        text = action["selected_option"]["text"]["text"]
        view = {"type": "home", "blocks": [section(text)]}
        await client.views_publish(user_id=body["user"]["id"], view=view)

    @app.shortcut("look_up")
    async def look_up(ack, shortcut, respond):
        await ack()
        await respond(f"looked up {shortcut['message']['text']}")

    await ada.opens_home()
    shown = await ada.home_shown()
    assert shown.text == "Yours"
    await ada.clicks(shown, "days", option="Friday")
    assert (await ada.home_shown(updates=1)).text == "Friday"
    await ada.opens_home("messages")
    message = await ada.says("arXiv:2602.00001", lab)
    answer = await ada.shortcuts("look_up", message)
    assert (await answer.next()).text == "looked up arXiv:2602.00001"


async def test_signatures_are_the_apps_to_check(server, http, app, ada):
    @app.command("/help")
    async def show_help(ack):
        await ack("help")

    assert await server.posts.verify_url()
    assert (await ada.commands("/help")).ack == {"text": "help"}
    for bad in (Signing.BAD, Signing.STALE, Signing.EARLY, Signing.MISSING):
        server.posts.signing = bad
        refused = await ada.commands("/help")
        assert (refused.failed, refused.delivery.status) == ("dispatch_failed", 401)
    server.posts.signing = Signing.MALFORMED
    assert (await ada.commands("/help")).delivery.status in (401, 500)
    assert len(ada.dm.sent) == 1


async def test_an_event_comes_again_with_the_same_id(server, mode, app, ada):
    heard = []

    @app.event("message")
    async def said(body, request):
        retry = request.headers.get("x-slack-retry-num", ["0"])[0]
        heard.append((body["event_id"], int(retry)))

    await ada.says("hello")
    await server.quiet()
    first = server.deliveries[-1]
    server.courier.repeat(first, number=2)
    await server.quiet()
    assert heard == [(first.event_id, 0), (first.event_id, 2)]
    server.courier.twice = True
    await ada.says("again")
    await server.quiet()
    assert len({ident for ident, _ in heard[2:]}) == 1
    assert len(heard) == 4


async def test_what_is_not_acknowledged_fails_or_comes_again(server, mode, app, ada):
    server.courier.patience = 0.1
    begun = []

    @app.command("/slow")
    async def slow(ack):
        begun.append("slow")
        await asyncio.sleep(0.3)
        await ack("too late")

    answer = await ada.commands("/slow")
    assert answer.failed == "operation_timeout"
    assert ada.dm.sent == []
    assert begun == ["slow"]
    assert "not acknowledged" in server.violations[0]
    await asyncio.sleep(0.3)
    assert ada.dm.sent == []


async def test_an_event_is_tried_four_times(server, ada):
    tried = []

    async def broken(request):
        told = [request.headers.get(f"X-Slack-Retry-{each}") for each in ("Num", "Reason")]
        tried.append((tuple(told), (await request.json())["event_id"]))
        return web.Response(status=500)

    async with listening(broken) as url:
        server.by_http(url)
        await ada.says("hello")
        await server.quiet()
    numbers = [retry for retry, _ in tried]
    assert numbers == [(None, None), *((str(each), "http_error") for each in (1, 2, 3))]
    assert len({ident for _, ident in tried}) == 1


async def _order(session, address, order, **body):
    async with session.post(f"{address}/control/{order}", json=body) as response:
        return await response.json()


async def test_it_runs_as_a_process_of_its_own_under_remote_control():
    process = await asyncio.create_subprocess_exec(
        sys.executable, Path(slack_server.__file__), "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        address = (await process.stdout.readline()).decode().strip()
        client = AsyncWebClient(slack_server.TOKEN, base_url=f"{address}/api/")
        app = AsyncApp(client=client)
        posted = asyncio.get_running_loop().create_future()

        @app.command("/help")
        async def show_help(ack):
            await ack("help")

        @app.event("app_mention")
        async def mentioned(say):
            posted.set_result((await say(text="x", blocks=[actions(button())]))["ts"])

        @app.action("a")
        async def clicked(ack):
            await ack()

        handler = AsyncSocketModeHandler(app, slack_server.APP_TOKEN)
        await handler.connect_async()
        async with aiohttp.ClientSession() as session:
            people = await _order(session, address, "people", count=2)
            reader = people["users"][0]
            end = await _order(session, address, "commands", user=reader, command="/help")
            lab = await _order(session, address, "channel", name="lab", members=[reader])
            about = {"user": reader} | lab
            said = await _order(session, address, "says", text="<@U0PAPERROUND> hi", **about)
            ts = await posted
            clicked = await _order(session, address, "clicks", ts=ts, which="a", **about)
            reading = await _order(session, address, "reading")
            await _order(session, address, "forget")
            forgotten = await _order(session, address, "reading")
        await handler.close_async()
    finally:
        process.kill()
        await process.wait()
        process._transport.close()
    assert end["failed"] == clicked["failed"] == ""
    assert reading["ack_times"]["slash_commands"] == [end["took"]]
    assert reading["ack_times"]["interactive"] == [clicked["took"]]
    assert reading["sent"] == {people["dms"][0]: 1, lab["channel"]: 1}
    assert ts > said["ts"]
    assert forgotten["calls"] == {}
