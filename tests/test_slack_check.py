"""What `paperround check` says of a Slack app."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arxiv_server import ArxivServer
from collecting import subscription_of
from fakes import invented_paper
from posting import NOW
from slack_examples import without_proxies
from slack_server import SlackServer
from telegram_processes import START

from bot.endings import ChecksFailed
from bot.once.checking import run_checks
from bot.platforms import slack_connection
from bot.settings import Settings
from bot.slack.findings import look
from bot.slack.requirements import BOT_SCOPES, HISTORY_SCOPES
from jobs.checks import Finding
from storage import chats, subscriptions
from storage.database import Database
from storage.models import Lang, Platform

ANOTHER = "xoxb-another-invented-one"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    without_proxies(monkeypatch)
    async with SlackServer() as server:
        server.scopes = frozenset(BOT_SCOPES)
        yield server
        assert server.violations == []
        asked = {"auth.test", "apps.connections.open", "conversations.info"}
        assert {*server.calls} <= asked, "looking changes nothing"


def settings(server: SlackServer | None, **known: str) -> Settings:
    usual = {
        "SLACK_BOT_TOKEN": server.token if server else ANOTHER,
        "SLACK_APP_TOKEN": server.app_token if server else "xapp-x",
        "SLACK_API_URL": server.base_url.rstrip("/") if server else "http://127.0.0.1:9",
    }
    return Settings(**{**usual, **known})


async def looked(server: SlackServer | None, *rooms: str, **known: str) -> list[Finding]:
    return await look(slack_connection(settings(server, **known)), rooms)


async def test_an_app_that_is_set_up_well_passes_by_its_name_and_workspace(
    server: SlackServer,
) -> None:
    lab = server.channel("lab")
    findings = await looked(server, lab.id, "U0123")
    assert [(each.name, each.passed) for each in findings] == [
        ("slack", True), ("slack_scopes", True), ("slack_socket", True), ("slack_channels", True),
    ]  # fmt: skip
    assert findings[0].detail == f"{server.team_domain}, @{server.bot_name}"
    by_http = await looked(server, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="invented")
    assert by_http[-1] == Finding("slack_http", passed=True, detail="/slack/events")


async def test_a_wrong_token_fails_without_being_said(server: SlackServer) -> None:
    (finding,) = await looked(server, SLACK_BOT_TOKEN=ANOTHER)
    wrong = Finding("slack", passed=False, detail="invalid_auth", advice="slack_token_advice")
    assert finding == wrong


async def test_slack_out_of_reach_fails_with_the_proxy_as_advice() -> None:
    (finding,) = await looked(None)
    assert (finding.passed, finding.advice) == (False, "slack_unreachable_advice")


async def test_missing_scopes_are_named(server: SlackServer) -> None:
    server.scopes = frozenset(BOT_SCOPES) - {"files:write", "im:history"}
    findings = await looked(server)
    assert (findings[1].passed, findings[1].detail) == (False, "files:write, im:history")
    server.scopes = frozenset(BOT_SCOPES)
    findings = await looked(server, SLACK_VERIFY_POSTS="true")
    assert findings[1].detail == ", ".join(HISTORY_SCOPES)


async def test_a_wrong_app_level_token_is_found(server: SlackServer) -> None:
    findings = await looked(server, SLACK_APP_TOKEN="xapp-another")
    assert findings[-1] == Finding(
        "slack_socket_failed", passed=False, detail="invalid_auth", advice="slack_socket_advice"
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["✓ Slack: ", "✗ Slack channels that the app is not in: ", "/invite @paperround"]),
        ("zh", ["✓ Slack: ", "✗ Slack：未加入的频道", "请在这些频道输入 /invite @paperround"]),
    ],
)
async def test_channels_with_subscriptions_that_the_app_is_not_in_are_named_in_both_languages(
    server: SlackServer,
    tmp_path: Path,
    lang: str,
    words: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    inside, town = server.channel("lab"), server.channel("town", bot=False)
    den = server.channel("den", private=True, bot=False)
    database = tmp_path / "paperround.db"
    await _subscribed(database, inside.id, f"{town.id}/1.000001", den.id, "U0123")
    with ArxivServer([invented_paper("2602.00001")], day=START.date()) as arxiv:
        known = settings(
            server,
            PAPERROUND_LANG=lang,
            PAPERROUND_DATABASE=str(database),
            PAPERROUND_ARXIV_FEED_URL=arxiv.feed_url,
            PAPERROUND_ARXIV_API_URL=arxiv.api_url,
            PAPERROUND_ARXIV_INTERVAL="0",
        )
        with pytest.raises(ChecksFailed):
            await run_checks(known)
    told = capsys.readouterr().out
    assert all(word in told for word in words), told
    assert f"{den.id}" in told
    assert f"#town ({town.id})" in told
    assert "#lab" not in told
    assert "den" not in told.replace(den.id, ""), "a private name stays among its members"
    assert server.token not in told


async def _subscribed(database: Path, *addresses: str) -> None:
    db = Database.open(database)
    for address in addresses:
        chat = await db.write(chats.ensure, Platform.SLACK, address, lang=Lang.EN, tz="UTC")
        await db.write(subscriptions.add, subscription_of(chat.key, "llm", NOW))
    db.close()
