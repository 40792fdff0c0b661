"""What befalls channels on Slack, and people: who is told, what is still sent, what comes back."""

from datetime import timedelta

import pytest
from slack_faults import error
from slack_manifests import manifest
from slack_server import SlackServer
from slack_talk import LANGS, THURSDAY, Talk, label, studies, talking

from formatters.catalogue import say
from storage.models import Lang

FRIDAY = THURSDAY + timedelta(days=1)
CLOSED = {"PAPERROUND_OPEN": "false"}


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def subscribed(talk: Talk, lang: Lang = Lang.EN, **about):
    """Somebody and their channel, which has a subscription."""
    ada = talk.user(lang)
    lab = talk.server.channel("lab", [ada], **about)
    await talk.commands(ada, "/subscribe multimodal at 08:30 max 1", lab)
    lab.unread()
    return ada, lab


async def parked(talk: Talk) -> list[str | None]:
    """Why nothing is sent to each chat that is subscribed, if so."""
    subscribed = "SELECT parked FROM chat WHERE key IN (SELECT chat FROM subscription) ORDER BY key"
    return [row["parked"] for row in await talk.stage.query(subscribed)]


@pytest.mark.parametrize("private", [False, True])
@LANGS
async def test_who_invites_the_app_is_greeted_where_it_came_in(talk, lang, private):
    ada = talk.user(lang)
    lab = talk.server.channel("lab", [ada], bot=False, private=private)
    await lab.add_bot(ada)
    await talk.quiet()
    [welcome] = lab.unread()
    assert welcome.text.startswith(say("access.welcome", lang))
    await talk.clicks(ada, welcome, label("topics", lang))
    await lab.joined_by(talk.user(lang, "Tolan Brisk"))
    await talk.quiet()
    assert len(lab.messages) == 1


@LANGS
async def test_an_admin_who_invites_lets_in_and_others_ask(tmp_path, lang):
    async with SlackServer(manifest=manifest()) as server:
        boss = server.user("Imena Vorga", locale="en-GB", tz="UTC")
        async with talking(tmp_path, server=server, PAPERROUND_ADMINS=boss.id, **CLOSED) as talk:
            ada = talk.user(lang)
            ours = server.channel("ours", [boss], bot=False)
            await ours.add_bot(boss)
            await talk.quiet()
            assert ours.last.text.startswith(say("access.welcome", Lang.EN))
            lab = server.channel("lab", [ada], bot=False)
            await lab.add_bot(ada)
            await talk.quiet()
            [asked] = lab.unread()
            assert asked.text == say("access.asked", lang)
            [notice] = boss.dm.unread()
            assert "#lab" in notice.text
            assert ada.name in notice.text
            await talk.clicks(boss, notice, "Approve")
            [welcome] = lab.unread()
            assert welcome.text.startswith(say("access.welcome", lang))


async def test_a_channel_that_the_app_left_gets_nothing_until_it_is_back(talk):
    ada, lab = await subscribed(talk)
    await lab.remove_bot()
    await talk.quiet()
    assert await parked(talk) == ["removed"]
    await talk.morning(*studies(2))
    assert lab.unread() == []
    await lab.add_bot(ada)
    await talk.quiet()
    [back] = lab.unread()
    assert "Resume your subscription?" in back.text
    await talk.clicks(ada, back, "Resume")
    assert await parked(talk) == [None]
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    assert "announced 4 " in lab.unread()[0].text


async def test_an_archived_channel_rests_until_it_is_opened_again(talk):
    _, lab = await subscribed(talk)
    await lab.archive()
    await talk.quiet()
    assert await parked(talk) == ["archived"]
    assert await talk.morning(*studies(2)) == 0
    await lab.unarchive()
    await talk.quiet()
    assert await parked(talk) == [None]
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    assert "announced 4 " in lab.unread()[0].text


async def test_a_deleted_channel_is_left_alone_and_others_go_on(talk):
    ada, lab = await subscribed(talk)
    await talk.asks(ada, "subscribe multimodal at 08:30")
    await lab.delete()
    await talk.quiet()
    assert await parked(talk) == ["deleted", None]
    assert await talk.morning(*studies(2)) == 1
    assert lab.unread() == []
    said = [each.text for each in ada.dm.unread()]
    assert sum("deleted" in text for text in said) == 1, "who subscribed it is told, once"
    assert sum("announced 2 " in text for text in said) == 1


async def test_a_renamed_channel_is_known_by_its_new_name_at_once(tmp_path):
    async with SlackServer(manifest=manifest()) as server:
        boss = server.user("Imena Vorga", locale="en-GB", tz="UTC")
        async with talking(tmp_path, server=server, PAPERROUND_ADMINS=boss.id, **CLOSED) as talk:
            ada = talk.user()
            lab = server.channel("lab", [ada])
            await talk.commands(ada, "/subscribe llm", lab)
            await talk.asks(boss, f"/approve {lab.id}")
            await lab.rename("lab-of-wonders")
            await talk.asks(boss, f"/access revoke {lab.id}")
            await talk.commands(ada, "/subscribe llm", lab)
            notices = [each for each in boss.dm.sent if "Approve" in each.labels]
            assert ["#lab\n" in each.text for each in notices] == [True, False]
            assert "#lab-of-wonders\n" in notices[1].text


