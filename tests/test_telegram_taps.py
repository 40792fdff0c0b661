"""Taps that come at a bad time: late, twice, on what is old or gone, or while an answer is slow."""

import asyncio
from datetime import timedelta

import pytest
from telegram_faults import bad, denied, flood, late
from telegram_server import TelegramServer
from telegram_talk import THURSDAY, Talk, studies, talking

from storage.models import Lang

STALE = "query is too old"
SAME = "message is not modified"
LONG_TOPIC = '"visual question answering" AND (chart OR table OR diagram) AND cat:cs.CV'


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def with_card(talk: Talk):
    """Somebody, the morning's digest and the card of its second paper."""
    user = talk.user()
    await talk.asks(user, "/subscribe multimodal at 08:30")
    await talk.morning(*studies(12))
    digest = user.private.last
    return user, digest, await talk.opens(user, digest, "2")


async def test_every_button_of_a_year_ago_works_after_a_restart(tmp_path):
    async with TelegramServer() as server:
        async with talking(tmp_path, server=server) as talk:
            user, digest, card = await with_card(talk)
            offer = await talk.asks(user, f"/offer {LONG_TOPIC}")
            page = await talk.opens(user, digest, "More")
        async with talking(tmp_path, server=server) as talk:
            talk.rest(timedelta(days=365))
            assert (await talk.opens(user, digest, "5", old=True)).text.startswith(
                "Invented Study 5"
            )
            assert (await talk.taps(user, card, "Save", old=True)).text.startswith("Saved: ")
            await talk.taps(user, card, "▶", old=True)
            assert card.text.startswith("Invented Study 3 of")
            assert (await talk.opens(user, page, "9", old=True)).text.startswith("Invented Study 9")
            assert len(offer.button("Subscribe").data) == 24
            await talk.taps(user, offer, "Subscribe", old=True)
            assert offer.text.startswith("Subscribed: ")


async def test_a_number_opens_its_paper_after_the_digest_was_forgotten(talk):
    user, digest, card = await with_card(talk)
    await talk.asks(user, "/forget yes")
    assert await talk.count("digest") == 0
    opened = await talk.opens(user, digest, "5")
    assert opened.text.startswith("Invented Study 5 of")
    assert opened.labels == ["Save", "👍", "👎"]
    await talk.taps(user, card, "▶")
    assert card.text.startswith("Invented Study 3 of")
    more = await talk.taps(user, digest, "More")
    assert more.alert
    assert "9" not in more.text.split()


async def test_an_older_digests_keys_stay_with_its_own_papers(talk):
    user, digest, card = await with_card(talk)
    await talk.morning(*studies(3, first=60), day=THURSDAY)
    await talk.taps(user, card, "▶")
    assert card.labels[3:] == ["◀ 2", "4 ▶"]
    assert (await talk.opens(user, digest, "More")).labels == ["9", "10", "11", "12"]


async def test_a_tap_on_a_message_that_is_gone_is_answered_by_a_new_one(talk):
    talk.excused = {"message to edit not found"}
    user, _, card = await with_card(talk)
    await card.chat.delete(card)
    turned = await talk.opens(user, card, "3 ▶")
    assert turned.text.startswith("Invented Study 3 of")
    assert card.edits == 0


async def test_a_message_that_can_not_be_edited_is_answered_by_a_new_one(talk):
    user, _, card = await with_card(talk)
    for words in ("message can't be edited", "MESSAGE_ID_INVALID"):
        talk.server.fail(bad(words), on="editMessageText")
        assert (await talk.opens(user, card, "3 ▶")).text.startswith("Invented Study 3 of")


async def test_a_double_tap_turns_once_and_both_taps_are_answered(talk):
    talk.excused = {SAME}
    user, _, card = await with_card(talk)
    data = card.button("▶").data
    talk.rest()
    taps = await asyncio.gather(*(user.taps(card, data=data) for _ in range(2)))
    assert all(tap.answered and not tap.text for tap in taps)
    assert card.edits == 1
    assert card.text.startswith("Invented Study 3 of")


async def test_a_double_tap_on_undo_takes_back_once(talk):
    user = talk.user()
    made = await talk.asks(user, "/subscribe multimodal")
    undo = made.button("Undo").data
    talk.rest()
    first, second = await asyncio.gather(*(user.taps(made, data=undo) for _ in range(2)))
    assert (first.text, second.alert) == ("", True)
    assert made.text.startswith("Unsubscribed: ")
    assert await talk.count("subscription") == 0


