"""Tiny proxies on the loopback, of both kinds, that count what goes through them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

import pytest

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Mood(StrEnum):
    """How a proxy treats those who come."""

    WILLING = "it connects them"
    SILENT = "it says nothing"
    REFUSING = "it says that it can't"
    HANGING_UP = "it breaks the connection"


@dataclass(slots=True)
class Proxy:
    """One proxy: its address, and where it was asked to connect to."""

    mood: Mood = Mood.WILLING
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """`host:port` of each connection."""
    bytes_out: int = 0

    async def join(self, one: Streams, other: Streams) -> None:
        """Carry bytes both ways until either side ends."""
        ways = [
            asyncio.create_task(self._carry(one[0], other[1])),
            asyncio.create_task(self._carry(other[0], one[1])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            other[1].close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await _close(other[1])

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while chunk := await source.read(65536):
            self.bytes_out += len(chunk)
            target.write(chunk)
            await target.drain()


@asynccontextmanager
async def http_proxy(mood: Mood = Mood.WILLING) -> AsyncIterator[Proxy]:
    """Tunnels (CONNECT) and forwards plain requests."""
    async with _proxy(_speak_http, mood) as proxy:
        yield proxy


@asynccontextmanager
async def socks_proxy(mood: Mood = Mood.WILLING) -> AsyncIterator[Proxy]:
    """SOCKS 5 without authentication (RFC 1928)."""
    async with _proxy(_speak_socks, mood) as proxy:
        yield proxy


Opener = Callable[..., AbstractAsyncContextManager[Proxy]]
KINDS = pytest.mark.parametrize(
    ("scheme", "opened"), [("http", http_proxy), ("socks5", socks_proxy)], ids=["http", "socks5"]
)


async def _speak_http(proxy: Proxy, client: Streams) -> None:
    reader, writer = client
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.split(b" ", 2)
    tunnel = method == b"CONNECT"
    place = target.decode() if tunnel else urlsplit(target.decode()).netloc
    proxy.asked.append(place)
    if proxy.mood is not Mood.WILLING:
        await _be(proxy.mood, writer, b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        return
    server = await _connect(place)
    if tunnel:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    else:
        server[1].write(head)  # an absolute target is as good to a server (RFC 9112, 3.2.2)
    await proxy.join(client, server)


async def _speak_socks(proxy: Proxy, client: Streams) -> None:
    reader, writer = client
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, _, _, kind = await reader.readexactly(4)
    if kind == 1:
        host = ".".join(map(str, await reader.readexactly(4)))
    else:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    place = f"{host}:{int.from_bytes(await reader.readexactly(2))}"
    proxy.asked.append(place)
    if proxy.mood is not Mood.WILLING:
        await _be(proxy.mood, writer, b"\x05\x04\x00\x01" + bytes(6))
        return
    server = await _connect(place)
    writer.write(b"\x05\x00\x00\x01" + bytes(6))
    await proxy.join(client, server)


async def _be(mood: Mood, writer: asyncio.StreamWriter, refusal: bytes) -> None:
    if mood is Mood.SILENT:
        await asyncio.Event().wait()
    if mood is Mood.REFUSING:
        writer.write(refusal)
        await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _connect(place: str) -> Streams:
    host, _, port = place.rpartition(":")
    return await asyncio.open_connection(host, int(port))


@asynccontextmanager
async def _proxy(
    speak: Callable[[Proxy, Streams], Awaitable[None]], mood: Mood
) -> AsyncIterator[Proxy]:
    proxy = Proxy(mood)
    open_now: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await speak(proxy, (reader, writer))
        finally:
            open_now.discard(task)
            await _close(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in list(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)
        await server.wait_closed()
