"""The form of /subscribe: opened with what is usual, submitted, answered; and the lookup."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from digest_stage import study
from slack_examples import without_proxies
from slack_faults import error, late
from slack_manifests import manifest
from slack_server import SlackServer
from slack_stage import Stage, slack_stage
from slack_users import User
from slack_views import View

UNSEEN = {"channel_not_found"}
"""What Slack answers about private channels that the app is not in."""


@pytest.fixture
async def stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """With the manifest's commands, scopes and events; `indirect` names the admin."""
    without_proxies(monkeypatch)
    server = SlackServer(manifest=manifest())
    async with slack_stage(tmp_path, server=server, admin=getattr(request, "param", "")) as stage:
        yield stage
        await stage.server.quiet()
        assert stage.server.violations == []
        assert {call.error for call in stage.server.refused} <= UNSEEN


@pytest.fixture
def ada(stage: Stage) -> User:
    return stage.server.user("Imena", tz="Asia/Shanghai", locale="zh-CN")


async def opened(user: User, where=None, command: str = "/subscribe", text: str = "") -> View:
    return await (await user.commands(command, text, where)).opened()


async def subscriptions(stage: Stage) -> list[dict]:
    return await stage.query(
        "SELECT c.address, s.topic, s.at, s.tz, s.days, s.lang, s.most, s.maker"
        " FROM subscription s JOIN chat c ON c.key = s.chat ORDER BY s.key"
    )


@pytest.mark.parametrize(
    ("locale", "lang", "labels"),
    [
        ("zh-CN", "zh", ["主题", "频道", "时间", "时区", "星期", "语言", "最多展开篇数"]),
        ("en-GB", "en", ["Topic", "Channel", "When", "Time zone", "Days", "Language"]),
    ],
)
async def test_subscribe_alone_opens_a_form_with_the_askers_own_zone_language_and_channel(
    stage: Stage, locale: str, lang: str, labels: list[str]
) -> None:
    user = stage.server.user("Imena", tz="Asia/Shanghai", locale=locale)
    lab = stage.server.channel("lab", [user])
    form = await opened(user, lab)
    assert {*labels} <= {field.label for field in form.fields}
    assert form.value("channel") == lab.id
    assert form.value("zone")["value"] == "Asia/Shanghai"
    assert form.value("lang")["value"] == lang
    assert form.value("hour")["value"] == "fresh"
    assert lab.messages == []


async def test_the_umbrella_opens_it_too_and_by_mention_the_questions_stay(
    stage: Stage, ada: User
) -> None:
    lab = stage.server.channel("lab", [ada])
    assert (await opened(ada, command="/paperround", text="subscribe")).value("channel") is None
    assert (await opened(ada, lab, "/paperround", "订阅")).value("channel") == lab.id
    asked = await ada.asks("订阅", lab)
    assert asked.buttons[0].value.startswith("=/choose ")
    await stage.server.quiet()
    assert stage.server.calls["views.open"] == 2


async def test_menus_offer_presets_the_typed_words_and_zones(stage: Stage, ada: User) -> None:
    form = await opened(ada)
    calls = stage.server.calls.total()
    first = await ada.suggests(form, "topic", "")
    assert first[0] == ("大模型", "llm")
    assert len(first) > 40
    found = await ada.suggests(form, "topic", "多模")
    assert found == [("多模态", "multimodal"), ("按词检索：多模", "多模")]
    own, *near = await ada.suggests(form, "topic", "  difusion <!channel> ")
    assert own == ("按词检索：difusion <!channel>", "difusion <!channel>")
    assert len(near) == 3
    assert all(len(label) <= 75 for label, _ in await ada.suggests(form, "topic", "x" * 500))
    assert (await ada.suggests(form, "zone", "柏林")) == [("Europe/Berlin", "Europe/Berlin")]
    assert ("北京时间", "Asia/Shanghai") in await ada.suggests(form, "zone", "shang")
    assert await ada.suggests(form, "zone", "") != await ada.suggests(form, "zone", "qqqq") == []
    assert stage.server.calls.total() == calls, "menus need no call to Slack"
    assert max(stage.server.courier.ack_times("interactive")) < 0.5


async def test_what_is_entered_is_subscribed_and_everybody_sees_it(stage: Stage, ada: User) -> None:
    lab = stage.server.channel("lab", [ada])
    await stage.morning(date(2026, 2, 3), study(1, "multimodal language models"))
    done = await ada.submits(
        await opened(ada, lab),
        topic="多模态", hour="08:30", zone="Europe/Berlin", days=["weekdays", "sat"],
        count="5", lang="en",
    )  # fmt: skip
    assert done.errors == {}
    assert done.took < 0.5
    assert await subscriptions(stage) == [
        {
            "address": lab.id, "topic": "multimodal", "at": "08:30", "tz": "Europe/Berlin",
            "days": "012345", "lang": "en", "most": 5, "maker": f"slack:{ada.id}",
        }
    ]  # fmt: skip
    shown = await lab.next()
    assert done.view.text == shown.text
    assert "已订阅：多模态" in shown.text
    assert "Invented Study 1" in shown.text
    assert done.view.buttons == []
    again = stage.server.courier.repeat(done.delivery)
    await stage.server.quiet()
    assert again.answer == done.ack
    assert len(lab.messages) == 1, "a submission that comes twice acts once"
    await ada.clicks(shown, "撤销")
    await stage.server.quiet()
    assert await subscriptions(stage) == []


