"""Conversations about subscriptions, in both languages, on a real database."""

import sqlite3
from datetime import UTC, date, datetime, time, timedelta

import pytest
from fake_source import FRIDAY, Talk, study

from bot.commands.request import AccessRules
from storage import chats, subscriptions
from storage.models import Lang, Platform, Slot

PAPERS = [
    study(
        f"2610.0{n:04}",
        title=f"Multimodal vision-language learning {n}",
        abstract="We propose a vision-language model. Large multimodal models improve by 3.2%.",
    )
    for n in range(1, 14)
]


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path)
    yield talk
    talk.close()


@pytest.fixture
def chinese(tmp_path):
    talk = Talk(tmp_path, Lang.ZH)
    yield talk
    talk.close()


async def stored(talk: Talk):
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    return await talk.db.read(subscriptions.of_chat, chat.key) if chat else []


async def test_subscribing_stores_the_topic_and_shows_what_it_would_have_brought(talk):
    await talk.announce(FRIDAY, *PAPERS)
    said = await talk.ask("/subscribe multimodal at 08:30 weekdays")
    [made] = await stored(talk)
    assert (made.topic, made.when.at, made.when.days) == (
        "multimodal",
        time(8, 30),
        (0, 1, 2, 3, 4),
    )
    assert made.since == len(PAPERS)
    assert made.next_due == datetime(2026, 10, 19, 0, 30, tzinfo=UTC)
    assert "Subscribed: Multimodal learning" in said
    assert "Monday to Friday at 08:30 (Asia/Shanghai)" in said
    assert "13 matches in 1 of 7 days so far, about 13 a day" in said
    assert said.count("https://arxiv.org/abs/2610.") == 3
    assert "announces at 08:00" in said
    assert "from 12:00 on (Asia/Shanghai)" in said
    assert talk.changes == 1


async def test_a_chinese_line_without_a_slash_subscribes(chinese):
    said = await chinese.ask("订阅　多模态　每个工作日　８：３０")
    [made] = await stored(chinese)
    assert (made.topic, made.when.at) == ("multimodal", time(8, 30))
    assert "已订阅：多模态" in said
    assert "每个工作日 08:30（北京时间）" in said
    assert "保留英文（标注“原文”）" in said


@pytest.mark.parametrize(
    "line",
    [
        "subscribe multimodal at 08:30",
        "/SUBSCRIBE multimodal at 08:30",
        "/subscribe@paperround_bot multimodal at 08:30",
        "／订阅 多模态 8:30",
        "订阅多模态每天8点半",
    ],
)
async def test_one_command_has_many_spellings(talk, line):
    await talk.ask(line)
    [made] = await stored(talk)
    assert (made.topic, made.when.at) == ("multimodal", time(8, 30))


async def test_the_same_topic_again_changes_its_options_and_undo_brings_them_back(talk):
    await talk.ask("/subscribe multimodal at 08:30 max 3")
    [before] = await stored(talk)
    said = await talk.ask("/subscribe 多模态 at fresh max off split")
    [after] = await stored(talk)
    assert "Already subscribed, options updated" in said
    assert (after.key, after.when.slot, after.limit, after.split) == (
        before.key, Slot.FRESH, None, True,
    )  # fmt: skip
    assert after.next_due is None
    await talk.ask(talk.buttons["Undo"])
    assert await stored(talk) == [before]


async def test_a_topic_is_public_only_when_its_subscription_says_so(talk):
    assert "web site" not in await talk.ask("/subscribe multimodal")
    assert await talk.db.read(subscriptions.public_topics) == []
    assert "On the archive's web site" in await talk.ask("/subscribe multimodal public")
    assert await talk.db.read(subscriptions.public_topics) == ["multimodal"]
    assert "On the archive's web site" in await talk.ask("/subscriptions")
    assert "web site" not in await talk.ask("订阅 多模态 不公开")
    assert await talk.db.read(subscriptions.public_topics) == []


async def test_undo_removes_a_new_subscription_even_after_the_numbers_moved(talk):
    await talk.ask("/subscribe cs.CV")
    await talk.ask("/subscribe cs.LG")
    undo = talk.buttons["Undo"]
    await talk.ask("/unsubscribe 1")
    await talk.ask(undo)
    assert await stored(talk) == []


async def test_default_categories_and_english_words_are_told(chinese):
    said = await chinese.ask("订阅 流匹配 剪枝")
    assert '已按英文检索："flow matching" pruning' in said
    assert "在 cs.CV、cs.LG 中查找" in said


async def test_subscriptions_are_listed_with_buttons_and_removed_by_number_or_name(talk):
    for topic in ("multimodal", "cs.LG lang zh", "cs.RO max 2 weekly fri"):
        await talk.ask(f"/subscribe {topic}")
    said = await talk.ask("/subscriptions")
    assert "3 subscriptions" in said
    assert "1. Multimodal learning" in said
    assert "every Friday at 08:30" in said
    assert list(talk.buttons)[3:6] == ["Send 2 now", "Change 2", "Delete 2"]
    assert list(talk.buttons.values())[3:6] == ["/digest #2", "/choose #2", "/unsubscribe #2"]
    assert talk.buttons["Pause for 7 days"] == "/pause 7d"
    assert {b.label[:4] for b in talk.all_buttons if not b.turns} == {"Send"}
    await talk.ask("/unsubscribe 2")
    await talk.ask("退订 多模态")
    assert [s.topic for s in await stored(talk)] == ["cs.RO"]
    assert "cs.RO" in await talk.ask("/unsubscribe")
    assert "no subscriptions" in await talk.ask("/subscriptions")


