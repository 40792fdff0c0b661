"""A morning on Slack: what comes where, and what each button of it does."""

from datetime import timedelta

import pytest
from slack_faults import broken, flood
from slack_server import SlackServer
from slack_talk import ABOUT, HOSTILE, LANGS, THURSDAY, Talk, label, studies, talking

from formatters.catalogue import say
from storage.models import Lang

NAMES = {Lang.EN: "Multimodal learning", Lang.ZH: "多模态"}


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def morning_in_lab(talk: Talk, count: int = 4, more: str = " max 2"):
    """Somebody, their channel, and its digest: the root and the cards."""
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/subscribe multimodal at 08:30{more}", lab)
    lab.unread()
    assert await talk.morning(*studies(count)) == 1
    root, *cards = lab.unread()
    return ada, lab, root, cards


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
@LANGS
async def test_a_channel_subscribes_reads_clicks_and_unsubscribes(tmp_path, lang, http):
    async with talking(tmp_path, http=http) as talk:
        ada, tolan = talk.user(lang), talk.user(lang, "Tolan Brisk")
        lab = talk.server.channel("lab", [ada, tolan])
        [made] = await talk.commands(ada, "/subscribe multimodal at 08:30 max 2", lab)
        assert made.text.startswith(say("subscribe.title", lang, name=NAMES[lang]))
        assert not made.ephemeral
        lab.unread()
        assert await talk.morning(*studies(4)) == 1
        root, *cards = lab.unread()
        assert [each.thread for each in cards] == [root.ts, root.ts]
        [saved] = await talk.clicks(tolan, cards[1], label("save", lang))
        assert (saved.only_for, saved.thread) == (tolan, root.ts)
        assert "Invented Study 2 of" in saved.text
        [noted] = await talk.clicks(ada, cards[0], "👍")
        assert noted.only_for is ada
        abstract = await talk.opens(ada, cards[0], say("slack.abstract", lang))
        assert (abstract.only_for, abstract.thread) == (ada, root.ts)
        assert await talk.clicks(ada, abstract, "2 ▶") == []
        assert abstract.text.startswith("Invented Study 2 of")
        [listed] = await talk.hears(ada, "subscriptions", lab)
        assert await talk.clicks(tolan, listed, label("delete_number", lang, n=1)) == []
        assert await talk.subscriptions() == []
        assert await talk.clicks(ada, listed, label("undo", lang)) == []
        assert listed.text.startswith(say("subscribe.title", lang, name=NAMES[lang]))
        assert await talk.subscriptions() == [(lab.id, "multimodal")]
        [gone] = await talk.commands(tolan, "/unsubscribe multimodal", lab)
        assert gone.text.startswith(say("list.removed", lang, names=NAMES[lang]))
        assert await talk.subscriptions() == []


@LANGS
async def test_the_same_life_in_direct_messages(talk, lang):
    ada = talk.user(lang)
    line = {Lang.EN: "subscribe multimodal at 08:30 max 2", Lang.ZH: "订阅多模态 8:30 最多2篇"}
    made = await talk.asks(ada, line[lang])
    assert made.text.startswith(say("subscribe.title", lang, name=NAMES[lang]))
    assert await talk.subscriptions() == [(ada.id, "multimodal")]
    await talk.morning(*studies(3))
    root, first, _ = ada.dm.unread()
    assert say("slack.in_thread", lang, n=2) in root.text
    saved = await talk.opens(ada, first, label("save", lang))
    assert (saved.ephemeral, saved.thread) == (False, root.ts), "nobody else is there"
    page = await talk.opens(ada, root, label("more", lang))
    assert (page.ephemeral, page.thread) == (False, None)
    assert "Invented Study 3 of" in page.text
    abstract = await talk.opens(ada, first, say("slack.abstract", lang))
    await talk.clicks(ada, abstract, "2 ▶")
    assert abstract.text.startswith("Invented Study 2 of")
    listed = await talk.asks(ada, {Lang.EN: "subscriptions", Lang.ZH: "我的订阅"}[lang])
    await talk.clicks(ada, listed, label("delete_number", lang, n=1))
    assert await talk.subscriptions() == []
    await talk.clicks(ada, listed, label("undo", lang))
    assert await talk.subscriptions() == [(ada.id, "multimodal")]
    assert all(not each.ephemeral for each in ada.dm.sent)


async def test_the_root_has_titles_with_links_and_the_thread_the_cards(talk):
    _, lab, root, cards = await morning_in_lab(talk)
    assert root.urls[-2:] == [
        "https://arxiv.org/abs/2602.00001",
        "https://arxiv.org/abs/2602.00002",
    ]
    assert "announced 4 → matched 4 → already sent 0 · shown 2 · left over 2" in root.text
    assert root.labels == ["More"]
    assert [each.labels for each in cards] == [["Save", "👍", "👎", "Abstract"]] * 2
    assert [each.thread for each in cards] == [root.ts] * 2
    assert not any(each.broadcast for each in lab.messages)
    assert all(each.unfurl == (False, False) for each in lab.messages)
    assert all(each.raw.strip() for each in (root, *cards))
    assert len({each.client_msg_id for each in (root, *cards)}) == 3


