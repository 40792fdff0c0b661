"""A loopback Telegram Bot API: people, groups and channels that talk with the real bot.

    async with TelegramServer() as server:
        bot = telegram.Bot(server.token, base_url=server.base_url)   # http://127.0.0.1:P/bot
        ada = server.user("Ada", language="en")       # server.user("小兰", language="zh-hans")
        await ada.starts("sub_multimodal")            # /start sub_multimodal in ada.private
        answer = await ada.asks("/help")              # says it, gives the bot's next message
        tap = await ada.taps(answer, "More")          # a label, (row, column) or data="…"
        assert tap.text == ""                         # the toast; also .alert, .url

Chats: `server.group("Lab", members=[ada], admins=[bo], forum=True, kind="group"|"supergroup",
bot="member"|"administrator"|"left"|"kicked"|"restricted")`, `server.channel("Papers",
username="papers", admins=[bo], bot=…)`. The bot is in without being told; `server.privacy`.

Users: `starts(payload)`, `says(text, chat, topic=, reply_to=, edited=)`, `asks(…)`,
`sends_sticker(chat)`, `taps(message, which, data=, stale=, old=, wait=)`, `blocks_bot()`,
`unblocks_bot()`, `deletes_account()`.

Chats' deeds (all async): `add_bot(by)`, `remove_bot(by)`, `promote_bot(by)`, `demote_bot(by)`,
`add_member(user)`, `remove_member(user)`, `set_admin(user, admin, anonymous=)`,
`add_topic(name)` (its thread), `delete_topic(thread)`, `delete(message)`, `migrate()` (the new
chat), `posts(text)` (channels).

Chats' messages of the bot: `messages`, `last`, `await next()`, `await wait_for(n)`,
`unread()`, `await edited(message, times)`. A message: `text`, `html` (as sent), `entities`,
`links`, `rows`/`buttons`/`labels` of Button(label, data, url), `silent`, `thread`, `reply_to`,
`preview`, `document` (name, content), `edits`, `earlier`, `deleted`.

The server: `await quiet()` (all updates taken and nothing asked for a moment), `fail(fault,
on="sendMessage", chat=, times=, after=)` with the faults of telegram_faults (`flood(3)`,
`denied()`, `bad("…")`, `broken(502)`, `silent(after_effect=True)`, `reset()`, `late(0.2)`),
`calls` (Counter), `log`, `refused`, `throttled`, `arrivals`, `violations`, `commands`.
Rates are on with `rates=Rates()` and measured with `now`.

By itself: `python tests/telegram_server.py --port 0` prints its address; see telegram_control.
"""

import argparse
import asyncio
import gc
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import telegram_checks as checks
from aiohttp import web
from telegram_checks import File, Params
from telegram_control import Control
from telegram_faults import Fault, Switches, When
from telegram_limits import Limits, Rates, whole_seconds
from telegram_methods import Methods
from telegram_refusals import Refusal, bad_request, too_many
from telegram_updates import Updates
from telegram_world import World

TOKEN = "4200000001:invented-for-tests-and-good-nowhere"
USERNAME = "paper_round_bot"
SENDS = frozenset({"sendMessage", "sendDocument", "editMessageText"})
"""The methods whose rate Telegram limits."""
_BEFORE = frozenset({When.REFUSED, When.BROKEN, When.SILENT_BEFORE})


@dataclass(slots=True)
class Call:
    """One line of the log; `status` None: not answered (yet)."""

    at: float
    method: str
    params: Params
    chat: int = 0
    """0: none that is known."""
    status: int | None = None
    description: str = ""
    injected: bool = False
    """Whether a fault was set for it."""

    @property
    def is_send(self) -> bool:
        return self.method in SENDS and self.chat != 0

    def __str__(self) -> str:
        return f"  {self.method} to {self.chat}: {self.status} {self.description}"


