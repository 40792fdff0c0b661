"""Who may use an app that is closed to strangers, who decides, and who manages a channel."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from slack_manifests import manifest
from slack_server import SlackServer
from slack_talk import HOSTILE, LANGS, THURSDAY, Talk, label, studies, talking
from slack_users import User

from formatters.catalogue import say
from storage.models import Lang

HOUR = timedelta(hours=1)
TELEGRAM_ADMIN = "123456789"


@asynccontextmanager
async def closed(folder, *, boss: bool = True, **settings):
    """A closed app; its admin is `talk.boss`, unless nobody is."""
    async with SlackServer(manifest=manifest()) as server:
        imena = server.user("Imena Vorga", locale="en-GB", tz="UTC")
        admins = {"PAPERROUND_ADMINS": f"{TELEGRAM_ADMIN},{imena.id}"} if boss else {}
        known = {"PAPERROUND_OPEN": "false"} | admins | settings
        async with talking(folder, server=server, **known) as talk:
            talk.boss = imena
            yield talk


@pytest.fixture
async def talk(tmp_path):
    async with closed(tmp_path) as talk:
        yield talk


@pytest.fixture
async def unclaimed(tmp_path):
    async with closed(tmp_path, boss=False) as talk:
        yield talk


def code_of(talk: Talk) -> str:
    """The code that whoever started the app was shown."""
    [line] = [line for line in talk.stage.lines if "claim " in line]
    return line.rpartition("claim ")[2]


async def is_let_in(talk: Talk, user: User, where=None) -> bool:
    answers = await talk.hears(user, "help save", where)
    return bool(answers) and "save" in answers[-1].text


@LANGS
async def test_a_stranger_is_refused_once_an_hour_and_nothing_is_kept(talk, lang):
    stranger = talk.user(lang)
    before = talk.dump()
    refusal = await talk.asks(stranger, "subscribe multimodal")
    assert refusal.text == say("access.asked", lang)
    assert refusal.labels == []
    for line in ("help", "settings lang zh", "2602.00001", "claim 0123456789abcdeF", "forget yes"):
        assert await talk.hears(stranger, line) == []
    assert await talk.commands(stranger, "/subscribe multimodal") == []
    talk.rest(HOUR)
    assert len(await talk.hears(stranger, "help")) == 1
    assert talk.dump() == before
    assert len(talk.boss.dm.unread()) == 2
    assert await talk.morning(*studies(3)) == 0


@LANGS
async def test_a_channels_stranger_is_refused_aside_and_the_admin_lets_the_channel_in(talk, lang):
    ada = talk.user(lang)
    lab = talk.server.channel("lab", [ada])
    await talk.asks(talk.boss, f"settings lang {lang}")
    talk.boss.dm.unread()
    [refusal] = await talk.commands(ada, "/subscribe multimodal", lab)
    assert (refusal.only_for, refusal.text) == (ada, say("access.asked", lang))
    [notice] = talk.boss.dm.unread()
    assert notice.labels == [label("approve", lang), label("deny", lang)]
    assert all(word in notice.text for word in ("#lab", f"slack:{lab.id}", ada.name))
    await talk.clicks(talk.boss, notice, label("approve", lang))
    assert notice.text.startswith(say("access.approved", lang))
    [welcome] = lab.messages
    assert welcome.text.startswith(say("access.welcome", lang))
    [topics] = await talk.clicks(ada, welcome, label("topics", lang))
    assert topics.only_for is ada
    await talk.commands(ada, "/subscribe multimodal at 08:30", lab)
    assert await talk.morning(*studies(2)) == 1
    assert not await is_let_in(talk, ada), "it is the channel that was let in"


async def test_who_is_denied_stays_out_and_nobody_is_asked_again(talk):
    stranger = talk.user()
    await talk.asks(stranger, "help")
    [notice] = talk.boss.dm.unread()
    assert stranger.name in notice.text
    await talk.clicks(talk.boss, notice, "Deny")
    assert notice.text.startswith("Not let in: ")
    assert await talk.hears(stranger, "help") == []
    talk.rest(HOUR)
    assert (await talk.asks(stranger, "help")).text == say("access.refused", Lang.EN)
    assert talk.boss.dm.unread() == []
    await talk.clicks(talk.boss, notice, "Approve")
    assert await is_let_in(talk, stranger)


async def test_a_revoked_chat_hears_and_gets_nothing_more(talk):
    reader = talk.user()
    await talk.asks(talk.boss, f"/approve {reader.id}")
    await talk.asks(reader, "subscribe multimodal at 08:30")
    listed = await talk.asks(talk.boss, "/access")
    assert reader.id in listed.text
    await talk.clicks(talk.boss, listed, "Revoke 1")
    assert listed.text.startswith("0 chats are let in")
    reader.dm.unread()
    await talk.morning(*studies(2))
    assert reader.dm.unread() == []
    assert not await is_let_in(talk, reader)


@LANGS
async def test_the_code_that_is_printed_makes_one_admin(unclaimed, lang):
    talk, code = unclaimed, code_of(unclaimed)
    first, second = talk.user(lang), talk.user(Lang.EN, "Tolan Brisk")
    refusal = await talk.asks(first, f"claim {code[::-1]}")
    assert f"PAPERROUND_ALLOWED_CHATS={first.id}" in refusal.text
    word = {Lang.EN: "claim", Lang.ZH: "认领"}[lang]
    assert (await talk.asks(first, f"{word} {code}")).text.startswith(say("access.admin", lang))
    assert (await talk.asks(second, f"claim {code}")).text == say("access.asked", Lang.EN)
    [notice] = first.dm.unread()
    assert second.name in notice.text
    await talk.clicks(first, notice, "command-0")
    assert await is_let_in(talk, second)
    assert await talk.stage.query("SELECT person FROM admin") == [{"person": f"slack:{first.id}"}]


async def test_the_umbrella_claims_in_direct_messages_and_nowhere_else(unclaimed):
    talk, code = unclaimed, code_of(unclaimed)
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    [refusal] = await talk.commands(ada, f"/paperround claim {code}", lab)
    assert refusal.only_for is ada
    await talk.hears(ada, f"claim {code}", lab)
    assert await talk.count("admin") == 0
    [admin] = await talk.commands(ada, f"/paperround claim {code}")
    assert admin.text.startswith("You are an admin")


async def test_an_admin_stays_one_after_a_restart_and_no_code_is_printed(tmp_path):
    async with SlackServer(manifest=manifest()) as server:
        async with talking(tmp_path, server=server, PAPERROUND_OPEN="false") as talk:
            ada = talk.user()
            await talk.asks(ada, f"claim {code_of(talk)}")
        async with talking(tmp_path, server=server, PAPERROUND_OPEN="false") as talk:
            assert not any("claim" in line for line in talk.stage.lines)
            assert (await talk.asks(ada, "/access")).text.startswith("0 chats are let in")


async def test_wrong_codes_are_slowed(unclaimed):
    talk, stranger = unclaimed, unclaimed.user()
    before = talk.dump()
    for number in range(12):
        await stranger.says(f"claim 0123456789abcD{number:02}")
    await stranger.says(f"claim {code_of(talk)}")
    await talk.quiet()
    assert len(stranger.dm.messages) == 1
    assert talk.dump() == before
    assert (await talk.asks(stranger, f"claim {code_of(talk)}")).text.startswith("You are an admin")


async def test_settings_let_single_chats_in_and_platforms_do_not_mix(tmp_path):
    async with SlackServer(manifest=manifest()) as server:
        ada, tolan = server.user("Ada", locale="en-GB"), server.user("Tolan", locale="en-GB")
        lab = server.channel("lab", [ada, tolan])
        known = {
            "PAPERROUND_OPEN": "false",
            "PAPERROUND_ADMINS": TELEGRAM_ADMIN,
            "PAPERROUND_ALLOWED_CHATS": f"-1001234567890,{lab.id}",
        }
        async with talking(tmp_path, server=server, **known) as talk:
            assert await is_let_in(talk, tolan, lab)
            assert await is_let_in(talk, ada, lab)
            assert not await is_let_in(talk, ada)
            asked = {str(call.params.get("channel")) for call in server.log}
            assert TELEGRAM_ADMIN not in asked


async def test_an_admins_buttons_and_commands_are_nobody_elses(talk):
    reader, stranger = talk.user(), talk.user(Lang.ZH)
    lab = talk.server.channel("lab", [reader, talk.boss])
    await talk.asks(talk.boss, f"/approve {lab.id}")
    [welcome] = lab.messages
    before = talk.dump()
    for value in (f"=/approve slack:{stranger.id}", "=/access", f"=/deny slack:{lab.id}"):
        [answer] = await talk.clicks(reader, welcome, "Topics", value=value)
        assert "no command" in answer.text
        assert answer.only_for is reader
    for line in ("access", f"approve {reader.id}", f"access revoke {lab.id}"):
        [answer] = await talk.commands(reader, f"/paperround {line}", lab)
        assert "no command" in answer.text
    [refusal] = await talk.hears(stranger, "help")
    await talk.clicks(stranger, welcome, "Topics", value=f"=/approve slack:{stranger.id}")
    assert (welcome.edits, talk.dump()) == (0, before)
    assert refusal.text == say("access.asked", Lang.ZH)


async def test_an_admin_lets_a_channel_in_by_subscribing_it(talk):
    lab = talk.server.channel("lab", [talk.boss, ada := talk.user()])
    assert not await is_let_in(talk, ada, lab)
    [made] = await talk.commands(talk.boss, "/subscribe multimodal", lab)
    assert made.text.startswith("Subscribed: ")
    assert await is_let_in(talk, ada, lab)


async def test_private_names_show_to_no_admin_who_is_not_inside(talk):
    ada = talk.user(name=f"Ada {HOSTILE}")
    den = talk.server.channel("secret-den", [ada], private=True)
    far = talk.server.channel("secret-far", [ada], private=True, bot=False)
    for where in (den, far):
        [refusal] = await talk.commands(ada, "/subscribe multimodal", where)
        assert refusal.only_for is ada
    notices = talk.boss.dm.unread()
    assert [where.id in notice.text for where, notice in zip((den, far), notices, strict=True)]
    for notice in notices:
        await talk.clicks(talk.boss, notice, "Approve")
    listed = await talk.asks(talk.boss, "/access")
    assert den.id in listed.text
    assert not any("secret" in each.text for each in talk.boss.dm.sent)
    assert not any("secret" in line for line in talk.dump())


async def test_when_settings_let_somebody_in_no_more_nothing_is_sent_to_them(tmp_path):
    async with SlackServer(manifest=manifest()) as server:
        async with talking(tmp_path, server=server) as talk:
            ada = talk.user()
            await talk.asks(ada, "subscribe multimodal at 08:30")
            await talk.morning(*studies(2))
            [digest, *_] = ada.dm.unread()
        known = {"PAPERROUND_OPEN": "false", "PAPERROUND_ADMINS": "U0BOSS"}
        async with talking(tmp_path, server=server, **known) as talk:
            talk.excused = {"U0BOSS"}
            await talk.morning(*studies(2, first=20), day=THURSDAY)
            assert ada.dm.unread() == []
            [refusal] = await talk.clicks(ada, digest.replies[0], "Save")
            assert refusal.text == say("access.asked", Lang.EN)
        async with talking(tmp_path, server=server) as talk:
            ada.dm.unread()
            await talk.morning(*studies(2, first=40), day=THURSDAY + timedelta(days=1))
            assert "Invented Study 20 of" in ada.dm.unread()[0].text


@LANGS
async def test_where_makers_manage_others_read_and_change_only_their_own(tmp_path, lang):
    async with talking(tmp_path, SLACK_ANYONE_MANAGES="false") as talk:
        ada, tolan = talk.user(lang), talk.user(lang, "Tolan Brisk")
        chief = talk.user(lang, "Imena Vorga", admin=True)
        lab = talk.server.channel("lab", [ada, tolan, chief])
        await talk.commands(ada, "/subscribe multimodal at 08:30", lab)
        await talk.commands(tolan, "/subscribe diffusion at 08:30", lab)
        others = say("command.may_not_manage_others", lang)
        for line in (
            "unsubscribe multimodal",
            "unsubscribe all",
            "pause 7d",
            "subscribe multimodal at 9:30",
        ):
            [refused] = await talk.commands(tolan, f"/paperround {line}", lab)
            assert (refused.only_for, refused.text) == (tolan, others), line
        [refused] = await talk.hears(tolan, "settings lang zh", lab)
        assert refused.text == say("command.may_not_manage", lang)
        [listed] = await talk.commands(ada, "/subscriptions", lab)
        shown = listed.labels
        [refused] = await talk.clicks(tolan, listed, label("delete_number", lang, n=1))
        assert (refused.only_for, refused.text, listed.edits) == (tolan, others, 0)
        [mine] = await talk.commands(tolan, "/subscriptions", lab)
        assert label("delete_number", lang, n=1) not in mine.labels
        assert label("delete_number", lang, n=2) in mine.labels
        assert label("delete_number", lang, n=1) in shown
        await talk.clicks(tolan, mine, label("delete_number", lang, n=2))
        assert await talk.subscriptions() == [(lab.id, "multimodal")]
        [gone] = await talk.commands(chief, "/unsubscribe 1", lab)
        assert not gone.ephemeral
        assert await talk.subscriptions() == []


async def test_a_forged_click_acts_on_the_channel_it_was_made_in(tmp_path):
    async with talking(tmp_path, SLACK_ANYONE_MANAGES="false") as talk:
        ada, tolan = talk.user(), talk.user(name="Tolan Brisk")
        lab, own = talk.server.channel("lab", [ada]), talk.server.channel("own", [tolan])
        await talk.commands(ada, "/subscribe multimodal", lab)
        [mine] = await talk.commands(tolan, "/subscribe diffusion", own)
        for value in (f"/unsubscribe 1 to {lab.id}", f"=/pause 7d to {lab.id}", "=/unsubscribe #1"):
            await talk.clicks(tolan, mine, "Undo", value=value)
        assert (lab.id, "multimodal") in await talk.subscriptions()
        paused = await talk.stage.query("SELECT paused_until FROM subscription WHERE key = 1")
        assert paused == [{"paused_until": None}]
