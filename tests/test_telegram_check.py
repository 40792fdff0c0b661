"""What `paperround check` says of a Telegram bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arxiv_server import ArxivServer
from fakes import invented_paper
from telegram_processes import SECRET, START, machine
from telegram_server import TOKEN, TelegramServer

from bot.endings import ChecksFailed, explain
from bot.once.checking import run_checks
from bot.platforms import telegram_connection
from bot.settings import Settings
from bot.telegram.findings import look
from jobs.checks import Finding

ANOTHER = "4200000002:another-invented-token-of-nowhere12"
HOOK = "https://bot.example.org/telegram"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert not server.violations
        assert not {*server.calls} - {"getMe", "getWebhookInfo"}, "looking changes nothing"


def settings(server: TelegramServer | None, **known: str) -> Settings:
    url = server.api_url if server else "http://127.0.0.1:9"
    return Settings(**{"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url, **known})


async def looked(server: TelegramServer | None, **known: str) -> list[Finding]:
    return await look(telegram_connection(settings(server, **known)))


def failed(findings: list[Finding]) -> list[str]:
    return [finding.name for finding in findings if not finding.passed]


async def test_a_bot_that_is_set_up_well_passes_by_its_name(server: TelegramServer) -> None:
    findings = await looked(server)
    assert [finding.name for finding in findings] == [
        "telegram",
        "telegram_privacy_on",
        "telegram_polling",
    ]
    assert findings[0].detail == "@paper_round_bot, Paper Round"
    assert failed(findings) == []
    assert not server.refused


async def test_a_wrong_token_fails_without_being_said(server: TelegramServer) -> None:
    (finding,) = await looked(server, TELEGRAM_BOT_TOKEN=ANOTHER)
    assert finding == Finding("telegram", passed=False, advice="telegram_token_advice")


async def test_telegram_out_of_reach_fails_with_the_proxy_as_advice() -> None:
    (finding,) = await looked(None)
    assert (finding.passed, finding.advice) == (False, "telegram_unreachable_advice")
    assert "ConnectError" in finding.detail
    proxied = await looked(None, TELEGRAM_PROXY="socks5://127.0.0.1:9")
    assert failed(proxied) == ["telegram"]


async def test_a_bot_that_may_join_no_group_fails_with_the_way_to_allow_it(
    server: TelegramServer,
) -> None:
    server.joins_groups = False
    findings = await looked(server)
    assert failed(findings) == ["telegram_groups"]
    assert findings[1].advice == "telegram_groups_advice"


async def test_privacy_switched_off_is_said_and_passes(server: TelegramServer) -> None:
    server.privacy = False
    findings = await looked(server)
    assert failed(findings) == []
    assert findings[1].name == "telegram_privacy_off"
    assert findings[1].advice == "telegram_privacy_advice"


async def test_a_webhook_that_run_would_take_away_is_said(server: TelegramServer) -> None:
    server.updates.webhook.url = "https://other.example.org/"
    assert (await looked(server))[-1].name == "telegram_webhook_other"
    hook = {"TELEGRAM_WEBHOOK_URL": HOOK, "TELEGRAM_WEBHOOK_SECRET": "an-invented-word"}
    assert (await looked(server, **hook))[-1].name == "telegram_webhook_other"


async def test_a_webhook_that_works_passes_and_one_that_fails_says_why(
    server: TelegramServer,
) -> None:
    hook = {"TELEGRAM_WEBHOOK_URL": HOOK, "TELEGRAM_WEBHOOK_SECRET": "an-invented-word"}
    server.updates.webhook.url = HOOK
    assert (await looked(server, **hook))[-1] == Finding(
        "telegram_webhook", passed=True, detail="0"
    )
    server.updates.webhook.last_error = (1770000000, "Connection failed: refused")
    last = (await looked(server, **hook))[-1]
    assert (last.passed, last.detail) == (False, "Connection failed: refused")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["✓ Telegram: @paper_round_bot", "may not be added", "/setjoingroups"]),
        ("zh", ["✓ Telegram: @paper_round_bot", "不允许加入", "/setjoingroups"]),
    ],
)
async def test_it_is_said_in_both_languages(
    server: TelegramServer,
    tmp_path: Path,
    lang: str,
    words: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.joins_groups = False
    with ArxivServer([invented_paper("2602.00001")], day=START.date()) as arxiv:
        known = settings(
            server,
            PAPERROUND_LANG=lang,
            PAPERROUND_DATABASE=str(tmp_path / "paperround.db"),
            PAPERROUND_ARXIV_FEED_URL=arxiv.feed_url,
            PAPERROUND_ARXIV_API_URL=arxiv.api_url,
            PAPERROUND_ARXIV_INTERVAL="0",
        )
        with pytest.raises(ChecksFailed) as ended:
            await run_checks(known)
    told = capsys.readouterr().out
    assert explain(ended.value) == 1
    assert all(word in told for word in words), told
    assert SECRET not in told


async def test_the_command_exits_with_0_or_1(server: TelegramServer, tmp_path: Path) -> None:
    async with machine(tmp_path, server) as here:
        good = await here.command("check")
        wrong = await here.command("check", TELEGRAM_BOT_TOKEN=ANOTHER)
        assert await good.ended() == 0, good.said
        assert await wrong.ended() == 1
        assert "".join(good.said).count("✓") >= 6
        (failure,) = (line for line in wrong.said if line.startswith("✗"))
        assert failure.startswith("✗ Telegram → ")
        for each in (good, wrong):
            assert ANOTHER not in "".join(each.said) + each.complaints + each.log()
            assert each.complaints == ""
