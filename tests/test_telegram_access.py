"""Who may use a bot that is closed to strangers, and that nothing is kept of the others."""

from datetime import timedelta

import pytest
from telegram_server import TelegramServer
from telegram_stage import BOSS
from telegram_talk import THURSDAY, Talk, label, studies, talking
from telegram_users import User

from formatters.catalogue import say
from storage.models import Lang

LANGS = pytest.mark.parametrize("lang", list(Lang))
HOUR = timedelta(hours=1)
CLOSED = {"PAPERROUND_OPEN": "false"}
UNCLAIMED = CLOSED | {"PAPERROUND_ADMINS": ""}


@pytest.fixture
async def talk(tmp_path):
    """Closed; there is an admin."""
    async with talking(tmp_path, **CLOSED) as talk:
        yield talk


@pytest.fixture
async def unclaimed(tmp_path):
    """Closed; nobody is admin yet."""
    async with talking(tmp_path, **UNCLAIMED) as talk:
        yield talk


async def boss_of(talk: Talk) -> User:
    boss = await talk.stage.boss()
    talk.rest()
    return boss


def code_of(talk: Talk) -> str:
    """The code of the link that whoever started the bot was shown."""
    [line] = [line for line in talk.stage.lines if "?start=claim_" in line]
    link = next(word for word in line.split() if "?start=" in word)
    assert link.startswith("https://t.me/paper_round_bot?start=claim_")
    return link.partition("claim_")[2]


async def is_let_in(talk: Talk, user: User) -> bool:
    answers = await talk.hears(user, "/help save")
    return bool(answers) and "/save" in answers[-1].text


@LANGS
async def test_a_stranger_is_refused_once_an_hour_and_nothing_is_kept(talk, lang):
    boss = await boss_of(talk)
    stranger = talk.user(lang)
    before = talk.dump()
    [refusal] = await talk.hears(stranger, "/subscribe multimodal")
    assert refusal.text == say("access.asked", lang)
    assert refusal.rows == []
    for line in ("/start", "/settings lang zh", "2602.00001", "/claim x", "hello", "/forget yes"):
        assert await talk.hears(stranger, line) == []
    assert (await talk.taps(stranger, refusal, data="/save 2602.00001")).text == ""
    talk.rest(HOUR)
    assert len(await talk.hears(stranger, "/help")) == 1
    assert talk.dump() == before
    asked = boss.private.unread()
    assert [stranger.name in notice.text for notice in asked] == [True, True]
    assert await talk.morning(*studies(3)) == 0


@LANGS
async def test_who_is_approved_is_told_and_can_go_on(talk, lang):
    boss = await boss_of(talk)
    await talk.asks(boss, f"/settings lang {lang}")
    boss.private.unread()
    stranger = talk.user(lang)
    await talk.hears(stranger, "/start")
    notice = await boss.private.next()
    assert notice.labels == [label("approve", lang), label("deny", lang)]
    await talk.taps(boss, notice, label("approve", lang))
    assert notice.text.startswith(say("access.approved", lang))
    assert stranger.name in notice.text
    told = stranger.private.last
    assert told.text.startswith(say("access.welcome", lang))
    assert (await talk.opens(stranger, told, label("topics", lang))).text
    assert await is_let_in(talk, stranger)
    await talk.asks(stranger, "/subscribe multimodal at 08:30")
    assert await talk.morning(*studies(2)) == 1
    assert "Invented Study 1 of" in stranger.private.last.text


async def test_who_is_denied_stays_out_and_nobody_is_asked_again(talk):
    boss, stranger = await boss_of(talk), talk.user()
    await talk.hears(stranger, "/start")
    notice = await boss.private.next()
    await talk.taps(boss, notice, "Deny")
    assert notice.text.startswith("Not let in: ")
    assert await talk.hears(stranger, "/start") == []
    talk.rest(HOUR)
    [refusal] = await talk.hears(stranger, "/start")
    assert refusal.text == say("access.refused", Lang.EN)
    assert boss.private.unread() == []
    await talk.taps(boss, notice, "Approve")
    assert await is_let_in(talk, stranger)


async def test_a_revoked_chat_hears_and_gets_nothing_more(talk):
    boss, reader = await boss_of(talk), talk.user()
    await talk.asks(boss, f"/approve {reader.id}")
    await talk.asks(reader, "/subscribe multimodal at 08:30")
    listed = await talk.asks(boss, "/access")
    assert str(reader.id) in listed.text
    await talk.taps(boss, listed, "Revoke 1")
    assert listed.text.startswith("0 chats are let in")
    reader.private.unread()
    await talk.morning(*studies(2))
    assert reader.private.unread() == []
    assert not await is_let_in(talk, reader)


async def test_an_admins_buttons_are_nobody_elses(talk):
    boss, reader, stranger = await boss_of(talk), talk.user(), talk.user(Lang.ZH)
    await talk.asks(boss, f"/approve {reader.id}")
    message = (await reader.private.wait_for(1))[0]
    before = talk.dump()
    for data in (f"=/approve telegram:{stranger.id}", "=/access", f"=/deny telegram:{boss.id}"):
        tap = await talk.taps(reader, message, data=data)
        assert tap.alert
        assert "no command" in tap.text
    assert (message.edits, talk.dump()) == (0, before)
    refusal = (await talk.hears(stranger, "/start"))[0]
    await talk.taps(stranger, refusal, data=f"=/approve telegram:{stranger.id}")
    assert (await talk.taps(stranger, refusal, data="=/claim x")).text == ""
    assert (refusal.edits, talk.dump()) == (0, before)


