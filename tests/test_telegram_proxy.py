"""The way to Telegram through a proxy: sending, asking for updates, and proxies that fail."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from proxies import KINDS, Mood, Opener, http_proxy, socks_proxy
from telegram_post import people, post_office, said
from telegram_server import TelegramServer
from telegram_stage import telegram_stage


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    server = TelegramServer()
    yield server
    assert not server.refused
    assert not server.violations


@KINDS
@pytest.mark.parametrize("variable", ["TELEGRAM_PROXY", "PAPERROUND_PROXY"])
async def test_polling_answering_and_sending_go_through_the_proxy(
    server: TelegramServer, tmp_path: Path, scheme: str, opened: Opener, variable: str
) -> None:
    async with opened() as proxy:
        settings = {variable: f"{scheme}://127.0.0.1:{proxy.port}"}
        async with telegram_stage(tmp_path, server=server, settings=settings) as stage:
            boss = await stage.boss()
            answer = await boss.asks("/status")
            assert answer.text
            place = server.api_url.removeprefix("http://")
            assert set(proxy.asked) == {place}
            assert len(proxy.asked) >= 2, "one connection for polling, others for the rest"
            proxy.mood = Mood.REFUSING


async def test_the_proxy_of_telegram_goes_before_the_common_one(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with http_proxy() as common, socks_proxy() as own:
        settings = {
            "PAPERROUND_PROXY": f"http://127.0.0.1:{common.port}",
            "TELEGRAM_PROXY": f"socks5://127.0.0.1:{own.port}",
        }
        async with telegram_stage(tmp_path, server=server, settings=settings) as stage:
            await stage.boss()
        assert own.asked
        assert not common.asked


async def test_the_proxies_of_the_environment_are_not_looked_at(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with http_proxy() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with telegram_stage(tmp_path, server=server) as stage:
            await stage.boss()
        assert proxy.asked == []


@KINDS
@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.REFUSING, Mood.HANGING_UP])
async def test_what_a_proxy_does_not_let_through_waits_and_is_never_in_doubt(
    tmp_path: Path, scheme: str, opened: Opener, mood: Mood
) -> None:
    async with (
        TelegramServer() as server,
        opened(mood) as proxy,
        post_office(
            tmp_path,
            "https://api.telegram.example",
            proxy=f"{scheme}://127.0.0.1:{proxy.port}",
            read_timeout=0.1,
        ) as office,
    ):
        (chat,) = people(server, 1)
        await office.post(chat, "one")
        for _ in range(3):
            look = await office.deliver()
            assert look is not None
            office.clock.put_forward(look)
        assert await office.states() == ["pending"]
        assert proxy.asked == ["api.telegram.example:443"] * 3


@KINDS
async def test_what_waited_for_the_proxy_arrives_once_when_it_works_again(
    tmp_path: Path, scheme: str, opened: Opener
) -> None:
    async with TelegramServer() as server, opened() as proxy:
        (chat,) = people(server, 1)
        url = f"{scheme}://127.0.0.1:{proxy.port}"
        async with post_office(tmp_path, server.api_url, proxy=url, read_timeout=0.5) as office:
            proxy.mood = Mood.REFUSING
            await office.post(chat, "one", "two")
            await office.deliver()
            proxy.mood = Mood.WILLING
            await office.deliver_all()
        assert said(chat) == ["one", "two"]
