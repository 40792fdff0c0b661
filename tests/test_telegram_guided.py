"""From nothing to a subscription in a private chat: presets, deep links, taps and typed answers."""

import pytest
from telegram_talk import Talk, label, studies, talking

from formatters.catalogue import say
from storage.models import Lang

LANGS = pytest.mark.parametrize("lang", list(Lang))


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def subscriptions(talk: Talk) -> list[dict]:
    return await talk.stage.query("SELECT topic, at, days, lang FROM subscription")


@LANGS
async def test_start_is_three_lines_over_popular_topics(talk, lang):
    user = talk.user(lang)
    await user.starts()
    welcome = await user.private.next()
    *topics, last = welcome.rows
    assert len([line for line in welcome.text.splitlines() if line]) <= 4
    assert len(topics) >= 3
    assert all(button.data.startswith("/choose ") for row in topics for button in row)
    assert [button.data for button in last] == ["/topics", "/help"]
    question = await talk.opens(user, welcome, (0, 0))
    assert topics[0][0].label in question.text
    assert welcome.edits == 0
    assert await talk.count("chat") == 0


@LANGS
async def test_a_deep_link_subscribes_after_a_confirming_tap(talk, lang):
    user = talk.user(lang)
    await talk.morning(*studies(3))
    await user.starts("sub_multimodal")
    offer = await user.private.next()
    assert "Invented Study 1 of" in offer.text
    assert await talk.count("subscription") == 0
    await talk.taps(user, offer, label("subscribe", lang))
    assert offer.edits == 1
    assert offer.text.startswith(say("subscribe.title", lang, name=""))
    [made] = await subscriptions(talk)
    assert "multimodal" in made["topic"]


async def test_a_deep_link_to_nothing_welcomes(talk):
    user = talk.user()
    for payload in ("sub_nonsense", "sub_", "hello", "paper_nothing", "claim_wrong"):
        talk.rest()
        await user.starts(payload)
        welcome = await user.private.next()
        assert "/choose llm" in [button.data for button in welcome.buttons]


async def test_a_deep_link_to_a_paper_opens_its_card(talk):
    user = talk.user()
    await talk.morning(*studies(1))
    await user.starts("paper_2602-00001")
    assert (await user.private.next()).text.startswith("Invented Study 1 of")


@LANGS
async def test_taps_lead_from_topic_to_hour_to_language_to_a_preview(talk, lang):
    user = talk.user(lang)
    await talk.morning(*studies(3))
    message = await talk.asks(user, "/subscribe")
    for button in ("/choose multimodal", "at 08:30", "lang en"):
        which = next(each.label for each in message.buttons if each.data.endswith(button))
        await talk.taps(user, message, which)
    assert "Invented Study 1 of" in message.text
    assert await talk.count("chat") == 0
    await talk.taps(user, message, label("subscribe", lang))
    assert (message.edits, user.private.messages) == (4, [message])
    [made] = await subscriptions(talk)
    assert (made["at"], made["lang"]) == ("08:30", "en")
    await talk.taps(user, message, label("undo", lang))
    assert await subscriptions(talk) == []
    await talk.taps(user, message, label("undo", lang))
    [again] = await subscriptions(talk)
    assert again == made


@pytest.mark.parametrize(
    ("lang", "wrong", "answers"),
    [
        (Lang.EN, "99:99", ["continual learning", "7:15 weekdays", "Chinese"]),
        (Lang.ZH, "二十八点", ["持续学习", "工作日 7点15", "中文"]),
    ],
)
async def test_typed_answers_lead_there_too_and_a_wrong_one_is_asked_again(
    talk, lang, wrong, answers
):
    user = talk.user(lang)
    await talk.asks(user, "/subscribe" if lang is Lang.EN else "订阅")
    topic, hour, language = answers
    bad_topic = await talk.asks(user, "vision (")
    assert say("guide.topic", lang) in bad_topic.text
    asked_hour = await talk.asks(user, topic)
    again = await talk.asks(user, wrong)
    assert wrong in again.text
    assert again.text.endswith(asked_hour.text)
    asked_lang = await talk.asks(user, hour)
    assert "klingon" in (await talk.asks(user, "klingon")).text
    assert [button.label for button in asked_lang.buttons[:2]] == ["English", "中文"]
    offer = await talk.asks(user, language)
    assert await talk.count("subscription") == 0
    await talk.taps(user, offer, label("subscribe", lang))
    [made] = await subscriptions(talk)
    assert made["topic"] == "continual-learning"
    assert (made["at"], made["lang"]) == ("07:15", "zh")


async def test_what_the_line_says_already_is_not_asked(talk):
    user = talk.user()
    await talk.asks(user, "/subscribe")
    question = await talk.asks(user, "multimodal at 8:30")
    assert question.labels[:2] == ["English", "中文"]


async def test_a_command_ends_the_question(talk):
    user = talk.user()
    await talk.asks(user, "/subscribe")
    await talk.asks(user, "/help")
    assert (await talk.asks(user, "world models")).labels == ["Help", "Topics"]


async def test_start_over_asks_for_the_topic_again_in_place(talk):
    user = talk.user()
    message = await talk.asks(user, "/subscribe")
    first = message.text
    await talk.taps(user, message, (0, 0))
    await talk.taps(user, message, label("start_over", Lang.EN))
    assert (message.text, message.edits) == (first, 2)


async def test_a_topic_of_many_signs_goes_through_every_step(talk):
    user = talk.user()
    topic = '"visual question answering" AND (chart OR table OR diagram) AND cat:cs.CV'
    await talk.asks(user, "/subscribe")
    message = await talk.asks(user, topic)
    assert all(len(button.data) == 24 for button in message.buttons[:5])
    await talk.taps(user, message, (0, 0))
    await talk.taps(user, message, (0, 0))
    await talk.taps(user, message, label("subscribe", Lang.EN))
    [made] = await subscriptions(talk)
    assert '"visual question answering"' in made["topic"]
