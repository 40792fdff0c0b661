"""The Home tab: what is one's own, with buttons that ask anew each time who may do what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from collecting import subscription_of
from digest_stage import study
from slack_checks import view
from slack_examples import without_proxies
from slack_faults import error
from slack_manifests import manifest
from slack_server import SlackServer
from slack_stage import Stage, slack_stage
from slack_users import User
from slack_views import View
from test_slack_modal import UNSEEN, subscriptions

from formatters.compose.cards import Frame
from formatters.compose.replies.home import Entry, Home
from formatters.compose.replies.home import home as composed
from formatters.slack import home as rendered
from storage.models import Chat, ChatKey, Lang, Platform

TUESDAY = date(2026, 2, 3)


@pytest.fixture
async def stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """With the manifest's scopes and events; `indirect` gives more settings."""
    without_proxies(monkeypatch)
    server, more = SlackServer(manifest=manifest()), getattr(request, "param", {})
    async with slack_stage(tmp_path, server=server, settings=more) as stage:
        yield stage
        await stage.server.quiet()
        assert stage.server.violations == []
        assert {call.error for call in stage.server.refused} <= UNSEEN


@pytest.fixture
def ada(stage: Stage) -> User:
    return stage.server.user("Imena", tz="Asia/Shanghai", locale="en-US")


async def home(user: User) -> View:
    await user.world.quiet()
    await user.opens_home()
    await user.world.quiet()
    return await user.home_shown()


async def clicks(user: User, begins: str, *, on: View | None = None) -> str:
    """Tap the button whose command begins so; what the page shows then."""
    shown = on or user.home
    (button,) = (each for each in shown.buttons if each.value.startswith(begins))
    await user.clicks(shown, button.action_id)
    await user.world.quiet()
    return user.home.text


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", ["Your subscriptions", "#lab · every day at 08:30", "Your reading list: 1 paper",
                   "Tuesday 3 February 2026: 1 paper, collected"]),
        ("zh-CN", ["我的订阅", "#lab · 每天 08:30", "我的收藏：1 篇", "1 篇，0 分钟前收录"]),
    ],
)  # fmt: skip
async def test_it_shows_subscriptions_saved_papers_and_the_last_morning(
    stage: Stage, locale: str, words: list[str]
) -> None:
    ada = stage.server.user("Imena", locale=locale)
    lab = stage.server.channel("lab", [ada])
    await ada.commands("/subscribe", "llm at 08:30", lab)
    await ada.says("subscribe cs.RO")
    await stage.morning(TUESDAY, study(1))
    await ada.says("save 2602.00001")
    await stage.server.quiet()
    shown = await home(ada)
    assert all(word in shown.text for word in words), shown.text
    assert "cs.RO" in shown.text
    (link,) = shown.read.links
    assert link.url == "https://arxiv.org/abs/2602.00001"
    assert [each.value.split()[0] for each in shown.buttons] == [
        "/pause", "/unsubscribe", "/pause", "/unsubscribe", "/subscribe", "/unsave",
    ]  # fmt: skip


async def test_its_buttons_pause_resume_delete_and_take_back(stage: Stage, ada: User) -> None:
    lab = stage.server.channel("lab", [ada])
    for topic in ("llm at 08:30", "cs.RO"):
        await ada.commands("/subscribe", topic, lab)
    await home(ada)
    assert "Paused until" in await clicks(ada, "/pause #1")
    rows = await stage.query("SELECT paused_until FROM subscription ORDER BY key")
    assert [bool(row["paused_until"]) for row in rows] == [True, False]
    assert "Paused" not in await clicks(ada, "/resume #1")
    assert "Unsubscribed: Large language models" in await clicks(ada, "/unsubscribe #1")
    assert [each["topic"] for each in await subscriptions(stage)] == ["cs.RO"]
    assert "at 08:30" in await clicks(ada, "/subscribe llm")
    assert {each["topic"] for each in await subscriptions(stage)} == {"cs.RO", "llm"}
    assert len([message for message in lab.messages if message.sender is None]) == 2