class TelegramServer(World):
    """The server, its people and its switches. Use as an async context manager."""

    def __init__(
        self,
        *,
        rates: Rates | None = None,
        now: Callable[[], float] = time.monotonic,
        strict: bool = True,
        token: str = TOKEN,
        username: str = USERNAME,
        port: int = 0,
    ) -> None:
        super().__init__(username, int(token.partition(":")[0]))
        self.token = token
        self.log: list[Call] = []
        self.calls: Counter[str] = Counter()
        """How often each method was called."""
        self.throttled = 0
        """Answers 429 that the rates gave."""
        self.arrivals: dict[int, list[float]] = defaultdict(list)
        """When each chat's messages and edits came, refused ones included."""
        self.updates = Updates(self.bell)
        self.methods = Methods(self, self.updates, strict=strict)
        self.deliver = self.updates.put
        self.control = Control(self)
        self._switches = Switches()
        self._limits = Limits(rates or Rates(None, None, group=None))
        self._now = now
        self._port = port
        self._open = 0
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot, which appends the token."""
        return f"{self.api_url}/bot"

    @property
    def violations(self) -> list[str]:
        """What Telegram would not refuse, but spoil; and the server's own failures."""
        return self.methods.violations

    @property
    def commands(self) -> dict[tuple[str, str], list[dict[str, str]]]:
        """Command menus by scope and language."""
        return self.methods.commands

    @property
    def refused(self) -> list[Call]:
        """The calls that were answered with an error, but for the faults that a test has set."""
        wrong = (each for each in self.log if each.status and each.status != 200)
        return [each for each in wrong if not each.injected]

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_post("/control/{order}", self.control.handle)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.5
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.updates.handed = self.control.handed
        self.recent = lambda: [str(each) for each in self.log[-8:] if each.method != "getUpdates"]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self.updates.close()
        assert self._runner
        await self._runner.cleanup()

    def fail(
        self,
        fault: Fault,
        on: str = "",
        chat: "int | Any | None" = None,
        times: int = 1,
        after: int = 0,
    ) -> None:
        """The next `times` calls of the method `on` (any), to `chat`, meet `fault`.

        `after` so many good ones.
        """
        number = chat if chat is None or isinstance(chat, int) else chat.id
        self._switches.add(fault, on, number, times, after)

    def mend(self) -> None:
        """Put all switches back."""
        self._switches.clear()

    async def quiet(self, settle: float = 0.05, within: float = 5.0) -> None:
        """Until the bot has taken all updates, waits for more, and asked nothing for a moment."""

        def idle() -> bool:
            waits = self.updates.polling or bool(self.updates.webhook.url)
            return waits and not self.updates.pending and self._open == 0

        def missing() -> str:
            left = f"{len(self.updates.pending)} updates, {self._open} open requests"
            return "\n".join([f"not quiet: {left}", *self.recent()])

        until = time.monotonic() + within
        while True:
            await self.bell.until(idle, max(0.0, until - time.monotonic()), missing)
            before = self.calls.total()
            await asyncio.sleep(settle)
            if idle() and self.calls.total() == before:
                return

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call = Call(self._now(), name, {})
        self.log.append(call)
        try:
            self._check_token(request)
            model = self._model(call)
            call.params = checks.decoded(model, await _fields(request))
            call.chat = self._chat_number(call)
            return await self._guarded(request, call, model)
        except Refusal as refusal:
            call.status, call.description = refusal.code, refusal.description
            return web.json_response(refusal.to_json(), status=refusal.code)
        except Exception as error:
            self.violations.append(f"the server itself failed at {call.method}: {error!r}")
            raise
        finally:
            self.bell.ring()

    async def _guarded(self, request: web.Request, call: Call, model: type) -> web.StreamResponse:
        polling = call.method == "getUpdates"
        self.calls[call.method] += 1
        self._open += not polling
        if call.is_send:
            self.arrivals[call.chat].append(call.at)
        try:
            self.control.arrived(call.method, call.chat)
            fault = self._switches.take(call.method, call.chat)
            call.injected = fault is not None
            if fault and fault.when in _BEFORE:
                return await self._spoiled(request, fault)
            if fault and fault.when is When.LATE:
                await asyncio.sleep(fault.delay)
            result = await self._done(call, model)
            if fault and fault.when is not When.LATE:
                return await self._spoiled(request, fault)
            call.status = 200
            return web.json_response({"ok": True, "result": result})
        finally:
            self._open -= not polling

    async def _done(self, call: Call, model: type) -> Any:
        if call.is_send and (wait := self._limits.take(call.chat, self._now())):
            self.throttled += 1
            raise too_many(whole_seconds(wait))
        checks.check(model, call.params)
        return await self.methods.call(call.method.lower(), call.params)

    async def _spoiled(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.refusal:
            raise fault.refusal
        if fault.when is When.BROKEN:
            page = "<html><h1>Bad Gateway</h1></html>"
            return web.Response(status=fault.code, text=page, content_type="text/html")
        if fault.when is not When.RESET_AFTER:
            await self._closing.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{35}", token):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    def _model(self, call: Call) -> type:
        name = call.method.lower()
        model = checks.known_methods().get(name)
        if model is None or not self.methods.knows(name):
            raise Refusal(404, "Not Found")
        call.method = model.__api_method__
        return model

    def _chat_number(self, call: Call) -> int:
        chat = self.find(call.params.get("chat_id", ""))
        return chat.id if chat else self.control.chat_of_tap(call.params)


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        return body | dict(request.query)
    fields: dict[str, Any] = dict(request.query)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = File(value.filename, value.file.read())
        else:
            fields[name] = value
    return _attached(fields)


def _attached(fields: dict[str, Any]) -> dict[str, Any]:
    """A field `attach://name` stands for the file sent under that name."""
    made = dict(fields)
    for name, value in fields.items():
        if isinstance(value, str) and value.startswith("attach://"):
            made[name] = made.pop(value.removeprefix("attach://"), value)
    return made


async def _serve(port: int, speed: float) -> None:
    gc.disable()  # it keeps what it is sent, and a pause of its own would look like a burst

    def now() -> float:
        return time.monotonic() * speed

    async with TelegramServer(port=port, rates=Rates(), now=now) as server:
        sys.stdout.write(f"{server.api_url}\n")
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