async def test_a_word_that_comes_too_late_for_a_toast_is_a_message(talk):
    talk.excused = {STALE}
    user, _, card = await with_card(talk)
    await user.taps(card, "Save", stale=True, wait=0)
    said = await user.private.next()
    assert said.text.startswith("Saved: Invented Study 2 of")
    assert card.edits == 0


async def test_a_tap_that_is_stale_still_turns(talk):
    talk.excused = {STALE}
    user, _, card = await with_card(talk)
    await user.taps(card, "▶", stale=True, wait=0)
    await talk.dealt_with(user, card)
    assert card.edits == 1
    assert user.private.unread() == []


async def channel_card(talk: Talk):
    """Somebody, and a card in their private chat that is about a channel of theirs."""
    user = talk.user()
    channel = talk.server.channel("Invented Papers", username="invented_papers", admins=[user])
    await talk.morning(*studies(2))
    return user, channel, await talk.asks(user, "/paper 2602.00001 to @invented_papers")


async def test_a_button_turns_no_longer_while_its_answer_is_slow(talk):
    user, channel, card = await channel_card(talk)
    talk.server.fail(late(3.4), on="getChat", chat=channel)
    tap = await talk.taps(user, card, "Save")
    assert (tap.answered, tap.text) == (True, "")
    assert await talk.count("saved") == 0
    assert (await user.private.next()).text.startswith("Saved: Invented Study 1 of")
    assert (user.id, "typing") in talk.server.methods.actions


async def test_an_answer_that_is_there_soon_shows_no_typing(talk):
    user, channel, card = await channel_card(talk)
    talk.server.fail(late(0.3), on="getChat", chat=channel)
    assert (await talk.taps(user, card, "Save")).text.startswith("Saved: ")
    assert talk.server.methods.actions == []


async def test_typing_is_shown_while_a_typed_command_takes_its_time(talk):
    user, channel, _ = await channel_card(talk)
    talk.server.fail(late(0.9), on="getChat", chat=channel)
    await talk.asks(user, "/subscriptions to @invented_papers")
    assert talk.server.methods.actions == [(user.id, "typing")]


async def test_a_chats_answers_keep_their_order_when_the_first_is_slow(talk):
    user, channel, _ = await channel_card(talk)
    other = talk.user(Lang.ZH)
    talk.server.fail(late(0.6), on="getChat", chat=channel)
    talk.rest()
    await user.says("/subscriptions to @invented_papers")
    await user.says("/paper 2602.00002")
    await user.says("/help save")
    assert "/save" in (await other.asks("/help save")).text
    assert user.private.unread() == []
    first, second, third = [await user.private.next() for _ in range(3)]
    assert "Invented Papers" in first.text
    assert second.text.startswith("Invented Study 2 of")
    assert "/save" in third.text


async def test_an_edit_that_telegram_holds_back_is_made_later(talk):
    user, _, card = await with_card(talk)
    talk.server.fail(flood(1), on="editMessageText")
    await talk.taps(user, card, "▶")
    assert card.text.startswith("Invented Study 3 of")
    assert user.private.unread() == []


async def test_an_answer_that_telegram_holds_back_arrives_later_and_once(talk):
    user = talk.user()
    talk.server.fail(flood(1), on="sendMessage")
    [answer] = await talk.hears(user, "/help save")
    assert answer.text


async def test_who_blocks_the_bot_while_it_answers_is_no_defect(talk):
    user, _, card = await with_card(talk)
    other = talk.user(Lang.ZH)
    talk.server.fail(denied(), on="sendMessage", chat=user.private)
    assert await talk.hears(user, "/help") == []
    talk.server.fail(denied(), on="editMessageText", chat=user.private)
    assert (await talk.taps(user, card, "▶")).text == ""
    assert (await talk.asks(other, "/help")).text


async def test_a_tap_on_what_no_button_ever_said_is_answered_and_turns_nothing(talk):
    user, _, card = await with_card(talk)
    for data in ("/", "=/nonsense", "=/more 9999.99999", "/paper", "hello"):
        assert (await talk.taps(user, card, data=data)).text
    assert (card.edits, user.private.unread()) == (0, [])


async def test_a_short_name_that_nobody_kept_is_said_to_be_unknown(talk):
    talk.excused = {"That went wrong"}
    user, _, card = await with_card(talk)
    assert (await talk.taps(user, card, data="=~" + "x" * 22)).alert
