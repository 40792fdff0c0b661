"""Subscribing step by step, by taps and by plain text, from a welcome or a link."""

from datetime import time
from pathlib import Path

import pytest
from fake_source import FRIDAY, Talk, study

from bot.commands.guiding import read_answer
from jobs.presets import presets
from storage import chats, subscriptions
from storage.models import Lang, Platform, Slot, Subscription

PAPERS = [
    study(f"2610.0{n:04}", title=f"Multimodal vision-language learning {n}") for n in range(1, 14)
]
POPULAR = presets().popular


@pytest.fixture
def talk(tmp_path: Path):
    talk = Talk(tmp_path)
    yield talk
    talk.close()


@pytest.fixture
def chinese(tmp_path: Path):
    talk = Talk(tmp_path, Lang.ZH)
    yield talk
    talk.close()


async def stored(talk: Talk) -> list[Subscription]:
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    return await talk.db.read(subscriptions.of_chat, chat.key) if chat else []


async def tap(talk: Talk, label: str) -> str:
    return await talk.ask(talk.buttons[label])


@pytest.mark.parametrize("line", ["/subscribe", "/choose", "subscribe", "/offer"])
async def test_subscribing_to_nothing_yet_asks_for_a_topic(talk, line):
    said = await talk.ask(line)
    assert "Which topic?" in said
    assert talk.reply.question == "/choose {}"
    assert not talk.reply.failed
    assert talk.buttons["Multimodal learning"] == "/choose multimodal"
    assert all(button.turns for button in talk.all_buttons)


async def test_three_taps_lead_to_an_offer_and_a_fourth_subscribes(talk):
    await talk.announce(FRIDAY, *PAPERS)
    await talk.ask("/subscribe")
    said = await tap(talk, "Multimodal learning")
    assert "Multimodal learning" in said
    assert "by Asia/Shanghai" in said
    assert "/settings tz Berlin" in said
    assert "announces at 08:00" in said
    assert list(talk.buttons)[:5] == ["As soon as announced", "07:30", "08:30", "09:30", "18:00"]
    await tap(talk, "08:30")
    said = await tap(talk, "中文")
    assert "Subscribe to Multimodal learning?" in said
    assert "every day at 08:30 (Asia/Shanghai)" in said
    assert "13 matches in 1 of 7 days so far" in said
    assert said.count("https://arxiv.org/abs/2610.") == 3
    assert talk.buttons == {
        "Subscribe": "/subscribe multimodal at 08:30 lang zh",
        "Start over": "/choose",
    }
    assert all(button.turns for button in talk.all_buttons)
    assert (await stored(talk), talk.changes) == ([], 0)
    assert "Subscribed: Multimodal learning" in await tap(talk, "Subscribe")
    [made] = await stored(talk)
    assert (made.topic, made.when.at, made.lang) == ("multimodal", time(8, 30), Lang.ZH)


async def test_each_question_is_answered_by_plain_text_too(talk):
    await talk.ask("/subscribe")
    assert "When should it come?" in await talk.ask('"continual learning" AND LoRA')
    assert "In which language" in await talk.ask("weekdays at 7:15")
    assert "Subscribe to" in await talk.ask("Chinese")
    await tap(talk, "Subscribe")
    [made] = await stored(talk)
    assert (made.topic, made.lang) == ('"continual learning" AND LoRA', Lang.ZH)
    assert (made.when.at, made.when.days) == (time(7, 15), (0, 1, 2, 3, 4))


async def test_a_chinese_chat_is_guided_in_chinese(chinese):
    await chinese.ask("订阅")
    assert "什么时间推送" in await tap(chinese, "多模态")
    assert "以 北京时间 为准" in await chinese.ask("/choose 多模态")
    assert "哪种语言" in await chinese.ask("每个工作日 晚上8点")
    assert "订阅“多模态”？" in await chinese.ask("中文")
    await tap(chinese, "订阅")
    [made] = await stored(chinese)
    assert (made.topic, made.when.at, made.when.days) == (
        "multimodal", time(20), (0, 1, 2, 3, 4),
    )  # fmt: skip