@LANGS
async def test_where_the_app_is_no_member_it_answers_and_says_how_to_be_invited(talk, lang):
    ada = talk.user(lang)
    out = talk.server.channel("out", [ada], bot=False)
    [made] = await talk.commands(ada, "/subscribe multimodal at 08:30", out)
    assert not made.ephemeral
    assert say("form.invite", lang) in made.text
    [listed] = await talk.commands(ada, "/subscriptions", out)
    assert "/invite" not in listed.text
    await talk.clicks(ada, listed, label("delete_number", lang, n=1))
    await talk.clicks(ada, listed, label("undo", lang))
    talk.excused = {"not_in_channel"}
    await talk.morning(*studies(2))
    await talk.stage.deliver()
    assert await parked(talk) == ["not_in_channel"]
    [word] = ada.dm.unread()
    assert out.id in word.text
    assert say("parking.why_not_in_channel", lang) in word.text
    assert "/invite @paperround" in word.text
    await out.add_bot(ada)
    await talk.quiet()
    back = out.unread()[-1]
    await talk.clicks(ada, back, label("resume", lang))
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    assert len(out.roots[-1].replies) > 0


async def test_the_word_on_inviting_ends_with_the_invitation_and_no_fault_says_it(talk):
    ada = talk.user()
    den = talk.server.channel("den", [ada], private=True, bot=False)
    [made] = await talk.commands(ada, "/subscribe multimodal", den)
    assert "/invite" in made.text
    out = talk.server.channel("out", [ada], bot=False)
    [made] = await talk.commands(ada, "/subscribe multimodal", out)
    assert "/invite" in made.text
    await out.add_bot(ada)
    await talk.quiet()
    [made] = await talk.commands(ada, "/subscribe diffusion", out)
    assert "/invite" not in made.text
    lab = talk.server.channel("lab", [ada])
    talk.server.fail(error("internal_error"), on="conversations.info", times=9)
    [made] = await talk.commands(ada, "/subscribe multimodal", lab)
    assert "/invite" not in made.text


async def test_each_maker_is_told_once_and_the_channels_name_to_none_of_them(talk):
    ada, tolan = talk.user(), talk.user(Lang.ZH, "Tolan Brisk")
    den = talk.server.channel("secret-den", [ada, tolan], private=True, bot=False)
    await talk.commands(ada, "/subscribe multimodal at 08:30", den)
    await talk.commands(tolan, "/subscribe vlm at 08:30", den)
    await talk.morning(*studies(2))
    await talk.stage.deliver()
    [to_ada], [to_tolan] = ada.dm.unread(), tolan.dm.unread()
    assert "Multimodal learning" in to_ada.text
    assert "Vision-language models" in to_tolan.text
    assert not {"Multimodal learning", "多模态"} & set(to_tolan.text.splitlines())
    assert "secret" not in to_ada.text + to_tolan.text
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    assert (ada.dm.unread(), tolan.dm.unread(), den.messages[3:]) == ([], [], [])


async def test_where_only_admins_may_post_the_subscription_rests(talk):
    ada, lab = await subscribed(talk)
    lab.posting = "admins"
    talk.excused = {"restricted_action"}
    await talk.morning(*studies(2))
    await talk.stage.deliver()
    [word] = ada.dm.unread()
    assert say("parking.why_no_rights", Lang.EN) in word.text
    lab.posting = "everyone"
    await talk.commands(ada, "/paperround resume", lab)
    lab.unread()
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    held, fresh = (each for each in lab.unread() if each.thread is None)
    assert "4 February" in held.text
    assert "5 February" in fresh.text


async def test_a_subscription_stays_with_its_channel_when_its_maker_goes(talk):
    ada, lab = await subscribed(talk)
    tolan = talk.user(name="Tolan Brisk")
    await lab.joined_by(tolan)
    await lab.left_by(ada)
    await talk.morning(*studies(2))
    assert "announced 2 " in lab.unread()[0].text
    await ada.deactivates()
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    assert "announced 2 " in lab.unread()[0].text
    [listed] = await talk.commands(tolan, "/subscriptions", lab)
    await talk.clicks(tolan, listed, "Delete 1")
    assert await talk.subscriptions() == []


async def test_who_left_the_workspace_gets_nothing_and_holds_nothing_up(talk):
    ada, tolan = talk.user(), talk.user(name="Tolan Brisk")
    for user in (ada, tolan):
        await talk.asks(user, "subscribe multimodal at 08:30 max 1")
        user.dm.unread()
    await ada.deactivates()
    await talk.morning(*studies(2))
    assert "announced 2 " in tolan.dm.unread()[0].text
    await talk.morning(*studies(2, first=20), day=THURSDAY)
    assert "announced 2 " in tolan.dm.unread()[0].text
    assert ada.dm.unread() == []
    assert (await parked(talk))[1] is None


async def test_a_word_to_a_maker_who_left_is_not_waited_for(talk):
    ada, out = await subscribed(talk, bot=False)
    await ada.deactivates()
    talk.excused = {"not_in_channel"}
    await talk.morning(*studies(2))
    await talk.stage.deliver()
    await talk.stage.deliver()
    assert out.unread() == ada.dm.unread() == []
    waiting = await talk.stage.query("SELECT COUNT(*) AS n FROM part WHERE state = 'sending'")
    assert waiting == [{"n": 0}]


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_events_that_come_twice_greet_once(tmp_path, http):
    async with talking(tmp_path, http=http) as talk:
        talk.server.courier.twice = True
        ada = talk.user()
        lab = talk.server.channel("lab", [ada], bot=False)
        await lab.add_bot(ada)
        await talk.quiet()
        assert len(lab.messages) == 1
        assert len(await talk.hears(ada, "subscribe llm", lab)) == 1
        assert len(await talk.hears(ada, "help save")) == 1
