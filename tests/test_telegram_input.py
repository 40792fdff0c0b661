"""Whatever people send to a private chat: links, stickers, long and foreign texts, floods."""

import asyncio
from datetime import timedelta

import pytest
from telegram_faults import late
from telegram_messages import Message
from telegram_talk import Talk, studies, talking
from telegram_texts import Text, parse
from telegram_users import User

from storage.models import Lang

PHOTO = {"photo": [{"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 60}]}
FORWARDED = {"forward_origin": {"type": "hidden_user", "sender_user_name": "Tolan", "date": 1}}
LEVERS = "\u202e\u2066\u200f"
"""Signs that turn the direction of a text."""
JOINER = "\u2060"
"""Stands where Telegram would make a command or an address of what is none."""
LINKS = (
    "2602.00001",
    "arXiv:2602.00001v3",
    "https://arxiv.org/abs/2602.00001v2",
    "have you seen https://arxiv.org/pdf/2602.00001 ? it is good",
    "看看这篇：https://arxiv.org/abs/2602.00001，很有意思",
    "http://www.arxiv.org/html/2602.00001v1#S2 and 2602.00002",
)
FULL_LENGTH = (
    "x" * 4_096,
    "/" + "x" * 4_095,
    "/subscribe " + "x" * 4_085,
    "/search " + "字" * 4_088,
    "/paper " + "9" * 4_089,
    "/help " + "𝕏" * 2_000,
    "/unsubscribe " + "<&>" * 600,
    "/settings " + "tz " * 600,
    "/pause " + "7" * 1_900,
    "/export " + "&lt;" * 450,
    "/digest " + "((" * 900,
    "/save " + "\u202e" * 1_900,
)
TOPICS = (
    ("مرحبا", "مرحبا"),
    (f"{LEVERS}neural{LEVERS}", "neural"),
    ("𐌰𐍄𐍄𐌰 OR 𐌰𐌹𐌽𐍃", "𐌰𐍄𐍄𐌰 OR 𐌰𐌹𐌽𐍃"),
    ('"<b>AT&T</b>"', "<b>AT&T</b>"),
    ('"&lt;i&gt; </a>"', "&lt;i&gt; </a>"),
    ('"[MASK] _*`~"', "[MASK] _*`~"),
    ("x" * 400, "x" * 100),
)
"""As they are typed, and what of them is shown."""


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


def plain(message: Message) -> str:
    return message.text.replace(JOINER, "")


async def sends(talk: Talk, user: User, content: Text, **extra: object) -> list[Message]:
    """Send any message; all that comes of it."""
    talk.rest()
    user.private.unread()
    message = user._message(user.private, content, None, None)
    message.extra = extra
    user._tell(message, "message")
    await talk.dealt_with(user, message)
    return user.private.unread()


async def test_an_arxiv_link_in_any_text_gets_the_papers_card(talk):
    user = talk.user()
    await talk.morning(*studies(2))
    for text in LINKS:
        [card] = await talk.hears(user, text)
        assert card.text.startswith("Invented Study 1 of"), text
        assert "Save" in card.labels


@pytest.mark.parametrize("extra", [{}, FORWARDED], ids=["own", "forwarded"])
async def test_a_link_that_hides_behind_a_word_gets_the_card(talk, extra):
    user = talk.user()
    await talk.morning(*studies(1))
    post = parse('Our new paper: <a href="https://arxiv.org/abs/2602.00001">read it</a>', "html")
    [card] = await sends(talk, user, post, **extra)
    assert card.text.startswith("Invented Study 1 of")


async def test_a_photos_caption_is_read_like_a_text(talk):
    user = talk.user()
    await talk.morning(*studies(1))
    caption = {"caption": "figure 2 of arxiv.org/abs/2602.00001"}
    [card] = await sends(talk, user, Text(""), **PHOTO, **caption)
    assert card.text.startswith("Invented Study 1 of")


@pytest.mark.parametrize("lang", list(Lang))
async def test_stickers_photos_and_idle_talk_get_the_short_help(talk, lang):
    user = talk.user(lang)
    talk.rest()
    user.private.unread()
    await user.sends_sticker()
    sticker = await user.private.next()
    [photo] = await sends(talk, user, Text(""), **PHOTO)
    [idle] = await talk.hears(user, "how are you today" if lang is Lang.EN else "今天天气如何")
    assert sticker.text == photo.text == idle.text
    assert len(idle.text) < 150
    assert [button.data for button in idle.buttons] == ["/help", "/topics"]


async def test_service_messages_and_edits_are_passed_over(talk):
    user = talk.user()
    said = await user.says("/help save")
    await user.private.next()
    await user.says("/help digest", edited=said)
    await user.says("/unsubscribe all", edited=said)
    timer = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
    assert await sends(talk, user, Text(""), **timer) == []


async def test_commands_for_another_bot_are_not_ours(talk):
    user = talk.user()
    assert await talk.hears(user, "/help@another_bot") == []
    assert await talk.hears(user, "/subscribe@Another_Bot multimodal") == []
    assert await talk.count("subscription") == 0


async def test_a_command_with_our_own_name_is_ours(talk):
    [answer] = await talk.hears(talk.user(), "/help@Paper_Round_Bot save")
    assert "/save" in answer.text


async def test_a_bare_mention_or_slash_is_answered_shortly(talk):
    user = talk.user()
    for line in ("@paper_round_bot", "@paper_round_bot hello", "/", "/@", "//", "?!"):
        [answer] = await talk.hears(user, line)
        assert len(answer.text) < 200, line


async def test_an_unknown_command_is_told_what_is_near(talk):
    user = talk.user()
    for line, near in (("/subscibe llm", "/subscribe"), ("/HELPP", "/help"), ("/qqqq", "/help")):
        [answer] = await talk.hears(user, line)
        assert near in answer.text
        assert "\n" not in answer.text


async def test_any_line_of_full_length_is_answered_in_one_message(talk):
    user = talk.user()
    for line in FULL_LENGTH:
        [answer] = await talk.hears(user, line)
        assert answer.text


async def test_full_width_characters_are_read_as_their_plain_forms(talk):
    user = talk.user(Lang.ZH)
    [made] = await talk.hears(user, "／ｓｕｂｓｃｒｉｂｅ　ｍｕｌｔｉｍｏｄａｌ　８：３０")
    assert "多模态" in made.text
    assert "08:30" in made.text


async def test_any_topic_is_shown_as_it_was_typed(talk):
    user = talk.user()
    for topic, shown in TOPICS:
        made = await talk.asks(user, f"/subscribe {topic} at 8:30")
        assert shown in plain(made)
        assert not set(LEVERS) & set(made.text)
        listed = await talk.asks(user, "/subscriptions")
        assert shown in plain(listed)
        await talk.taps(user, listed, "Delete 1")
        assert shown in plain(listed)
        await talk.taps(user, listed, "Undo")
        assert shown in plain(listed)
        await talk.asks(user, "/unsubscribe all")


async def test_the_eleventh_line_within_ten_seconds_is_slowed_with_a_word(talk):
    user, other = talk.user(), talk.user(Lang.ZH)
    start = talk.stage.clock.now()
    answers = []
    for number in range(11):
        talk.stage.clock.set(start + number * timedelta(seconds=0.8))
        answers.append((await user.asks("/help save")).text)
    assert all("/save" in answer for answer in answers[:10])
    assert answers[10].startswith("Slowly, please; I listen again in ")
    await talk.dealt_with(user, await user.says("/help save"))
    assert user.private.unread() == []
    assert "/save" in (await other.asks("/help save")).text
    assert "/save" in (await talk.asks(user, "/help save")).text


async def test_a_flood_of_taps_is_slowed_with_one_word_and_each_is_answered(talk):
    user, other = talk.user(), talk.user(Lang.ZH)
    message = await talk.asks(user, "/help")
    taps = [user.taps(message, data="/up 9999.99999") for _ in range(40)]
    said = [tap.text for tap in await asyncio.gather(*taps)]
    assert said.count("") == 9
    assert sum("Slowly, please" in text for text in said) == 1
    assert (await other.asks("/help save")).text


async def test_a_queue_behind_one_persons_slow_command_holds_up_nobody_else(talk):
    user, other = talk.user(), talk.user(Lang.ZH)
    channel = talk.server.channel("Invented Papers", username="invented_papers", admins=[user])
    talk.server.fail(late(2), on="getChat", chat=channel)
    await user.says("/subscriptions to @invented_papers")
    for _ in range(300):
        await user.says("/help@another_bot")
    assert (await other.asks("/help save")).text
    assert user.private.unread() == []
    assert "Invented Papers" in (await user.private.next()).text