async def test_an_empty_channel_means_the_direct_messages(stage: Stage, ada: User) -> None:
    lab = stage.server.channel("lab", [ada])
    done = await ada.submits(await opened(ada, lab), channel=None, query="cat:cs.RO")
    assert done.errors == {}
    assert "cs.RO" in (await ada.dm.next()).text
    (made,) = await subscriptions(stage)
    assert (made["address"], made["days"], made["most"]) == (ada.id, "0123456", None)
    assert lab.messages == []


async def test_mistakes_stand_at_their_fields_in_the_language_of_the_form(
    stage: Stage, ada: User
) -> None:
    lab = stage.server.channel("lab", [ada])
    guest = stage.server.user("Tolan", locale="en-US")
    await ada.asks("订阅 多模态", lab)  # the channel speaks Chinese
    form = await opened(guest, lab)

    async def wrong(**entered: str | None) -> dict[str, str]:
        return (await guest.submits(form, entered)).errors

    assert "Choose a topic" in (await wrong(topic=None))["topic"]
    assert "not both" in (await wrong(topic="llm", query="LoRA"))["query"]
    assert "never closed" in (await wrong(topic=None, query="(LoRA AND"))["query"]
    assert "given twice" in (await wrong(query="LoRA at 08:30"))["query"]
    assert "Choose a topic" in (await wrong(query="split"))["query"]
    assert "needs an hour" in (await wrong(query="LoRA weekly"))["hour"]
    assert "1 to 50" in (await wrong(query="LoRA", count="99"))["count"]
    assert len(await subscriptions(stage)) == 1


async def test_where_the_app_is_not_it_says_how_to_invite_it(stage: Stage, ada: User) -> None:
    den = stage.server.channel("den", [ada], private=True, bot=False)
    done = await ada.submits(await opened(ada, den), topic="llm")
    assert "/invite @paperround" in done.view.text
    assert len(await subscriptions(stage)) == 1
    town = stage.server.channel("town", [ada], bot=False)
    told = await (await ada.commands("/subscribe", "cs.RO", town)).next()
    assert "/invite @paperround" in told.text
    await town.add_bot(ada)
    told = await (await ada.commands("/subscribe", "cs.CV", town)).next()
    assert "/invite" not in told.text


@pytest.mark.parametrize("stage", ["U000001001"], indirect=True)
async def test_who_is_not_let_in_gets_no_form_and_subscribes_no_channel(stage: Stage) -> None:
    boss, ada = stage.server.user("Vorga"), stage.server.user("Imena")
    assert boss.id == "U000001001", "as the settings name the admin"
    lab, den = stage.server.channel("lab", [boss, ada]), stage.server.channel("den", [ada])
    refused = await (await ada.commands("/subscribe", "", lab)).next()
    assert "private" in refused.text
    notice = await boss.dm.next()
    await boss.clicks(notice, notice.labels[0])
    await stage.server.quiet()
    assert stage.server.calls["views.open"] == 0
    form = await opened(ada, lab)
    refused = await ada.submits(form, topic="llm", channel=den.id)
    assert "private" in refused.errors["channel"]
    assert "den" in (await boss.dm.wait_for(2))[-1].text
    again = await ada.submits(form, topic="llm", channel=den.id)
    assert "not let in" in again.errors["channel"]
    assert await subscriptions(stage) == []


async def test_slow_work_is_told_in_time_and_shown_when_it_is_done(stage: Stage, ada: User) -> None:
    lab = stage.server.channel("lab", [ada])
    form = await opened(ada)
    stage.server.fail(late(2.2), on="conversations.info", channel=lab)
    done = await ada.submits(form, topic="llm", channel=lab.id)
    assert done.took < 2.5
    assert "正在处理" in done.view.text
    await lab.next()
    await stage.server.quiet()
    assert "已订阅" in done.view.text


async def test_where_no_form_can_be_opened_the_question_is_asked(stage: Stage, ada: User) -> None:
    lab = stage.server.channel("lab", [ada])
    stage.server.fail(error("expired_trigger_id"), on="views.open")
    asked = await (await ada.commands("/subscribe", "", lab)).next()
    assert asked.buttons[0].value.startswith("=/choose ")


async def test_the_lookup_finds_links_wherever_they_stand_and_says_so_when_there_are_none(
    stage: Stage, ada: User
) -> None:
    lab = stage.server.channel("lab", [ada], bot=False)
    await stage.morning(date(2026, 2, 3), study(7))
    linked = await ada.says("see <https://arxiv.org/abs/2602.00007|this>", lab)
    shown = await (await ada.shortcuts("look_up_paper", linked)).next()
    assert "Invented Study 7" in shown.text
    link = {"type": "link", "url": "https://arxiv.org/abs/2602.00007v1", "text": "a paper"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
    linked = await ada.says("a paper", lab)
    linked.blocks = [rich]
    shown = await (await ada.shortcuts("look_up_paper", linked)).next()
    assert "Invented Study 7" in shown.text
    bare = await ada.says("no paper at all", lab)
    told = await (await ada.shortcuts("look_up_paper", bare)).next()
    assert "没有 arXiv 链接" in told.text
    assert [message for message in lab.messages if message.sender is None] == []
