"""Telegram calls us: who may, what is taken, and what happens when that can't be set up."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from ports import free_port
from telegram_faults import bad, broken, flood
from telegram_processes import Running, machine
from telegram_server import TelegramServer
from telegram_stage import Stage, telegram_stage

from bot.telegram.adapter import SECRET_HEADER

URL = "https://bot.example.org/telegram/hook"
SECRET = "an-invented-word-for-tests"


class Hooked:
    """A bot with a webhook, and how to call it as if one were Telegram."""

    def __init__(self, server: TelegramServer, port: int) -> None:
        self.server = server
        self.url = f"http://127.0.0.1:{port}"
        server.updates.reached_at = lambda url: url.replace("https://bot.example.org", self.url)
        self.settings = {
            "TELEGRAM_WEBHOOK_URL": URL,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "PAPERROUND_HTTP_PORT": str(port),
        }

    @asynccontextmanager
    async def staged(self, folder: Path, **settings: str) -> AsyncIterator[Stage]:
        known = self.settings | settings
        async with telegram_stage(folder, settings=known, server=self.server) as stage:
            yield stage

    async def call(
        self, body: str, *, secret: str | None = SECRET, path: str = "/telegram/hook"
    ) -> int:
        """Post something to the bot; its status."""
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers[SECRET_HEADER] = secret
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{self.url}{path}", data=BytesIO(body.encode()), headers=headers
            ) as answer,
        ):
            return answer.status


@pytest.fixture
async def hooked() -> AsyncIterator[Hooked]:
    server = TelegramServer()
    yield Hooked(server, free_port())
    assert not server.refused
    assert not server.violations


async def test_updates_come_by_webhook_and_are_answered(hooked: Hooked, tmp_path: Path) -> None:
    async with hooked.staged(tmp_path) as stage:
        boss = await stage.boss()
        menu = await boss.asks("/subscribe")
        await boss.taps(menu, "Multimodal")
        await boss.private.edited(menu)
        webhook = hooked.server.updates.webhook
        assert (webhook.url, webhook.secret) == (URL, SECRET)
        assert hooked.server.calls["getUpdates"] == 0
        assert hooked.server.updates.allowed == {"message", "callback_query", "my_chat_member"}
        assert webhook.last_error is None


async def test_who_does_not_know_the_secret_is_sent_away_and_nothing_happens(
    hooked: Hooked, tmp_path: Path
) -> None:
    async with hooked.staged(tmp_path) as stage:
        boss = await stage.boss()
        message = await boss.says("/help")
        await boss.private.next()
        update = json.dumps({"update_id": 900_000, "message": message.to_json()})
        sent = len(boss.private.sent)
        for secret in (None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "gültig"):
            assert await hooked.call(update, secret=secret) == 403
            assert await hooked.call("{", secret=secret) == 403, "nothing is read before"
        await hooked.server.quiet()
        assert len(boss.private.sent) == sent
        assert await hooked.call(update) == 200
        await boss.private.next()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "17", "null", '"x"', "{}", '{"update_id": 1, "message": 5}', "[[1]]"]
)
async def test_what_is_no_update_is_refused(hooked: Hooked, tmp_path: Path, body: str) -> None:
    async with hooked.staged(tmp_path):
        assert await hooked.call(body) == 400


async def test_the_endpoint_keeps_to_its_paths_and_sizes(hooked: Hooked, tmp_path: Path) -> None:
    async with hooked.staged(tmp_path), aiohttp.ClientSession() as session:
        assert await hooked.call("x" * (1 << 20) + "x") == 413
        assert await hooked.call("{}", path="/") == 404
        async with session.get(f"{hooked.url}/telegram/hook") as answer:
            assert answer.status == 405
        async with session.get(f"{hooked.url}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_a_webhook_is_set_again_and_again_until_telegram_takes_it(
    hooked: Hooked, tmp_path: Path
) -> None:
    hooked.server.fail(broken(502), on="setWebhook")
    hooked.server.fail(flood(1), on="setWebhook")
    async with hooked.staged(tmp_path) as stage:
        boss = await stage.boss()
        assert (await boss.asks("/help")).text
        assert hooked.server.calls["setWebhook"] == 3


async def test_polling_after_a_webhook_takes_the_webhook_away(
    hooked: Hooked, tmp_path: Path
) -> None:
    server = hooked.server
    server.updates.webhook.url = "https://bot.example.org/old"
    async with telegram_stage(tmp_path, server=server) as stage:
        boss = await stage.boss()
        assert (await boss.asks("/help")).text
        assert server.updates.webhook.url == ""


async def test_a_url_that_telegram_refuses_ends_the_service_with_a_clear_line(
    hooked: Hooked, tmp_path: Path
) -> None:
    async with hooked.server as server, machine(tmp_path, server) as here:
        server.fail(bad("bad webhook: Failed to resolve host"), on="setWebhook")
        service = await here.command("run", **hooked.settings)
        assert await service.ended() == 1
        assert len(service.complaints.splitlines()) == 1
        assert "TELEGRAM_WEBHOOK_URL: " in service.complaints
        assert "failed to resolve host" in service.complaints
        _tells_nothing(service)


async def test_a_port_that_is_taken_ends_the_service_with_a_clear_line(
    hooked: Hooked, tmp_path: Path
) -> None:
    async with hooked.server as server, machine(tmp_path, server) as here:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", int(hooked.settings["PAPERROUND_HTTP_PORT"])))
            taken.listen()
            service = await here.command("run", **hooked.settings)
            assert await service.ended() == 1
        assert service.complaints.startswith("Nothing can listen at 127.0.0.1:")
        assert len(service.complaints.splitlines()) == 1
        assert server.calls["setWebhook"] == 0
        _tells_nothing(service)


async def test_sigterm_ends_a_service_that_is_called(hooked: Hooked, tmp_path: Path) -> None:
    async with hooked.server as server, machine(tmp_path, server) as here:
        service = await here.command("run", **hooked.settings)
        await service.ready()
        reader = server.user("Tolan Brisk")
        reader.started = True
        await reader.asks("/help")
        assert await service.terminated() == 0
        assert service.complaints == ""
        await reader.says("/subscriptions")
        again = await here.command("run", **hooked.settings)
        await reader.private.next(within=20)
        assert await again.terminated() == 0
        assert len(reader.private.sent) == 2
        _tells_nothing(service)
        _tells_nothing(again)


def _tells_nothing(service: Running) -> None:
    assert SECRET not in service.log() + "".join(service.said) + service.complaints