async def test_a_tap_in_a_chat_that_is_let_in_no_more_is_refused_over_the_chat(talk):
    boss, stranger = await boss_of(talk), talk.user()
    group = talk.server.group("Invented Lab", members=[stranger])
    await talk.asks(boss, f"/approve {group.id}")
    message = await group.next()
    await talk.asks(boss, f"/access revoke {group.id}")
    before = talk.dump()
    tap = await talk.taps(stranger, message, "Topics")
    assert (tap.alert, tap.text) == (True, say("access.asked", Lang.EN))
    assert (await talk.taps(stranger, message, data="/save 2602.00001")).text == ""
    assert (group.unread(), stranger.private.messages) == ([], [])
    assert talk.dump() == before


@LANGS
async def test_the_link_that_is_printed_makes_one_admin(unclaimed, lang):
    talk = unclaimed
    first, second = talk.user(lang), talk.user(Lang.EN)
    code = code_of(talk)
    [refusal] = await talk.hears(first, f"/start claim_{code[:-1]}")
    assert f"PAPERROUND_ALLOWED_CHATS={first.id}" in refusal.text
    [welcome] = await talk.hears(first, f"/start claim_{code}")
    assert welcome.text.startswith(say("access.admin", lang))
    [refused] = await talk.hears(second, f"/start claim_{code}")
    assert refused.text == say("access.asked", Lang.EN)
    assert second.name in first.private.last.text
    await talk.taps(first, first.private.last, (0, 0))
    assert await is_let_in(talk, second)
    admins = await talk.stage.query("SELECT person FROM admin")
    assert admins == [{"person": f"telegram:{first.id}"}]


async def test_an_admin_stays_one_after_a_restart_and_no_link_is_printed(tmp_path):
    async with TelegramServer() as server:
        async with talking(tmp_path, server=server, **UNCLAIMED) as talk:
            user = talk.user()
            await talk.asks(user, f"/claim {code_of(talk)}")
        async with talking(tmp_path, server=server, **UNCLAIMED) as talk:
            assert not any("claim" in line for line in talk.stage.lines)
            assert await is_let_in(talk, user)
            assert (await talk.asks(user, "/access")).text.startswith("0 chats are let in")


async def test_wrong_codes_are_slowed(unclaimed):
    talk, stranger = unclaimed, unclaimed.user()
    before = talk.dump()
    for number in range(12):
        await stranger.says(f"/claim {number}")
    await talk.dealt_with(stranger, await stranger.says(f"/claim {code_of(talk)}"))
    assert len(stranger.private.messages) == 1
    assert talk.dump() == before
    assert (await talk.asks(stranger, f"/claim {code_of(talk)}")).text.startswith(
        "You are an admin"
    )


async def test_settings_let_single_chats_in(tmp_path):
    async with TelegramServer() as server:
        ada, lan = server.user("Ada Invented"), server.user("虚小兰", language="zh-hans")
        allowed = CLOSED | {"PAPERROUND_ALLOWED_CHATS": str(ada.id)}
        async with talking(tmp_path, server=server, **allowed) as talk:
            await boss_of(talk)
            assert await is_let_in(talk, ada)
            assert not await is_let_in(talk, lan)


async def test_an_open_bot_lets_everybody_in_and_claims_nothing(tmp_path):
    async with talking(tmp_path, PAPERROUND_ADMINS="") as talk:
        assert await is_let_in(talk, talk.user())
        assert not any("claim" in line for line in talk.stage.lines)
        assert await talk.count("access") == 0


async def test_when_settings_let_somebody_in_no_more_nothing_is_sent_to_them(tmp_path):
    async with TelegramServer() as server:
        async with talking(tmp_path, server=server) as talk:
            user = talk.user()
            await talk.asks(user, "/subscribe multimodal at 08:30")
            await talk.morning(*studies(2))
            digest = user.private.last
        async with talking(tmp_path, server=server, **CLOSED) as talk:
            await boss_of(talk)
            user.private.unread()
            await talk.morning(*studies(2, first=20), day=THURSDAY)
            await talk.stage.housekeep()
            await talk.stage.deliver()
            assert user.private.unread() == []
            tap = await talk.taps(user, digest, "1")
            assert (tap.alert, user.private.unread()) == (True, [])
        async with talking(tmp_path, server=server) as talk:
            await talk.morning(*studies(2, first=40), day=THURSDAY + timedelta(days=1))
            assert "Invented Study 20 of" in user.private.last.text


async def test_what_a_stranger_asks_about_another_chat_is_refused_too(talk):
    await boss_of(talk)
    stranger = talk.user()
    channel = talk.server.channel("Invented Papers", username="invented_papers")
    talk.excused = {"chat not found"}
    before = talk.dump()
    [refusal] = await talk.hears(stranger, "/subscribe multimodal to @nobody_knows")
    assert refusal.text == say("access.asked", Lang.EN)
    for line in ("/digest to @invented_papers", f"/subscriptions to {channel.id}"):
        assert await talk.hears(stranger, line) == []
    assert talk.dump() == before


async def test_a_flood_about_other_chats_is_slowed(talk):
    boss = await boss_of(talk)
    taps = [boss.taps(boss.private.last, data="/subscriptions to @nobody_knows") for _ in range(34)]
    talk.excused = {"chat not found"}
    said = [await tap for tap in taps]
    assert sum("Slowly, please" in tap.text for tap in said) == 1
    assert [tap.text for tap in said[-3:]] == ["", "", ""]


async def test_the_admin_named_in_the_settings_is_let_in_at_once(talk):
    boss = await boss_of(talk)
    assert boss.id == BOSS
    assert await is_let_in(talk, boss)
    assert not any("claim" in line for line in talk.stage.lines)
