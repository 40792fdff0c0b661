"""A subscription's whole life in a private chat, and what else is asked for there."""

import json

import pytest
from telegram_talk import THURSDAY, Talk, label, studies, talking
from telegram_users import User

from storage.models import Lang

LANGS = pytest.mark.parametrize("lang", list(Lang))
LONG = "We look at it from afar. " + "It holds in seven settings that nobody had looked at. " * 30


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def subscribed(talk: Talk, lang: Lang = Lang.EN) -> User:
    """Somebody with a subscription to what the invented studies are about."""
    user = talk.user(lang)
    await talk.asks(user, "/subscribe multimodal at 08:30")
    user.private.unread()
    return user


@LANGS
async def test_a_subscription_lives_from_its_first_line_to_its_last(talk, lang):
    user = await subscribed(talk, lang)
    assert await talk.morning(*studies(30)) == 1
    [digest] = user.private.unread()
    card = await talk.opens(user, digest, "3")
    assert card.text.startswith("Invented Study 3 of")
    assert (await talk.taps(user, card, label("save", lang))).text
    await talk.taps(user, card, "◀")
    assert card.text.startswith("Invented Study 2 of")
    page = await talk.opens(user, digest, label("more", lang))
    await talk.taps(user, page, "▶")
    await talk.taps(user, page, "▶")
    assert page.labels[-1] == "◀ 17–24"
    assert "30. Invented Study 30 of" in page.text
    listed = await talk.asks(user, "/subscriptions")
    await talk.taps(user, listed, label("change_number", lang, n=1))
    await talk.taps(user, listed, "09:30")
    assert "09:30" in listed.text
    await talk.taps(user, listed, label("undo", lang))
    assert "08:30" in listed.text
    await talk.taps(user, listed, label("subscriptions", lang))
    await talk.taps(user, listed, label("delete_number", lang, n=1))
    assert await talk.count("subscription") == 0
    await talk.taps(user, listed, label("undo", lang))
    assert await talk.count("subscription") == 1
    await talk.asks(user, "/unsubscribe 1" if lang is Lang.EN else "退订 1")
    user.private.unread()
    assert await talk.morning(*studies(3, first=60), day=THURSDAY) == 0
    assert user.private.unread() == []


async def test_a_digest_of_long_papers_is_three_messages_of_which_one_rings(talk):
    user = await subscribed(talk)
    await talk.asks(user, "/settings length 20")
    user.private.unread()
    await talk.morning(*studies(40, abstract=LONG))
    parts = user.private.unread()
    assert 2 <= len(parts) <= 3
    assert [part.silent for part in parts] == [False, *[True] * (len(parts) - 1)]
    assert all(part.preview == {"is_disabled": True} for part in parts)
    assert [bool(part.rows) for part in parts] == [*[False] * (len(parts) - 1), True]
    assert parts[-1].labels == [*(str(number) for number in range(1, 21)), "More"]


async def test_a_number_opens_its_paper_whatever_else_is_open(talk):
    user = await subscribed(talk)
    await talk.morning(*studies(5))
    [digest] = user.private.unread()
    cards = [await talk.opens(user, digest, str(number)) for number in (4, 1)]
    assert [card.text.split(" of")[0] for card in cards] == ["Invented Study 4", "Invented Study 1"]
    assert [card.labels[3:] for card in cards] == [["◀ 3", "5 ▶"], ["2 ▶"]]
    assert digest.edits == 0


@LANGS
async def test_saves_and_votes_are_said_over_the_chat(talk, lang):
    user = talk.user(lang)
    await talk.morning(*studies(1))
    card = await talk.asks(user, "2602.00001")
    words = []
    for button in (label("save", lang), "👍", "👎", label("save", lang)):
        tap = await talk.taps(user, card, button)
        assert "Invented Study 1 of" in tap.text
        assert not tap.alert
        words.append(tap.text)
    assert len(set(words)) == 4
    assert (len(user.private.messages), card.edits) == (1, 0)
    assert [row["value"] for row in await talk.stage.query("SELECT value FROM vote")] == [-1]


