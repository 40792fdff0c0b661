"""A loopback Slack: people and channels of one workspace that talk with the real slack-bolt.

    async with SlackServer() as server:
        client = AsyncWebClient(server.token, base_url=server.base_url)
        app = AsyncApp(client=client, signing_secret=server.signing_secret)
        handler = AsyncSocketModeHandler(app, server.app_token, ping_interval=0.1)
        await handler.connect_async()
        ada = server.user("Ada", tz="Asia/Shanghai", locale="zh-CN", admin=True)
        lab = server.channel("lab", [ada])       # private=True, bot=False
        answer = await ada.commands("/subscribe", "diffusion", lab)
        modal = await answer.opened()            # or `await answer.next()`: the first message
        done = await ada.submits(modal, topic="diffusion", hour="08:30")   # .errors, .view, .failed
        digest = await lab.next()
        await ada.clicks(digest, "Save")

HTTP instead of Socket Mode: `server.by_http(url)`; `server.posts.signing = Signing.BAD` and so
on spoils the signatures, `await server.posts.verify_url()`.

slack_sdk reads HTTP(S)_PROXY and ignores NO_PROXY, for the Web API, for Socket Mode and for
response URLs: whoever uses this server takes them out of the environment first.

People (slack_users, slack_clicks): `says(text, channel, thread=)`, `mentions(…)`, `asks(…)`,
`edits`, `deletes`, `commands(command, text, channel)`, `clicks(message or view, label or
action_id, option=, value=)`, `fills(view, {…})`, `submits(view, {…})`, `closes(view)`,
`suggests(view, field, word)`, `opens_home()`, `shortcuts(callback_id, message)`, `joins`,
`leaves`, `deactivates()`; `dm`, `modals`, `home`. What takes an acknowledgement returns an
Interaction (slack_interactions): `ack`, `took`, `failed`, `messages`, `view`, `errors`,
`await next()`, `await opened()`.

Channels (slack_channels): `messages`, `roots`, `ephemerals`, `sent`, `last`, `await next()`,
`await wait_for(n)`, `await edited(message)`, `unread()`; `archive`, `unarchive`, `rename`,
`delete`, `add_bot`, `remove_bot`; `posting = "admins"`. Messages (slack_messages): `text`,
`raw` (the fallback), `blocks`, `mentions`, `links`, `read.styles`, `buttons`, `labels`,
`characters`, `thread`, `replies`, `metadata`, `client_msg_id`, `unfurl`, `broadcast`, `files`,
`edits`, `only_for`.

The server: `scopes`, `subscriptions` (or a `manifest=`), `deduplicates` (by client_msg_id; off),
`messages_tab`, `token_error`, `uninstall()`, `revoke()`, `fail(fault,
on="chat.postMessage", channel=, times=, after=)` with slack_faults (`on="response_url"` and
`"upload"` too), `sockets.warn()`, `.refresh()`, `.drop()`, `.swallow`, `.connected(n)`,
`courier.twice`, `courier.repeat(delivery)`, `courier.ack_times(kind)`, `deliveries`, `calls`,
`log`, `refused`, `throttled`, `violations` (what Slack would not refuse, but spoil: more than
9,000 characters of blocks, no fallback text, unknown arguments …), `await quiet()`. Rates are on
with `rates=Rates()` and measured with `now`; trigger_ids and response URLs age by `now`, too.

By itself: `python tests/slack_server.py --port 0` prints its address; see slack_control.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import slack_scopes
from aiohttp import web
from slack_channels import Channel
from slack_control import Control
from slack_delivery import Courier, Delivery
from slack_faults import Fault, Switches, When
from slack_limits import Limits, Rates
from slack_methods import APP_METHODS, Methods
from slack_posts import Posts
from slack_refusals import Refusal, too_many
from slack_sockets import Sockets
from slack_world import World

TOKEN = "xoxb-invented-for-tests"
APP_TOKEN = "xapp-invented-for-tests"
SIGNING_SECRET = "invented for tests"


@dataclass(slots=True)
class Call:
    """One line of the log; `status` None: not answered (yet)."""

    at: float
    method: str
    params: dict[str, Any] = field(default_factory=dict)
    channel: str | None = None
    status: int | None = None
    error: str = ""
    messages: tuple[str, ...] = ()
    injected: bool = False
    """Whether a fault was set for it."""

    def __str__(self) -> str:
        answer = " ".join([self.error, *self.messages])
        return f"  {self.method} to {self.channel}: {self.status} {answer}"


class SlackServer(World):
    """The server, its people and its switches. Use as an async context manager.

    `speed`: how much faster than `now` the rates' clock runs. `patience`: seconds that an
    acknowledgement may take; `retries`: after how many seconds an event comes again (Slack waits
    0 s, 1 min, 5 min).
    """

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any] | None = None,
        rates: Rates | None = None,
        now: Callable[[], float] = time.monotonic,
        speed: float = 1.0,
        patience: float = 3.0,
        retries: tuple[float, ...] = (0.0, 0.1, 0.3),
        port: int = 0,
    ) -> None:
        super().__init__(now=now)
        self.token, self.app_token, self.signing_secret = TOKEN, APP_TOKEN, SIGNING_SECRET
        self.scopes, self.subscriptions = slack_scopes.SCOPES, slack_scopes.EVENTS
        if manifest is not None:
            self.scopes, self.subscriptions = slack_scopes.of_manifest(manifest)
            commands = manifest.get("features", {}).get("slash_commands", [])
            self.known_commands = frozenset(each["command"] for each in commands)
        self.log: list[Call] = []
        self.calls: Counter[str] = Counter()
        """How often each method was called; `response_url` and `upload` count as methods."""
        self.throttled = 0
        """Answers 429 that the rates gave."""
        self.sockets = Sockets(self.bell, self.app_id)
        self.posts = Posts(self.signing_secret)
        self.courier = Courier(self.bell, patience=patience, retries=retries)
        self.courier.carrier = self.sockets
        self.courier.violations = self.violations
        self.deliver = self.courier.send
        self.methods = Methods(self, self.token, self.app_token, self.sockets.ticket)
        self.control = Control(self)
        self._switches = Switches()
        self._limits = Limits(rates)
        self._speed = speed
        self._port = port
        self._open = 0
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """For slack_sdk's clients."""
        return f"{self.url}/api/"

    @property
    def deliveries(self) -> list[Delivery]:
        """All that was sent to the app."""
        return self.courier.log

    @property
    def refused(self) -> list[Call]:
        """The calls that were answered with an error, but for the faults that a test has set."""
        return [each for each in self.log if each.error and not each.injected]

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._handle_method)
        app.router.add_post("/response/{ident}", self._handle_response)
        app.router.add_post("/upload/{ident}", self._handle_upload)
        app.router.add_get("/link", self.sockets.handle)
        app.router.add_post("/control/{order}", self.control.handle)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.5
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.recent = lambda: [str(each) for each in [*self.deliveries[-5:], *self.log[-8:]]]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self.courier.close()
        await self.sockets.close()
        await self.posts.close()
        assert self._runner
        await self._runner.cleanup()

    def by_http(self, url: str) -> None:
        """Deliver to the app's request URL from now on."""
        self.posts.url, self.courier.carrier = url, self.posts

    def by_socket(self) -> None:
        """Deliver by Socket Mode from now on."""
        self.courier.carrier = self.sockets

    def fail(
        self,
        fault: Fault,
        on: str = "",
        channel: Channel | str | None = None,
        times: int = 1,
        after: int = 0,
    ) -> None:
        """The next `times` calls of the method `on` (any), to `channel`, meet `fault`.

        `after` so many good ones.
        """
        ident = channel.id if isinstance(channel, Channel) else channel
        self._switches.add(fault, on, ident, times, after)

    def mend(self) -> None:
        """Put all switches back."""
        self._switches.clear()

    async def quiet(self, settle: float = 0.05, within: float = 5.0) -> None:
        """Until all deliveries are through, and the app asked nothing for a moment."""

        def idle() -> bool:
            return not self.courier.open and self._open == 0

        def missing() -> str:
            left = f"{len(self.courier.open)} deliveries, {self._open} open requests"
            return "\n".join([f"not quiet: {left}", *self.recent()])

        until = time.monotonic() + within
        while True:
            await self.bell.until(idle, max(0.0, until - time.monotonic()), missing)
            before = self.calls.total() + len(self.deliveries)
            await asyncio.sleep(settle)
            if idle() and self.calls.total() + len(self.deliveries) == before:
                return

    # Requests of the app.

    async def _handle_method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]

        def answer(call: Call) -> web.Response:
            result = self.methods.call(name, _token(request, call.params), call.params)
            scopes = "connections:write" if name in APP_METHODS else ",".join(sorted(self.scopes))
            return web.json_response({"ok": True} | result, headers={"X-OAuth-Scopes": scopes})

        return await self._answered(request, name, answer)

    async def _handle_response(self, request: web.Request) -> web.StreamResponse:
        interaction = self.interactions.get(request.match_info["ident"])

        def answer(call: Call) -> web.Response:
            if interaction is None:
                raise Refusal("expired_url", status=404)
            interaction.use_response()
            self.posting.respond(interaction, call.params)
            return web.Response(text="ok")

        channel = interaction.channel.id if interaction and interaction.channel else None
        return await self._answered(request, "response_url", answer, channel)

    async def _handle_upload(self, request: web.Request) -> web.StreamResponse:
        content = await _uploaded(request)

        def answer(_: Call) -> web.Response:
            self.methods.chat.upload(request.match_info["ident"], content)
            return web.Response(text=f"OK - {len(content)}")

        return await self._answered(request, "upload", answer)

    async def _answered(
        self,
        request: web.Request,
        name: str,
        answer: Callable[[Call], web.Response],
        channel: str | None = None,
    ) -> web.StreamResponse:
        """Log the call, let it meet its fault or its limit, and answer."""
        call = Call(self.now(), name, channel=channel)
        self.log.append(call)
        self.calls[name] += 1
        self._open += 1
        try:
            call.params = {} if name == "upload" else await _fields(request)
            call.channel = channel or self._channel_id(call.params)
            return await self._guarded(request, call, answer)
        except Refusal as refusal:
            call.status, call.error = refusal.status, refusal.error
            call.messages = refusal.messages
            told = refusal.to_json()
            return web.json_response(told, status=refusal.status, headers=refusal.headers)
        finally:
            self._open -= 1
            self.bell.ring()

    async def _guarded(
        self, request: web.Request, call: Call, answer: Callable[[Call], web.Response]
    ) -> web.StreamResponse:
        fault = self._switches.take(call.method, call.channel)
        call.injected = fault is not None
        if fault and fault.when is When.LATE:
            await asyncio.sleep(fault.delay)
            fault = None
        if fault and not fault.after_effect:
            return await self._spoiled(request, call, fault)
        if wait := self._limits.take(call.method, call.channel, self.now() * self._speed):
            self.throttled += 1
            raise too_many(wait)
        made = answer(call)
        if fault:
            return await self._spoiled(request, call, fault)
        call.status = 200
        return made

    async def _spoiled(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.error = str(fault.when)
        if fault.refusal:
            raise fault.refusal
        if fault.when is When.BROKEN:
            page = "<html><h1>Server Error</h1></html>"
            return web.Response(status=fault.code, text=page, content_type="text/html")
        if fault.when is When.SILENT:
            await self._closing.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _channel_id(self, params: Mapping[str, Any]) -> str | None:
        given = params.get("channel") or params.get("channel_id")
        found = self.find(given) if isinstance(given, str) else None
        return found.id if found else given


def _token(request: web.Request, params: Mapping[str, Any]) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") or params.get("token", "")


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(body, dict):
            raise Refusal("json_not_object")
        return dict(request.query) | body
    return dict(request.query) | dict(await request.post())


async def _uploaded(request: web.Request) -> bytes:
    """The bytes of an upload: the body itself, or the one file of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    files = [each for each in (await request.post()).values() if isinstance(each, web.FileField)]
    return files[0].file.read() if files else b""


async def _serve(port: int, speed: float) -> None:
    async with SlackServer(port=port, rates=Rates(), speed=speed) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serve until killed; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--speed", type=float, default=1.0, help="how fast the rates' clock runs")
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.speed))


if __name__ == "__main__":
    main()