async def test_a_private_channel_shows_to_its_members_alone(stage: Stage, ada: User) -> None:
    den = stage.server.channel("den", [ada], private=True)
    tolan = stage.server.user("Tolan")
    await ada.commands("/subscribe", "llm", den)
    before = await home(ada)
    assert "#den" in before.text
    assert "den" not in (await home(tolan)).text
    await ada.leaves(den)
    await stage.server.quiet()
    assert "den" not in await clicks(ada, "/unsubscribe #1", on=before)
    assert "llm" not in ada.home.text
    assert len(await subscriptions(stage)) == 1, "who left changes nothing"


async def test_nobody_acts_on_a_direct_conversation_of_others(stage: Stage, ada: User) -> None:
    tolan = stage.server.user("Tolan")
    await ada.says("subscribe llm")
    await home(ada)
    mine = await home(tolan)
    await tolan.clicks(mine, "command-0", value=f"/unsubscribe #1 to {ada.id}")
    await tolan.clicks(mine, "command-0", value="/unsubscribe #1")
    await stage.server.quiet()
    assert len(await subscriptions(stage)) == 1


@pytest.mark.parametrize("stage", [{"SLACK_ANYONE_MANAGES": False}], indirect=True)
async def test_where_makers_manage_each_pauses_their_own(stage: Stage, ada: User) -> None:
    tolan = stage.server.user("Tolan")
    lab = stage.server.channel("lab", [ada, tolan])
    await ada.commands("/subscribe", "llm", lab)
    await tolan.commands("/subscribe", "cs.RO", lab)
    shown = await home(tolan)
    assert "Large language models" not in shown.text
    assert "Paused until" in await clicks(tolan, "/pause #2")
    await tolan.clicks(tolan.home, "command-0", value=f"/unsubscribe #1 to {lab.id}")
    await stage.server.quiet()
    assert "not all of this is yours" in tolan.home.text
    assert len(await subscriptions(stage)) == 2


@pytest.mark.parametrize("stage", [{"PAPERROUND_OPEN": False}], indirect=True)
async def test_who_is_not_let_in_sees_that_it_is_private(stage: Stage, ada: User) -> None:
    shown = await home(ada)
    assert "private" in shown.text
    assert shown.buttons == []


async def test_its_subscribe_button_opens_the_form_and_the_page_follows(
    stage: Stage, ada: User
) -> None:
    shown = await home(ada)
    click = await ada.clicks(shown, "Subscribe")
    await ada.submits(await click.opened(), topic="llm")
    await stage.server.quiet()
    assert "Direct messages · as soon as" in ada.home.text
    stage.server.fail(error("expired_trigger_id"), on="views.open")
    await ada.clicks(ada.home, "Subscribe")
    await stage.server.quiet()
    assert "Which topic?" in ada.home.text


async def test_looking_at_the_messages_publishes_nothing(stage: Stage, ada: User) -> None:
    await ada.opens_home("messages")
    await stage.server.quiet()
    assert stage.server.calls["views.publish"] == 0


@pytest.mark.parametrize("lang", Lang)
def test_somebody_with_very_much_gets_a_page_that_slack_takes(lang: Lang) -> None:
    now = datetime(2026, 2, 3, 9, tzinfo=UTC)
    chat = Chat(ChatKey(1), Platform.SLACK, "C0123", lang, "UTC", parked="archived")
    one = replace(subscription_of(chat.key, "llm", now), paused_until=date.max)
    entries = [Entry("t" * 2_000, chat, one, "#" + "l" * 80, paused=True)] * 60
    papers = [study(number, "long words " * 30) for number in range(10)]
    shown = Home(chat.address, entries, papers, 400, now, None, None)
    blocks = rendered(composed(shown, None, Frame(lang, "https://arxiv.org")), lang)
    view({"type": "home", "blocks": list(blocks)}, "home")
    rows = [block for block in blocks if block["type"] == "actions"]
    assert len(rows) == 31, "each button stands under what it is about"