async def test_a_card_turns_to_the_ends_of_the_digest_and_no_further(talk):
    user = await subscribed(talk)
    await talk.morning(*studies(3))
    card = await talk.opens(user, user.private.last, "1")
    seen = [card.labels[3:]]
    for _ in range(2):
        await talk.taps(user, card, "▶")
        seen.append(card.labels[3:])
    assert seen == [["2 ▶"], ["◀ 1", "3 ▶"], ["◀ 2"]]
    assert len(user.private.messages) == 3


async def test_more_goes_on_where_the_chat_was(talk):
    user = await subscribed(talk)
    await talk.morning(*studies(30))
    assert (await talk.asks(user, "/more")).labels[0] == "9"
    assert (await talk.asks(user, "more")).labels[0] == "17"


@LANGS
async def test_a_digest_that_is_asked_for_comes_as_one_message_with_its_keys(talk, lang):
    user = talk.user(lang)
    await talk.morning(*studies(12))
    first, *rest = await talk.hears(
        user, "/digest multimodal" if lang is Lang.EN else "速递 多模态"
    )
    keyboard = [first, *rest][-1]
    assert len(rest) <= 2
    assert keyboard.labels[:3] == ["1", "2", "3"]
    assert (await talk.opens(user, keyboard, "2")).text.startswith("Invented Study 2 of")


@LANGS
async def test_a_search_and_a_paper_are_answered_from_what_is_stored(talk, lang):
    user = talk.user(lang)
    await talk.morning(*studies(2, about="invented splatting"))
    found = await talk.asks(user, "/search splatting")
    assert set(found.links) == {f"https://arxiv.org/abs/2602.0000{number}" for number in (1, 2)}
    card = await talk.asks(user, "/paper 2602.00002")
    assert card.text.startswith("Invented Study 2 of invented splatting")
    assert card.preview == {"is_disabled": True}


@LANGS
async def test_the_reading_list_arrives_as_a_file(talk, lang):
    user = talk.user(lang)
    await talk.morning(*studies(2))
    await talk.asks(user, "/save 2602.00002")
    shelf = await talk.asks(user, "/saved")
    assert "Invented Study 2 of" in shelf.text
    said = await talk.opens(user, shelf, "BibTeX")
    sent = await user.private.next()
    assert sent.document.name == "paperround-saved.bib" in said.text
    assert b"2602.00002" in sent.document.content
    assert (said.silent, sent.silent) == (False, True)
    [_, markdown] = await talk.hears(user, "/export md")
    assert b"Invented Study 2 of" in markdown.document.content


@LANGS
async def test_forgetting_shows_what_is_kept_before_it_erases_all(talk, lang):
    user = await subscribed(talk, lang)
    await talk.morning(*studies(3))
    card = await talk.opens(user, user.private.last, "1")
    await talk.taps(user, card, label("save", lang))
    shown, file = await talk.hears(user, "/forget")
    kept = json.loads(file.document.content)
    assert "2602.00001" in json.dumps(kept)
    await talk.taps(user, shown, (0, 0))
    assert [await talk.count(table) for table in ("chat", "subscription", "saved", "vote")] == [
        0
    ] * 4
    assert str(user.id) not in "\n".join(talk.dump())


@LANGS
async def test_settings_turn_in_place(talk, lang):
    user = talk.user(lang)
    message = await talk.asks(user, "/settings")
    other = Lang.ZH if lang is Lang.EN else Lang.EN
    await talk.taps(user, message, label(f"lang_{other}", lang))
    assert label(f"lang_{lang}", other) in message.labels
    assert message.edits == 1


async def test_two_people_have_two_lives(talk):
    ada, lan = await subscribed(talk), await subscribed(talk, Lang.ZH)
    await talk.morning(*studies(2))
    assert ada.private.last.labels == lan.private.last.labels == ["1", "2"]
    assert "晨报" in lan.private.last.text
    assert "晨报" not in ada.private.last.text
    await talk.asks(ada, "/unsubscribe all")
    assert await talk.morning(*studies(1, first=9), day=THURSDAY) == 1
    assert "Study 9" in lan.private.last.text
    assert "Study 9" not in ada.private.last.text