@LANGS
async def test_a_channel_that_wants_no_thread_gets_the_root_alone(talk, lang):
    ada = talk.user(lang)
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, "/subscribe multimodal at 08:30", lab)
    [changed] = await talk.commands(ada, "/paperround settings thread off", lab)
    assert say("button.thread_on", lang) in changed.labels
    lab.unread()
    await talk.morning(*studies(3))
    [root] = lab.unread()
    assert say("slack.shown", lang, n=3) in root.text
    assert [url[-1] for url in root.urls[-3:]] == ["1", "2", "3"]
    await talk.clicks(ada, changed, say("button.thread_on", lang))
    await talk.morning(*studies(3, first=20), day=THURSDAY)
    assert len(lab.unread()) == 4


async def test_more_is_for_who_clicked_and_turns_page_by_page(talk):
    ada, lab, root, _ = await morning_in_lab(talk, 20, " max 1")
    page = await talk.opens(ada, root, "More")
    assert (page.only_for, page.thread) == (ada, None)
    first = page.text
    assert "Invented Study 2 of" in first
    for arrow, is_first in (("▶", False), ("◀", True)):
        [turning] = [each for each in page.labels if arrow in each]
        assert await talk.clicks(ada, page, turning) == []
        assert (page.text == first) == is_first
    assert lab.messages[-1].thread == root.ts, "nobody else saw any of it"


async def test_what_a_paper_or_a_topic_says_mentions_nobody_and_links_nowhere(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f'/subscribe "{HOSTILE}" OR abs:multimodal at 08:30', lab)
    await talk.hears(ada, "subscriptions", lab)
    papers = studies(2, about=f"{ABOUT} {HOSTILE}", abstract=f"{ABOUT}. {HOSTILE}. {HOSTILE}!")
    assert await talk.morning(*papers) == 1
    root = lab.roots[-1]
    await talk.clicks(ada, root.replies[0], "Save")
    await talk.clicks(ada, root.replies[0], "Abstract")
    await talk.commands(ada, "/saved", lab)
    assert len(lab.sent) == 8
    for each in lab.sent:
        assert (each.mentions, each.read.mentions, each.fallback.mentions) == ((), (), ())
        assert all("arxiv.org" in url for url in each.urls)
        assert {name for name, _ in each.read.styles} <= {"bold", "code", "italic"}
    assert HOSTILE.split()[0] in root.replies[0].text


async def test_a_card_that_can_not_be_turned_any_more_is_answered_anew(talk):
    ada, lab, _, cards = await morning_in_lab(talk)
    listed = await talk.asks(ada, "subscriptions", lab)
    await lab.world.users[ada.id].deletes(listed)
    talk.excused = {"message_not_found"}
    [answer] = await talk.clicks(ada, listed, "Delete 1")
    assert answer.only_for is ada
    assert answer.text.startswith("Unsubscribed: ")
    abstract = await talk.opens(ada, cards[0], "Abstract")
    talk.server.fail(broken(404), on="response_url")
    [again] = await talk.clicks(ada, abstract, "2 ▶")
    assert again.text.startswith("Invented Study 2 of")
    assert again.only_for is ada
    assert abstract.text.startswith("Invented Study 1 of")


@pytest.mark.parametrize("fault", [flood(1), broken(500), broken(404)], ids=["429", "500", "404"])
async def test_a_response_url_out_of_order_leaves_nobody_without_an_answer(talk, fault):
    ada, lab, _, cards = await morning_in_lab(talk)
    talk.server.fail(fault, on="response_url", times=2)
    [saved] = await talk.clicks(ada, cards[0], "Save")
    assert (saved.only_for, saved.thread) == (ada, cards[0].thread)
    talk.server.fail(fault, on="response_url", times=2)
    [listed] = await talk.commands(ada, "/subscriptions", lab)
    assert "1. Multimodal learning" in listed.text


async def test_every_button_of_a_year_ago_works_after_a_restart(tmp_path):
    async with SlackServer() as server:
        async with talking(tmp_path, server=server) as talk:
            ada, lab, root, cards = await morning_in_lab(talk)
            listed = await talk.asks(ada, "subscriptions", lab)
        async with talking(tmp_path, server=server) as talk:
            talk.rest(timedelta(days=365))
            assert "Saved: " in (await talk.opens(ada, cards[1], "Save")).text
            assert "Invented Study 3 of" in (await talk.opens(ada, root, "More")).text
            assert "Invented Study 1 of" in (await talk.opens(ada, cards[0], "Abstract")).text
            await talk.clicks(ada, listed, "Delete 1")
            assert listed.text.startswith("Unsubscribed: ")
            await talk.clicks(ada, listed, "Undo")
            assert await talk.subscriptions() == [(lab.id, "multimodal")], "not its thread"


async def test_an_empty_morning_is_told_to_who_wants_to_know(talk):
    ada = talk.user()
    await talk.asks(ada, "subscribe multimodal at 08:30")
    await talk.asks(ada, "settings notify-empty on")
    await talk.morning(*studies(1, about="sheaf cohomology"))
    [told] = ada.dm.unread()
    assert told.text == "Nothing matched out of 1 announced paper."
