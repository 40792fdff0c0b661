"""The loopback Telegram's remote control, for a benchmark that runs it as a process of its own.

POST /control/ORDER with JSON:

    crowd   {"count": 3000, "language": "en"}             people who have started the bot
            -> {"users": [ids]}
    group   {"title": "Lab", "members": [ids], "admins": [ids], "forum": false, "kind": …}
            -> {"chat": id}
    channel {"title": "Papers", "username": …, "admins": [ids]} -> {"chat": id}
    says    {"user": id, "text": "/help", "chat": id (private), "topic": id} -> {"message": id}
    taps    {"user": id, "chat": id, "message": id, "data": "…"} -> {}
    reading {} -> {"calls": {method: count}, "throttled", "refused": {words: count},
            "latencies": [seconds], "sent": {chat: count}, "pending": updates,
            "arrivals": {chat: [seconds by the rates' clock]}}
    flood   {"chat": id, "seconds": 30}                   its next message gets a 429 -> {}
    forget  {} -> {}      counts and latencies begin anew
"""

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiohttp import web
from telegram_faults import flood
from telegram_updates import Update

if TYPE_CHECKING:
    from telegram_server import TelegramServer

_ANSWERS = frozenset({"sendMessage", "editMessageText", "answerCallbackQuery"})


class Control:
    """The orders, and the stop-watch: from an update's delivery to the first answer there."""

    def __init__(self, server: "TelegramServer") -> None:
        self.latencies: list[float] = []
        self._server = server
        self._waiting: dict[int, float] = {}

    def handed(self, update: Update) -> None:
        """An update has been given to the bot; somebody may wait for an answer."""
        if update.kind in ("message", "callback_query"):
            self._waiting.setdefault(update.chat, time.monotonic())

    def arrived(self, method: str, chat: int) -> None:
        """A call of the bot has come in."""
        if method in _ANSWERS and chat in self._waiting:
            self.latencies.append(time.monotonic() - self._waiting.pop(chat))

    def chat_of_tap(self, params: dict[str, Any]) -> int:
        tap = self._server.taps.get(params.get("callback_query_id", ""))
        return tap.chat if tap else 0

    async def handle(self, request: web.Request) -> web.Response:
        orders = {
            "crowd": self._crowd,
            "group": self._group,
            "channel": self._channel,
            "says": self._says,
            "taps": self._taps,
            "reading": self._reading,
            "flood": self._flood,
            "forget": self._forget,
        }
        order = orders.get(request.match_info["order"])
        if order is None:
            return web.json_response({"error": f"no such order; there are {[*orders]}"}, status=404)
        body = json.loads(await request.text() or "{}")
        return web.json_response(await order(**body))

    async def _crowd(self, count: int, language: str = "en") -> dict[str, Any]:
        people = [self._server.user(f"Reader {each + 1}", language) for each in range(count)]
        for each in people:
            each.started = True
        return {"users": [each.id for each in people]}

    async def _group(self, title: str, **about: Any) -> dict[str, Any]:
        people = {name: self._people(about.pop(name, [])) for name in ("members", "admins")}
        return {"chat": self._server.group(title, **people, **about).id}

    async def _channel(self, title: str, **about: Any) -> dict[str, Any]:
        people = {name: self._people(about.pop(name, [])) for name in ("members", "admins")}
        return {"chat": self._server.channel(title, **people, **about).id}

    async def _says(
        self, user: int, text: str, chat: int | None = None, topic: int | None = None
    ) -> dict[str, Any]:
        where = self._server.chats[chat] if chat else None
        return {"message": (await self._server.users[user].says(text, where, topic=topic)).id}

    async def _taps(self, user: int, chat: int, message: int, data: str) -> dict[str, Any]:
        found = self._server.chats[chat].history[message]
        await self._server.users[user].taps(found, data=data, wait=0)
        return {}

    async def _reading(self) -> dict[str, Any]:
        server = self._server
        return {
            "calls": dict(server.calls),
            "throttled": server.throttled,
            "refused": Counter(each.description for each in server.refused),
            "latencies": self.latencies,
            "sent": {each.id: len(each.sent) for each in server.chats.values() if each.sent},
            "pending": len(server.updates.pending),
            "arrivals": server.arrivals,
        }

    async def _flood(self, chat: int, seconds: int) -> dict[str, Any]:
        self._server.fail(flood(seconds), on="sendMessage", chat=chat)
        return {}

    async def _forget(self) -> dict[str, Any]:
        self._waiting.clear()
        self.latencies.clear()
        self._server.calls.clear()
        self._server.log.clear()
        self._server.throttled = 0
        return {}

    def _people(self, numbers: list[int]) -> list[Any]:
        return [self._server.users[each] for each in numbers]
