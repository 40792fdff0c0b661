"""Socket Mode of the loopback Slack: connections, envelopes, acknowledgements, disconnects."""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web
from slack_delivery import EVENTS, Delivery
from telegram_waiting import Bell

CONNECTIONS = 10
_WITHOUT_LINK = 60.0
"""Seconds that an event waits for a connection."""


@dataclass(slots=True, eq=False)
class Link:
    """One WebSocket of the app."""

    socket: web.WebSocketResponse
    request: web.Request
    pending: dict[str, Delivery] = field(default_factory=dict)
    """What it has not acknowledged yet, by envelope."""
    retiring: bool = False
    """Told to go: gets nothing more."""

    async def say(self, **message: Any) -> None:
        await self.socket.send_str(json.dumps(message))


class Sockets:
    """The app's connections; any of them may get a payload, each in its turn."""

    def __init__(self, bell: Bell, app_id: str) -> None:
        self.links: list[Link] = []
        self.opened = 0
        """Connections so far."""
        self.late: list[str] = []
        """Envelopes that were acknowledged when nobody waited any more."""
        self.heartbeat: float | None = None
        """Seconds between the server's pings on new connections."""
        self.swallow = 0
        """So many of the next acknowledgements are lost together with their connection."""
        self._bell = bell
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._numbers = count(1)

    def ticket(self) -> str:
        """Good for one connection."""
        made = f"ticket-{next(self._numbers)}"
        self._tickets.add(made)
        return made

    async def connected(self, links: int = 1, within: float = 5.0) -> None:
        """Until the app holds so many connections that can be used."""

        def missing() -> str:
            return f"{len(self._usable)} connections, not {links}"

        await self._bell.until(lambda: len(self._usable) >= links, within, missing)

    async def warn(self) -> None:
        """Tell the app on each connection that it will end soon; it does so in its own time."""
        for each in self._usable:
            await each.say(type="disconnect", reason="warning", debug_info={"host": "loopback"})

    async def refresh(self) -> None:
        """Have every connection replaced: say so, then close."""
        for each in self._usable:
            each.retiring = True
            reason = "refresh_requested"
            await each.say(type="disconnect", reason=reason, debug_info={"host": "loopback"})
            await each.socket.close()

    def drop(self, which: int | None = None) -> None:
        """Break connections off without a word: all, or one."""
        for each in self.links if which is None else [self.links[which]]:
            each.retiring = True
            if each.request.transport:
                each.request.transport.abort()

    async def close(self) -> None:
        for each in [*self.links]:
            await each.socket.close()

    async def carry(self, delivery: Delivery, patience: float) -> str:
        """Hand it to a connection; when that breaks before the acknowledgement, to another."""
        loop = asyncio.get_running_loop()
        wait = _WITHOUT_LINK if delivery.kind == EVENTS else patience
        try:
            async with asyncio.timeout(wait) as deadline:
                while not delivery.acked:
                    link = await self._free()
                    deadline.reschedule(loop.time() + patience)
                    await self._offer(link, delivery)
        except TimeoutError:
            self._forget(delivery)
            return "timeout" if delivery.kind == EVENTS else "operation_timeout"
        return ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The app's WebSocket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=self.heartbeat)
        await socket.prepare(request)
        link = Link(socket, request)
        if len(self.links) >= CONNECTIONS:
            await link.say(type="disconnect", reason="too_many_websockets")
            await socket.close()
            return socket
        await self._greet(link)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(link, json.loads(message.data))
        finally:
            self._lose(link)
        return socket

    @property
    def _usable(self) -> list[Link]:
        return [each for each in self.links if not each.retiring and not each.socket.closed]

    async def _greet(self, link: Link) -> None:
        info = {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060}
        await link.say(
            type="hello",
            num_connections=len(self.links) + 1,
            debug_info=info,
            connection_info={"app_id": self._app_id},
        )
        self.links.append(link)
        self.opened += 1
        self._bell.ring()

    async def _free(self) -> Link:
        while not (usable := self._usable):
            await self._bell.rung()
        return usable[next(self._numbers) % len(usable)]

    async def _offer(self, link: Link, delivery: Delivery) -> None:
        envelope: dict[str, Any] = {
            "envelope_id": delivery.envelope_id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != EVENTS,
        }
        if delivery.kind == EVENTS:
            number, reason = delivery.retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        delivery.wake.clear()
        link.pending[delivery.envelope_id] = delivery
        delivery.handed()
        try:
            await link.say(**envelope)
        except ConnectionError:
            self._lose(link)
        await delivery.wake.wait()

    def _hear(self, link: Link, message: dict[str, Any]) -> None:
        envelope = message.get("envelope_id", "")
        if self.swallow:
            self.swallow -= 1
            link.retiring = True
            if link.request.transport:
                link.request.transport.abort()
            return
        delivery = link.pending.pop(envelope, None)
        if delivery is None:
            self.late.append(envelope)
            return
        delivery.acknowledge(message.get("payload"))

    def _lose(self, link: Link) -> None:
        if link in self.links:
            self.links.remove(link)
        link.retiring = True
        for each in link.pending.values():
            each.wake.set()
        link.pending.clear()
        self._bell.ring()

    def _forget(self, delivery: Delivery) -> None:
        for each in self.links:
            each.pending.pop(delivery.envelope_id, None)
