"""The loopback Slack's remote control, for a benchmark that runs it as a process of its own.

POST /control/ORDER with JSON:

    people   {"count": 3000, "tz": "Asia/Shanghai"}      -> {"users": [ids], "dms": [ids]}
    channel  {"name": "papers", "members": [ids], "private": false, "bot": true} -> {"channel": id}
    http     {"url": "http://…/slack/events"}            deliver by HTTP; "" by Socket Mode -> {}
    says     {"user": id, "text": "help", "channel": id (their DM), "thread": ts} -> {"ts": …}
    commands {"user": id, "command": "/help", "text": "", "channel": id} -> {"took": seconds,
             "failed": ""}
    clicks   {"user": id, "channel": id, "ts": …, "which": label or action_id} -> as commands
    asks     as commands -> {"took": seconds, "failed": "", "answered": seconds, "channel": id,
             "ts": …, "labels": [of the answer's buttons]}
    submits  {"user": id, "topic": "diffusion"}          the form of /subscribe
             -> {"opened": seconds, "took": seconds, "failed": ""}
    reading  {} -> {"calls": {method: count}, "throttled", "refused": {error: count},
             "ack_times": {kind: [seconds]}, "sent": {channel: count}, "open": deliveries,
             "violations": {words: count}}
    forget   {} -> {}      counts and times begin anew
"""

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiohttp import web
from slack_delivery import COMMANDS, EVENTS, INTERACTIVE
from slack_interactions import Interaction

if TYPE_CHECKING:
    from slack_server import SlackServer


class Control:
    """The orders."""

    def __init__(self, server: "SlackServer") -> None:
        self._server = server

    async def handle(self, request: web.Request) -> web.Response:
        orders = {
            "people": self._people,
            "channel": self._channel,
            "http": self._http,
            "says": self._says,
            "commands": self._commands,
            "clicks": self._clicks,
            "asks": self._asks,
            "submits": self._submits,
            "reading": self._reading,
            "forget": self._forget,
        }
        order = orders.get(request.match_info["order"])
        if order is None:
            return web.json_response({"error": f"no such order; there are {[*orders]}"}, status=404)
        body = json.loads(await request.text() or "{}")
        return web.json_response(await order(**body))

    async def _people(self, count: int, **about: Any) -> dict[str, Any]:
        made = [self._server.user(f"Reader {each + 1}", **about) for each in range(count)]
        return {"users": [each.id for each in made], "dms": [each.dm.id for each in made]}

    async def _channel(self, name: str, members: list[str], **about: Any) -> dict[str, Any]:
        people = [self._server.users[each] for each in members]
        return {"channel": self._server.channel(name, people, **about).id}

    async def _http(self, url: str) -> dict[str, Any]:
        self._server.by_http(url) if url else self._server.by_socket()
        return {}

    async def _says(
        self, user: str, text: str, channel: str | None = None, thread: str | None = None
    ) -> dict[str, Any]:
        where = self._server.channels[channel] if channel else None
        return {"ts": (await self._server.users[user].says(text, where, thread=thread)).ts}

    async def _commands(
        self, user: str, command: str, text: str = "", channel: str | None = None
    ) -> dict[str, Any]:
        where = self._server.channels[channel] if channel else None
        return _end(await self._server.users[user].commands(command, text, where))

    async def _clicks(self, user: str, channel: str, ts: str, which: str) -> dict[str, Any]:
        message = self._server.channels[channel].history[ts]
        return _end(await self._server.users[user].clicks(message, which))

    async def _asks(
        self,
        user: str,
        command: str,
        text: str = "",
        *,
        channel: str | None = None,
    ) -> dict[str, Any]:
        where = self._server.channels[channel] if channel else None
        begun = time.monotonic()
        made = await self._server.users[user].commands(command, text, where)
        answer = await made.next(within=30)
        answered = time.monotonic() - begun
        about = {"channel": answer.channel.id, "ts": answer.ts, "labels": answer.labels}
        return _end(made) | {"answered": answered} | about

    async def _submits(self, user: str, topic: str) -> dict[str, Any]:
        who = self._server.users[user]
        begun = time.monotonic()
        form = await (await who.commands("/subscribe")).opened(within=30)
        opened = time.monotonic() - begun
        await who.fills(form, topic=topic)
        return _end(await who.submits(form)) | {"opened": opened}

    async def _reading(self) -> dict[str, Any]:
        server = self._server
        kinds = (EVENTS, COMMANDS, INTERACTIVE)
        return {
            "calls": dict(server.calls),
            "throttled": server.throttled,
            "refused": Counter(each.error for each in server.refused),
            "ack_times": {each: server.courier.ack_times(each) for each in kinds},
            "sent": {each.id: len(each.sent) for each in server.channels.values() if each.sent},
            "open": len(server.courier.open),
            "violations": Counter(server.violations),
        }

    async def _forget(self) -> dict[str, Any]:
        self._server.calls.clear()
        self._server.log.clear()
        self._server.violations.clear()
        self._server.courier.forget()
        self._server.throttled = 0
        return {}


def _end(made: Interaction) -> dict[str, Any]:
    acked = made.delivery is not None and made.delivery.acked
    return {"took": made.took if acked else None, "failed": made.failed}
