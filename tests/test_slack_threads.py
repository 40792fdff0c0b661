"""Threads and questions on Slack: which chat a mention is about, and answers step by step."""

import pytest
from slack_talk import LANGS, LINES, label, studies, talking

from formatters.catalogue import say
from storage.models import Lang


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


async def test_a_mention_is_answered_in_its_thread_and_is_about_the_channel(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    said = await ada.mentions("subscribe multimodal", lab)
    await talk.quiet()
    [made] = lab.unread()
    assert (made.thread, made.ephemeral) == (said.ts, False)
    [gone] = await talk.hears(ada, "unsubscribe multimodal", lab, thread=said)
    assert gone.thread == said.ts
    assert await talk.subscriptions() == []
    await talk.clicks(ada, gone, "Undo")
    assert await talk.subscriptions() == [(lab.id, "multimodal")]


@LANGS
async def test_a_subscription_made_in_a_thread_lives_there(talk, lang):
    ada = talk.user(lang)
    lab = talk.server.channel("lab", [ada])
    root = await ada.says("about papers", lab)
    made = await talk.asks(ada, f"{LINES[lang]} max 1", lab, thread=root)
    assert made.thread == root.ts
    home = f"{lab.id}/{root.ts}"
    assert await talk.subscriptions() == [(home, "multimodal")]
    assert await talk.morning(*studies(3)) == 1
    digest, card = lab.unread()
    assert [digest.thread, card.thread] == [root.ts, root.ts]
    page = await talk.opens(ada, digest, label("more", lang))
    assert (page.only_for, page.thread) == (ada, root.ts)
    assert "Invented Study 2 of" in page.text
    listed = await talk.asks(ada, "subscriptions", lab, thread=root)
    await talk.clicks(ada, listed, label("delete_number", lang, n=1))
    assert await talk.subscriptions() == []
    await talk.clicks(ada, listed, label("undo", lang))
    assert await talk.subscriptions() == [(home, "multimodal")]
    elsewhere = await talk.asks(ada, "subscriptions", lab)
    assert elsewhere.text.startswith(say("list.none", lang)[:8])


async def test_guided_in_a_thread_every_step_stays_in_it(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    root = await ada.says("about papers", lab)
    question = await talk.asks(ada, "subscribe", lab, thread=root)
    await talk.clicks(ada, question, "Diffusion models")
    [language] = await talk.hears(ada, "7:15 weekdays", lab, thread=root)
    await talk.clicks(ada, language, "English")
    await talk.clicks(ada, language, "Subscribe")
    assert await talk.subscriptions() == [(f"{lab.id}/{root.ts}", "diffusion")]


async def test_in_any_other_thread_the_channels_own_is_told(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, "/subscribe multimodal at 08:30", lab)
    talk_of_others = await ada.says("lunch?", lab)
    listed = await talk.asks(ada, "subscriptions", lab, thread=talk_of_others)
    assert "1. Multimodal learning" in listed.text
    await talk.hears(ada, "pause 7d", lab, thread=talk_of_others)
    await talk.clicks(ada, listed, "Delete 1")
    assert await talk.subscriptions() == []
    assert await talk.count("chat") == 1


@pytest.mark.parametrize("where", ["direct", "mention", "thread"])
@LANGS
async def test_questions_are_answered_by_text_or_buttons(talk, lang, where):
    ada = talk.user(lang)
    lab = None if where == "direct" else talk.server.channel("lab", [ada])
    question = await talk.asks(ada, {Lang.EN: "subscribe", Lang.ZH: "订阅"}[lang], lab)
    about = {"thread": question.thread} if where == "thread" else {}
    assert ("@paperround" in question.text) == (lab is not None)
    hour = await talk.asks(ada, "diffusion", lab, **about)
    wrong = await talk.asks(ada, "half past nonsense", lab, **about)
    assert wrong.ephemeral == (lab is not None)
    language = await talk.asks(
        ada, {Lang.EN: "7:15 weekdays", Lang.ZH: "每天早上7点"}[lang], lab, **about
    )
    await talk.clicks(ada, language, "English")
    assert label("subscribe", lang) in language.labels
    await talk.clicks(ada, language, label("subscribe", lang))
    assert await talk.subscriptions() == [(lab.id if lab else ada.id, "diffusion")]
    assert hour.labels[0] == label("fresh", lang)


async def test_in_a_digests_own_thread_the_channel_is_meant(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, "/subscribe multimodal at 08:30 max 1", lab)
    await talk.morning(*studies(2))
    digest = lab.roots[-1]
    said = f"{talk.server.mention} subscribe diffusion"
    about = {"user": ada.id, "text": said, "ts": talk.server.new_ts(), "thread_ts": digest.ts}
    ours = talk.server.bot_user
    talk.server.tell("app_mention", lab, channel=lab.id, parent_user_id=ours, **about)
    await talk.quiet()
    assert lab.last.thread == digest.ts
    assert await talk.subscriptions() == [(lab.id, "multimodal"), (lab.id, "diffusion")]
    await talk.clicks(ada, lab.last, "Undo")
    assert await talk.subscriptions() == [(lab.id, "multimodal")]
