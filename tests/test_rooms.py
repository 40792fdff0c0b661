"""Rooms that paperround is added to or put out of, that move, and chats that come back."""

from datetime import UTC, date, datetime

import pytest
from fake_source import FRIDAY, Talk, study

from bot.commands.request import AccessRules
from formatters.terminal import render
from storage import access, chats, subscriptions
from storage.models import Platform

ADMIN, STRANGER, GROUP, MOVED = 7, 8, "-4455", "-1004455"
TELEGRAM = Platform.TELEGRAM
NEXT_MORNING = datetime(2026, 10, 17, 0, 30, tzinfo=UTC)


@pytest.fixture
def talk(tmp_path):
    rules = AccessRules(admins=frozenset({str(ADMIN)}), rooms=frozenset({"-4400"}))
    talk = Talk(tmp_path, access=rules)
    yield talk
    talk.close()


async def added(talk: Talk, user: int, room: str = GROUP) -> str | None:
    talk.last = await talk.commands.rooms.added(
        TELEGRAM, room, "Reading group", f"telegram:{user}", name="Tolan"
    )
    return talk.last and render(talk.last.document, columns=200, colour=False)


async def parked(talk: Talk, address: str) -> str | None:
    chat = await talk.db.read(chats.find, TELEGRAM, address)
    assert chat is not None
    return chat.parked


async def stored(talk: Talk, address: str = "5"):
    chat = await talk.db.read(chats.find, TELEGRAM, address)
    return await talk.db.read(subscriptions.of_chat, chat.key)


async def test_a_group_that_an_admin_adds_us_to_is_let_in_and_told_what_to_do(talk):
    said = await added(talk, ADMIN)
    assert "can be used here now" in said
    assert "/subscribe multimodal" in said
    [grant] = await talk.db.read(access.granted)
    assert (grant.room, grant.title) == (GROUP, "Reading group")
    assert "Ready-made" in await talk.tell("/topics", room=GROUP)


async def test_a_group_that_a_stranger_adds_us_to_is_refused_once_and_the_admin_asked(talk):
    assert "Its admin has been asked" in await added(talk, STRANGER)
    [told] = talk.reply.told
    assert "Reading group" in render(told.document, columns=200)
    assert await added(talk, STRANGER) is None
    assert await talk.tell("/start", room=GROUP) is None
    assert await talk.db.read(access.granted) == []


async def test_a_group_of_the_settings_is_welcome_whoever_adds_us(talk):
    assert "can be used here now" in await added(talk, STRANGER, "-4400")


async def test_a_group_that_was_denied_is_let_in_when_an_admin_adds_us(talk):
    await talk.tell(f"/deny {GROUP}", user=ADMIN)
    assert "has not let this chat in" in await added(talk, STRANGER)
    assert "can be used here now" in await added(talk, ADMIN)


async def test_who_puts_us_out_gets_no_digests_in_any_thread_of_that_room(talk):
    await added(talk, ADMIN)
    for address in (GROUP, f"{GROUP}/3", "-44556"):
        await talk.db.write(chats.ensure, TELEGRAM, address, lang="en", tz="UTC")
    await talk.commands.rooms.left(TELEGRAM, GROUP, "kicked")
    assert [await parked(talk, a) for a in (GROUP, f"{GROUP}/3", "-44556")] == [
        "kicked", "kicked", None,
    ]  # fmt: skip


async def test_a_group_that_we_come_back_to_is_asked_whether_to_resume(talk):
    await added(talk, ADMIN)
    await talk.tell("/subscribe cs.CV at 08:30", room=GROUP)
    await talk.commands.rooms.left(TELEGRAM, GROUP, "kicked")
    assert "Resume your subscription?" in await added(talk, ADMIN)
    assert await parked(talk, GROUP) == "kicked"


async def test_a_room_that_moves_takes_along_its_chats_and_its_access(talk):
    await added(talk, ADMIN)
    await talk.tell("/subscribe cs.CV at 08:30", room=GROUP)
    await talk.tell("/subscribe cs.LG at 08:30", room=GROUP, address=f"{GROUP}/3")
    changes = talk.changes
    await talk.commands.rooms.moved(TELEGRAM, GROUP, MOVED)
    assert talk.changes == changes + 1
    assert "cs.CV" in await talk.tell("/subscriptions", room=MOVED)
    thread = await talk.tell("/subscriptions", room=MOVED, address=f"{MOVED}/3")
    assert "cs.LG" in thread
    assert "is private" in await talk.tell("/subscriptions", room=GROUP)


async def test_a_room_of_the_settings_stays_let_in_when_it_moves(talk):
    await talk.commands.rooms.moved(TELEGRAM, "-4400", "-1004400")
    assert "Ready-made" in await talk.tell("/topics", room="-1004400")


@pytest.fixture
async def away(tmp_path):
    """A private chat with two subscriptions that blocked us."""
    talk = Talk(tmp_path, access=AccessRules(open=True))
    for topic in ("cs.CV", "cs.LG"):
        await talk.tell(f"/subscribe {topic} at 08:30")
    await talk.commands.rooms.left(TELEGRAM, "5", "blocked")
    assert await talk.db.read(subscriptions.earliest_due) is None
    yield talk
    talk.close()


async def test_a_parked_chat_is_welcomed_back_and_resumes_what_it_had(away):
    await away.announce(FRIDAY, study("2610.00001"), study("2610.00002"))
    assert "Resume your 2 subscriptions?" in await away.tell("/start")
    assert away.buttons == {"Resume": "/resume", "Delete all": "/unsubscribe all"}
    assert await parked(away, "5") == "blocked"
    said = await away.tell(away.buttons["Resume"], tapped=True)
    assert "Digests come again" in said
    assert "2 papers were announced meanwhile" in said
    assert await parked(away, "5") is None
    assert await away.db.read(subscriptions.earliest_due) == NEXT_MORNING
    assert "Nothing was paused" in await away.tell("/resume")
    assert "Welcome back" not in await away.tell("/start")


async def test_a_parked_chat_can_delete_what_it_had(away):
    await away.tell("/start")
    assert "Unsubscribed" in await away.tell(away.buttons["Delete all"], tapped=True)
    assert "Welcome back" not in await away.tell("/start")


async def test_resuming_ends_a_pause_of_a_parked_chat_too(away):
    await away.tell("/pause 7d")
    assert "Digests come again" in await away.tell("/resume")
    assert {s.paused_until for s in await stored(away)} == {None}
    assert await parked(away, "5") is None


async def test_a_missed_hour_is_not_made_up_at_once_when_a_chat_resumes(away):
    away.clock.set(datetime(2026, 10, 20, 6, 0, tzinfo=UTC))
    await away.tell("/resume")
    assert {s.next_due.date() for s in await stored(away)} == {date(2026, 10, 21)}


async def test_reading_leaves_a_chat_parked_and_subscribing_does_not(away):
    for line in ("/subscriptions", "/status", "/topics", "/digest cs.CV", "/unsubscribe 1"):
        await away.tell(line)
        assert await parked(away, "5") == "blocked"
    await away.tell("/subscribe cs.RO at 08:30")
    assert await parked(away, "5") is None
