"""The way to Slack through a proxy: sending, Socket Mode, and proxies that fail."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from proxies import KINDS, Mood, Opener, http_proxy
from slack_connected import helped, staged
from slack_examples import slack_without_complaints
from slack_manifests import manifest
from slack_post import channels, draft, said, slack_office
from slack_server import SlackServer
from slack_users import User


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch, manifest=manifest()) as server:
        yield server


@pytest.fixture
def ada(server: SlackServer) -> User:
    return server.user("Imena")


@KINDS
@pytest.mark.parametrize("variable", ["SLACK_PROXY", "PAPERROUND_PROXY"])
async def test_everything_goes_through_the_proxy(
    server: SlackServer, tmp_path: Path, *, scheme: str, opened: Opener, variable: str
) -> None:
    ada = server.user("Imena")
    async with opened() as proxy:
        known = {variable: f"{scheme}://127.0.0.1:{proxy.port}"}
        async with staged(server, tmp_path, **known) as stage:
            assert proxy.asked
            carried = proxy.bytes_out
            await helped(stage, ada, times=1)
            await ada.asks("help")
            assert proxy.bytes_out > carried + 1_000, "answers by response URL and Web API"
            assert len(proxy.asked) >= 2, "the WebSocket has a connection of its own"
            assert {*proxy.asked} == {server.url.removeprefix("http://")}


async def test_the_proxies_of_the_environment_are_not_looked_at(
    server: SlackServer, tmp_path: Path, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with http_proxy() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WSS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{proxy.port}")
        async with staged(server, tmp_path) as stage:
            await helped(stage, ada, times=1)
            asked = await ada.asks("help")
            assert asked.text
        assert proxy.asked == []


@KINDS
@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.REFUSING, Mood.HANGING_UP])
async def test_what_a_proxy_does_not_let_through_waits_and_is_never_in_doubt(
    tmp_path: Path, scheme: str, opened: Opener, mood: Mood
) -> None:
    async with (
        opened(mood) as proxy,
        slack_office(
            tmp_path,
            "https://slack.example/api",
            proxy=f"{scheme}://127.0.0.1:{proxy.port}",
            patience=0.3,
        ) as office,
    ):
        await office.put("C0123", draft("one"))
        for _ in range(3):
            look = await office.deliver()
            assert look is not None
            office.clock.put_forward(look)
        assert await office.states() == ["pending"]
        assert proxy.asked == ["slack.example:443"] * 3
        [row] = await office.query("SELECT ambiguities FROM part")
        assert row["ambiguities"] == 0


@KINDS
async def test_what_waited_for_the_proxy_arrives_once_when_it_works_again(
    server: SlackServer, tmp_path: Path, scheme: str, opened: Opener
) -> None:
    (lab,) = channels(server, 1)
    async with opened() as proxy:
        url = f"{scheme}://127.0.0.1:{proxy.port}"
        async with slack_office(tmp_path, server, proxy=url, patience=2) as office:
            proxy.mood = Mood.REFUSING
            await office.post(lab, "one", "two")
            await office.deliver()
            proxy.mood = Mood.WILLING
            await office.deliver_all()
            assert said(lab) == ["one", "two"]
            proxy.mood = Mood.REFUSING