async def test_what_was_said_is_not_asked_again(chinese):
    assert "哪种语言" in await chinese.ask("/choose multimodal at 08:30")
    assert "什么时间推送" in await chinese.ask("/choose multimodal lang zh max 3")
    assert chinese.buttons["08:30"] == "/choose multimodal lang zh max 3 at 08:30"
    assert "订阅“多模态”？" in await tap(chinese, "公布即推")
    await chinese.ask("/subscribe")
    assert "哪种语言" in await chinese.ask("多模态 每个工作日 8:30")
    assert "订阅“多模态”？" in await chinese.ask("/choose multimodal weekly fri 中文")


async def test_options_that_came_before_the_topic_are_kept(talk):
    await talk.ask("/subscribe at 18:00 max 3")
    assert talk.buttons["Multimodal learning"] == "/choose multimodal at 18:00 max 3"
    await talk.ask("cs.CV")
    await tap(talk, "English")
    await tap(talk, "Subscribe")
    [made] = await stored(talk)
    assert (made.topic, made.when.at, made.limit) == ("cs.CV", time(18), 3)


@pytest.mark.parametrize(
    ("asked", "answer", "wrong", "again"),
    [
        ("/choose", "LoRA AND", "needs a word on each side", "Which topic?"),
        ("/choose", "阿巴阿巴", "neither a preset nor in the glossary", "Which topic?"),
        ("/choose", "multimodal at 25:00", "“25:00” is no time of day", "Which topic?"),
        ("/choose cs.CV", "teatime", "“teatime” is no time of day", "When should it come?"),
        ("/choose cs.CV", "8", "“8” is no time of day", "When should it come?"),
        ("/choose cs.CV", "25:00", "“25:00” is no time of day", "When should it come?"),
        ("/choose cs.CV", "8:30 tz CST", "could be several zones", "When should it come?"),
        ("/choose cs.CV", "weekly at fresh", "Weekly needs an hour", "When should it come?"),
        ("/choose cs.CV at 8:30", "Klingon", "“Klingon” is no language", "In which language"),
        ("/choose cs.CV at 8:30", "plain English", "is no language", "In which language"),
    ],
)
async def test_a_wrong_answer_is_told_with_an_example_and_the_question_stays(
    talk, asked, answer, wrong, again
):
    await talk.ask(asked)
    question = talk.reply.question
    said = await talk.ask(answer)
    assert wrong in said
    assert again in said
    assert talk.reply.failed
    assert talk.reply.question == question
    assert await stored(talk) == []
    right = {"Which": "cs.LG", "When ": "at 9:00", "In wh": "中文"}[again[:5]]
    await talk.ask(right)
    assert not talk.reply.failed


@pytest.mark.parametrize(
    ("answer", "slot", "at"),
    [
        ("fresh", Slot.FRESH, None),
        ("at fresh", Slot.FRESH, None),
        ("公布即推", Slot.FRESH, None),
        ("9am", Slot.DAILY, time(9)),
        ("at 20:15", Slot.DAILY, time(20, 15)),
        ("每天早上8点半", Slot.DAILY, time(8, 30)),
        ("weekly fri at 17:00", Slot.WEEKLY, time(17)),
        ("7:15 tz Berlin", Slot.DAILY, time(7, 15)),
        ("7:15 时区 柏林", Slot.DAILY, time(7, 15)),
    ],
)
async def test_an_hour_may_be_typed_as_people_write_it(talk, answer, slot, at):
    await talk.ask('/choose "posted at: noon" lang en')
    await talk.ask(answer)
    await tap(talk, "Subscribe")
    [made] = await stored(talk)
    assert (made.topic, made.when.slot, made.when.at) == ('"posted at: noon"', slot, at)
    assert made.when.tz == ("Europe/Berlin" if "7:15" in answer else "Asia/Shanghai")


async def test_a_place_within_a_topic_does_not_swallow_the_answer(talk):
    await talk.ask('/choose "a {} b"')
    assert talk.reply.question.count("{}") == 1
    assert "In which language" in await talk.ask("9:00")