async def test_the_list_turns_into_each_change_and_back(talk):
    await talk.ask("/subscribe cs.CV at 08:30 max 2")
    [before] = await stored(talk)
    await talk.ask("/subscriptions")
    for label in ("Delete 1", "Undo", "All subscriptions", "Pause for 7 days"):
        await talk.ask(next(b.command for b in talk.all_buttons if b.label == label and b.turns))
    assert "Resume" in talk.buttons
    await talk.ask(talk.buttons["All subscriptions"])
    await talk.ask(talk.buttons["Resume"])
    await talk.ask(talk.buttons["All subscriptions"])
    [after] = await stored(talk)
    assert (after.topic, after.when, after.limit) == (before.topic, before.when, before.limit)
    assert after.paused_until is None


async def test_all_subscriptions_leave_at_once(chinese):
    await chinese.ask("订阅 多模态")
    await chinese.ask("订阅 cs.LG")
    assert "已退订：多模态、cs.LG" in await chinese.ask("退订 全部")
    assert await stored(chinese) == []


async def test_a_pause_stops_everything_and_the_return_counts_what_came(talk):
    await talk.ask("/subscribe cs.CV at 08:30")
    await talk.ask("/subscribe cs.LG")
    assert "Friday 23 October 2026" in await talk.ask("/pause 7d")
    daily, fresh = await stored(talk)
    assert daily.paused_until == fresh.paused_until == date(2026, 10, 23)
    assert daily.next_due == datetime(2026, 10, 23, 0, 30, tzinfo=UTC)
    assert "Paused; digests come again" in await talk.ask("/subscriptions")
    await talk.announce(date(2026, 10, 19), *PAPERS)
    said = await talk.ask("/resume")
    assert "13 papers were announced meanwhile" in said
    assert "catches up" in said
    daily, fresh = await stored(talk)
    assert daily.paused_until is fresh.paused_until is None
    assert daily.next_due == datetime(2026, 10, 17, 0, 30, tzinfo=UTC)
    assert "Nothing was paused" in await talk.ask("/resume")


async def test_a_pause_without_an_end_lasts_until_it_is_taken_back(chinese):
    await chinese.ask("订阅 cs.CV 8:30")
    assert "发送“恢复”后继续" in await chinese.ask("暂停")
    [paused] = await stored(chinese)
    assert (paused.paused_until, paused.next_due) == (date.max, None)
    chinese.clock.advance(timedelta(days=400))
    assert "已恢复推送" in await chinese.ask("恢复")
    [awake] = await stored(chinese)
    assert awake.next_due is not None


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("/subscribe multimodal at 25:00", "“25:00” is no time of day"),
        ("/subscribe multimodal tz Shangai", "Near it: Asia/Shanghai"),
        ("/subscribe LoRA AND", "needs a word on each side"),
        ("/subscribe cat:cs.QQ", "no category “cs.QQ”"),
        ("/subscribe 阿巴阿巴", "neither a preset nor in the glossary"),
    ],
)
async def test_a_wrong_line_says_what_is_wrong_with_an_example_and_stores_nothing(
    talk, line, wrong
):
    said = await talk.ask(line)
    assert wrong in said
    assert talk.reply.failed
    assert talk.changes == 0
    assert await talk.db.read(chats.find, Platform.TERMINAL, talk.address) is None


async def test_an_error_points_at_the_place_by_display_width(chinese):
    said = await chinese.ask("订阅 流匹配 AND")
    assert "流匹配 AND\n       ^^^" in said


async def test_who_may_not_manage_changes_nothing(talk):
    await talk.ask("/subscribe cs.CV")
    talk.may_manage = False
    for line in ("/subscribe cs.LG", "/unsubscribe 1", "/pause", "/resume", "/settings lang zh"):
        assert "Only this chat's admins" in await talk.ask(line)
        assert talk.reply.failed
    await talk.ask("/subscriptions")
    assert list(talk.buttons) == ["Send 1 now"]
    assert [s.topic for s in await stored(talk)] == ["cs.CV"]


async def test_a_parked_chat_without_subscriptions_can_be_reached_once_it_is_started(tmp_path):
    talk = Talk(tmp_path, access=AccessRules(open=True))
    await talk.tell("/settings lang en")
    chat = await talk.db.read(chats.find, Platform.TELEGRAM, "5")
    await talk.db.write(chats.park, chat.key, "the person never started the bot")
    assert "morning paper round" in await talk.tell("/start")
    assert (await talk.db.read(chats.get, chat.key)).parked is None
    talk.close()


async def test_a_database_that_fails_is_told_and_the_state_is_intact(talk, tmp_path):
    await talk.ask("/subscribe cs.CV")
    with sqlite3.connect(tmp_path / "talk.db") as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON subscription"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    other.close()
    assert "nothing was changed" in await talk.ask("/subscribe cs.LG")
    assert talk.reply.failed
    assert [s.topic for s in await stored(talk)] == ["cs.CV"]
