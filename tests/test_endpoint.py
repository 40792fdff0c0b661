"""The HTTP server that platforms call: its routes, its limits, its beginning and end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web
from ports import free_port

from bot.endpoint import MOST_BYTES, Endpoint
from storage.errors import UserError


async def echo(request: web.Request) -> web.Response:
    return web.Response(text=await request.text())


@asynccontextmanager
async def opened(endpoint: Endpoint) -> AsyncIterator[None]:
    await endpoint.open()
    try:
        yield
    finally:
        await endpoint.close()


@pytest.fixture
async def caller() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def ask(caller: aiohttp.ClientSession, method: str, url: str, data: bytes = b"") -> int:
    async with caller.request(method, url, data=BytesIO(data)) as answer:
        await answer.read()
        return answer.status


async def test_a_route_takes_posts_and_health_is_told(caller: aiohttp.ClientSession) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    endpoint = Endpoint("127.0.0.1", port)
    endpoint.add("/telegram", echo)
    async with opened(endpoint):
        async with caller.post(f"{url}/telegram", data=b"hello") as answer:
            assert (answer.status, await answer.text()) == (200, "hello")
        async with caller.get(f"{url}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        assert await ask(caller, "GET", f"{url}/telegram") == 405
        assert await ask(caller, "POST", f"{url}/healthz") == 405
        assert await ask(caller, "POST", f"{url}/telegram/more") == 404
        assert await ask(caller, "GET", f"{url}/") == 404


async def test_two_platforms_share_it_and_it_closes_after_the_last(
    caller: aiohttp.ClientSession,
) -> None:
    port = free_port()
    healthy = f"http://127.0.0.1:{port}/healthz"
    endpoint = Endpoint("127.0.0.1", port)
    await asyncio.gather(endpoint.open(), endpoint.open())
    await endpoint.close()
    assert await ask(caller, "GET", healthy) == 200
    await endpoint.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask(caller, "GET", healthy)
    async with opened(endpoint):
        assert await ask(caller, "GET", healthy) == 200


async def test_too_large_a_body_is_refused(caller: aiohttp.ClientSession) -> None:
    port = free_port()
    endpoint = Endpoint("127.0.0.1", port)
    endpoint.add("/", echo)
    async with opened(endpoint):
        url = f"http://127.0.0.1:{port}/"
        assert await ask(caller, "POST", url, b"x" * MOST_BYTES) == 200
        assert await ask(caller, "POST", url, b"x" * (MOST_BYTES + 1)) == 413


async def test_a_taken_port_is_said_with_what_to_do() -> None:
    port = free_port()
    async with opened(Endpoint("127.0.0.1", port)):
        second = Endpoint("127.0.0.1", port)
        with pytest.raises(UserError) as caught:
            await second.open()
        assert caught.value.key == "connecting.endpoint_taken"
        assert caught.value.values["address"] == f"127.0.0.1:{port}"
        assert caught.value.values["reason"] == "Address already in use"
        await second.close()


async def test_an_address_that_is_not_ours_is_said_too() -> None:
    with pytest.raises(UserError, match="endpoint_taken"):
        await Endpoint("192.0.2.1", free_port()).open()
    with pytest.raises(UserError, match="endpoint_taken"):
        await Endpoint("no-such-host.invalid", free_port()).open()


async def test_closing_answers_what_is_under_way_and_can_be_done_at_any_time(
    caller: aiohttp.ClientSession,
) -> None:
    port = free_port()
    begun = asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        begun.set()
        await asyncio.sleep(0.1)
        return web.Response(text="done")

    endpoint = Endpoint("127.0.0.1", port)
    endpoint.add("/", slow)
    await endpoint.close()
    await endpoint.open()
    asked = asyncio.create_task(ask(caller, "POST", f"http://127.0.0.1:{port}/"))
    await begun.wait()
    await endpoint.close()
    await endpoint.close()
    assert await asked == 200
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask(caller, "GET", f"http://127.0.0.1:{port}/healthz")