def test_quoted_words_of_a_topic_are_no_answer():
    assert read_answer('"look at: this" at 8:30').answer == ""
    assert read_answer('"look at: this" at: 8:30').answer == "8:30"


async def test_a_subscription_that_is_there_is_changed_and_not_doubled(talk):
    await talk.ask("/subscribe multimodal at 08:30 max 3 tz Tokyo")
    said = await talk.ask("/offer multimodal at 18:00")
    assert "Subscribed already. Change Multimodal learning?" in said
    assert "every day at 18:00 (Asia/Tokyo)" in said
    await tap(talk, "Subscribe")
    [made] = await stored(talk)
    assert (made.when.at, made.when.tz, made.limit) == (time(18), "Asia/Tokyo", 3)


async def test_the_list_leads_to_another_hour_of_one_subscription(talk):
    for topic in ("multimodal lang zh", "cs.LG weekly fri at 17:00 tz Tokyo"):
        await talk.ask(f"/subscribe {topic}")
    await talk.ask("/subscriptions")
    said = await tap(talk, "Change 2")
    assert "cs.LG" in said
    assert "by Asia/Tokyo" in said
    assert talk.buttons["All subscriptions"] == "/subscriptions"
    assert "options updated: cs.LG" in await tap(talk, "09:30")
    multimodal, changed = await stored(talk)
    assert (changed.when.slot, changed.when.at, changed.when.days) == (
        Slot.WEEKLY,
        time(9, 30),
        (4,),
    )
    await tap(talk, "Undo")
    assert (await stored(talk))[1].when.at == time(17)
    await talk.ask(f"/choose #{multimodal.key}")
    assert "is no time of day" in await talk.ask("noonish")
    await talk.ask("weekdays 6:45")
    assert (await stored(talk))[0].when.at == time(6, 45)
    assert (await stored(talk))[0].lang is Lang.ZH


async def test_a_change_of_what_has_gone_is_an_error(talk):
    assert "“#7” is none of this chat's subscriptions" in await talk.ask("/choose #7 at 08:30")
    assert talk.reply.failed
    assert talk.reply.question is None


async def test_only_who_may_manage_is_guided(talk):
    talk.may_manage = False
    for line in ("/choose", "/choose multimodal", "/offer multimodal"):
        assert "Only this chat's admins" in await talk.ask(line)


async def test_a_welcome_offers_popular_topics_that_can_be_tapped(talk):
    await talk.ask("/start")
    commands = [button.command for button in talk.all_buttons]
    assert commands == [*(f"/choose {p.slug}" for p in POPULAR), "/topics", "/help"]
    assert not any(button.turns for button in talk.all_buttons)
    assert "When should it come?" in await tap(talk, "Embodied AI")


async def test_who_subscribes_already_is_told_so_by_the_welcome(talk):
    await talk.ask("/subscribe cs.CV")
    assert "This chat has 1 subscription" in await talk.ask("/start")
    assert talk.buttons["All subscriptions"] == "/subscriptions"


async def test_a_link_to_a_preset_subscribes_after_one_confirming_tap(talk):
    await talk.announce(FRIDAY, *PAPERS)
    said = await talk.ask("/start sub_multimodal")
    assert "Subscribe to Multimodal learning?" in said
    assert "13 matches" in said
    assert await stored(talk) == []
    await tap(talk, "Subscribe")
    [made] = await stored(talk)
    assert (made.topic, made.when.slot) == ("multimodal", Slot.FRESH)


@pytest.mark.parametrize("payload", ["sub_", "sub_nothing-of-ours", "hello", "multimodal"])
async def test_a_link_to_nothing_known_is_a_welcome(talk, payload):
    assert "a morning paper round" in await talk.ask(f"/start {payload}")
    assert not talk.reply.failed


async def test_topics_that_a_word_finds_can_be_tapped(talk):
    await talk.ask("/topics learning")
    commands = [button.command for button in talk.all_buttons]
    assert len(commands) == len(set(commands)) == 8
    assert {command.split()[0] for command in commands} == {"/choose"}


def test_popular_presets_are_ten_of_the_presets():
    assert len(set(POPULAR)) == 10
    assert set(POPULAR) <= set(presets().entries)
