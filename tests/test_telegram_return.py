"""Who blocks the bot is left alone, and asked on their return whether it shall go on."""

from datetime import timedelta

import pytest
from telegram_talk import THURSDAY, Talk, label, studies, talking
from telegram_users import User

from storage.models import Lang

LANGS = pytest.mark.parametrize("lang", list(Lang))
FRIDAY = THURSDAY + timedelta(days=1)
TOPICS = ("multimodal", "3dgs", "llm")


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def reader(talk: Talk, lang: Lang = Lang.EN) -> User:
    """Somebody with three subscriptions."""
    user = talk.user(lang)
    for topic in TOPICS:
        await talk.asks(user, f"/subscribe {topic} at 08:30")
    user.private.unread()
    return user


async def returned(talk: Talk, user: User):
    """The bot's answer to somebody who presses Start again."""
    talk.rest()
    user.private.unread()
    await user.starts()
    return await user.private.next()


@LANGS
async def test_who_returns_resumes_and_the_next_morning_catches_up(talk, lang):
    user = await reader(talk, lang)
    await talk.morning(*studies(2))
    digest = user.private.last
    await user.blocks_bot()
    await talk.dealt_with(user, digest)
    user.private.unread()
    assert await talk.morning(*studies(2, first=20), day=THURSDAY) == 0
    question = await returned(talk, user)
    assert "3" in question.text
    assert question.labels[0] == label("resume", lang)
    assert user.private.messages[-1] is question
    await talk.taps(user, question, label("resume", lang))
    assert question.edits == 1
    await talk.morning(*studies(2, first=40), day=FRIDAY)
    digest = user.private.last.text
    assert all(f"Invented Study {number} of" in digest for number in (20, 21, 40, 41))
    assert "Invented Study 1 of" not in digest


async def test_a_block_that_shows_at_sending_only_parks_too(talk):
    talk.excused = {"bot was blocked by the user"}
    user, other = await reader(talk), talk.user(Lang.ZH)
    await talk.asks(other, "/subscribe multimodal at 08:30")
    user.private.bot.status = "kicked"  # Telegram's news of it got lost
    await talk.morning(*studies(2))
    assert "Invented Study 1 of" in other.private.last.text
    [parked] = await talk.stage.query("SELECT address FROM chat WHERE parked IS NOT NULL")
    assert parked == {"address": str(user.id)}
    assert (await returned(talk, user)).labels[0] == "Resume"


async def test_who_returns_and_wants_no_more_deletes_all(talk):
    user = await reader(talk)
    await user.blocks_bot()
    question = await returned(talk, user)
    await talk.taps(user, question, label("unsubscribe_all", Lang.EN))
    assert await talk.count("subscription") == 0
    await talk.morning(*studies(2))
    assert user.private.unread() == []


async def test_an_unblock_alone_sends_nothing(talk):
    user = await reader(talk)
    await user.blocks_bot()
    await user.unblocks_bot()
    await talk.dealt_with(user, user.private.last)
    await talk.morning(*studies(2))
    assert user.private.unread() == []
    assert (await returned(talk, user)).labels[0] == "Resume"


async def test_who_subscribes_anew_is_back_without_a_question(talk):
    user = await reader(talk)
    await user.blocks_bot()
    await user.unblocks_bot()
    await talk.asks(user, "/subscribe diffusion at 08:30")
    assert (await returned(talk, user)).labels[0] != "Resume"
    user.private.unread()
    await talk.morning(*studies(2))
    assert "Invented Study 1 of" in user.private.last.text


async def test_who_had_nothing_is_welcomed_like_anybody(talk):
    user = talk.user()
    await talk.asks(user, "/settings lang en")
    await user.blocks_bot()
    assert "Begin with a topic" in (await returned(talk, user)).text
