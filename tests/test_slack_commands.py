"""What people type on Slack, in commands, mentions and direct messages, and what they read."""

import asyncio
from dataclasses import replace

import pytest
from slack_faults import broken
from slack_messages import Message
from slack_talk import HOSTILE, LANGS, LINES, Talk, label, studies, talking

from bot.slack.hearing import direct_text, plain_text
from formatters.catalogue import say
from storage import subscriptions
from storage.models import ChatKey, Lang

SUBSCRIBED = {
    Lang.EN: "Subscribed: Multimodal learning",
    Lang.ZH: "已订阅：多模态",
}
BY_HTTP = pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])


@pytest.fixture
async def talk(tmp_path):
    async with talking(tmp_path) as talk:
        yield talk


@BY_HTTP
@LANGS
async def test_the_same_words_by_slash_umbrella_mention_and_directly(tmp_path, lang, http):
    async with talking(tmp_path, http=http) as talk:
        ada = talk.user(lang)
        lab = talk.server.channel("lab", [ada])
        line = LINES[lang]
        argument = line.partition(" ")[2]
        [slash] = await talk.commands(ada, f"/subscribe {argument}", lab)
        assert (slash.ephemeral, slash.thread) == (False, None)
        assert slash.text.startswith(SUBSCRIBED[lang])
        [umbrella] = await talk.commands(ada, f"/paperround {line}", lab)
        assert umbrella.text.startswith(say("subscribe.updated", lang, name=""))
        mention = await talk.asks(ada, line, lab)
        assert mention.text.startswith(say("subscribe.updated", lang, name=""))
        assert await talk.subscriptions() == [(lab.id, "multimodal")]
        direct = await talk.asks(ada, line)
        assert direct.text.startswith(SUBSCRIBED[lang])
        assert await talk.subscriptions() == [(lab.id, "multimodal"), (ada.id, "multimodal")]
        assert lab.ephemerals == ada.dm.ephemerals == []


@LANGS
async def test_the_umbrella_alone_is_help_and_it_takes_papers_too(talk, lang):
    ada = talk.user(lang)
    [helped] = await talk.commands(ada, "/paperround")
    assert helped.text.startswith(say("help_page.title", lang))
    assert not helped.ephemeral, "nobody else is there"
    assert "/paperround search" in helped.text or lang is Lang.ZH
    await talk.morning(*studies(1))
    for line in ("/paperround 2602.00001", "/paper 2602.00001", "/paperround /paper 2602.00001"):
        [card] = await talk.commands(ada, line)
        assert card.text.startswith("Invented Study 1 of")


async def test_every_command_that_a_text_names_is_one_that_slack_takes(talk):
    ada = talk.user()
    known = talk.server.known_commands
    for line in (
        "help",
        "start",
        "settings",
        "pause",
        "help export",
        "subscribe #",
        "/x",
        "status",
    ):
        for answer in await talk.hears(ada, line):
            named = {word for word in answer.text.split() if word.startswith("/")}
            assert {word.rstrip(",.:;") for word in named} <= known, line


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("subscribe “continual learning” AND LoRA", "subscribe “continual learning” AND LoRA"),
        ("R&amp;D &lt;3 &amp;amp;", "R&D <3 &amp;"),
        ("subscribe <http://cs.AI|cs.AI> <http://stat.ML|stat.ML>", "subscribe cs.AI stat.ML"),
        ("paper <https://arxiv.org/abs/2602.00001>", "paper https://arxiv.org/abs/2602.00001"),
        ("<https://arxiv.org/abs/2602.00001|ours>", "https://arxiv.org/abs/2602.00001"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<@U0ADA> <@U0ADA|ada> <#C0LAB|lab> <#C0LAB>", "@U0ADA @ada #lab #C0LAB"),
        ("<!here> <!channel|all> <!subteam^S1|@team>", "@here @all @@team"),
        ("&lt;!channel&gt;", "<!channel>"),
        (":+1: 2602.00001", "👍 2602.00001"),
        (":thumbsdown::skin-tone-3: 2602.00001", "👎 2602.00001"),
    ],
)  # fmt: skip
def test_what_slack_marks_up_is_read_as_it_was_typed(typed, heard):
    assert plain_text(typed) == heard


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("claim PiDIpNybbMUKqKqj", "/claim PiDIpNybbMUKqKqj"),
        ("认领：-0_aaaaaaaaaaaaa", "/claim -0_aaaaaaaaaaaaa"),
        ("claim verification", "claim verification"),
        ("claim characterization", "claim characterization"),
        ("claim 0123456789abcdeF 2", "claim 0123456789abcdeF 2"),
    ],
)
def test_a_claim_needs_no_slash_and_is_no_topic(typed, heard):
    assert direct_text({"text": typed}) == heard


async def test_quotes_ampersands_and_links_as_slack_sends_them_are_understood(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    for line, topic in {
        "/subscribe “continual learning” AND LoRA": '"continual learning" AND LoRA',
        '/subscribe "R&amp;D" AND ti:robot': '"R&D" AND ti:robot',
        "/subscribe <http://cs.AI|cs.AI>": "cs.AI",
        "/paperround subscribe\u00a0llm": "llm",
    }.items():
        [made] = await talk.commands(ada, line, lab)
        assert made.text.startswith("Subscribed: "), line
        assert (await talk.subscriptions())[-1] == (lab.id, topic)


@LANGS
async def test_ids_and_links_by_themselves_get_the_card(talk, lang):
    ada = talk.user(lang)
    await talk.morning(*studies(1))
    address = "https://arxiv.org/abs/2602.00001"
    for line in ("2602.00001", "arXiv:2602.00001v3", address, f"看看 {address}", "论文 2602.00001"):
        card = await talk.asks(ada, line)
        assert card.text.startswith("Invented Study 1 of"), line
    shared = await passed_on(talk, ada, "have a look", f"Tolan: {address} is good")
    assert shared.text.startswith("Invented Study 1 of")


async def passed_on(talk: Talk, user, text: str, other: str) -> Message:
    """Share a message with the app; its answer."""
    said = Message(user.dm, talk.server.new_ts(), text, sender=user)
    attached = {"attachments": [{"text": other, "is_share": True}]}
    user.dm.unread()
    talk.server.tell_message(user.dm, said.to_json() | attached)
    await talk.quiet()
    return await user.dm.next()


@LANGS
async def test_idle_talk_gets_the_short_help(talk, lang):
    ada = talk.user(lang)
    lab = talk.server.channel("lab", [ada])
    idle = await talk.asks(ada, {Lang.EN: "how are you?", Lang.ZH: "今天天气如何"}[lang])
    assert idle.labels == [label("help", lang), label("topics", lang)]
    assert len(idle.text) < 150
    for line in ("", "thanks!"):
        [aside] = await talk.hears(ada, line, lab)
        assert (aside.only_for, aside.thread) == (ada, None), "a new thread shows nobody anything"
        assert say("talk.how", lang) in aside.text


async def test_what_is_not_said_to_us_stays_unanswered(tmp_path):
    async with talking(tmp_path) as talk:
        talk.server.subscriptions |= {"message.channels"}
        talk.server.scopes |= {"channels:history"}
        ada = talk.user()
        lab = talk.server.channel("lab", [ada])
        said = await ada.says("https://arxiv.org/abs/2602.00001 is good", lab)
        await ada.says(f"ask {talk.server.mention} about it", lab)
        await ada.says("subscribe multimodal", lab, thread=said)
        await ada.edits(said, f"{talk.server.mention} subscribe multimodal")
        await ada.deletes(said)
        about = {"channel": lab.id, "text": f"{talk.server.mention} subscribe llm", "ts": said.ts}
        talk.server.tell("app_mention", lab, **about, user=ada.id, edited={"user": ada.id})
        talk.server.tell("app_mention", lab, **about, user=ada.id, bot_id="B0OTHER")
        talk.server.tell("app_mention", lab, **about, bot_id=talk.server.bot_id)
        direct = await ada.says("help save")
        await talk.quiet()
        ada.dm.unread()
        await ada.edits(direct, "unsubscribe all")
        await ada.deletes(direct)
        bot = {"ts": talk.server.new_ts(), "text": "help", "bot_id": "B0OTHER", "user": "U0OTHER"}
        talk.server.tell_message(ada.dm, bot)
        await talk.quiet()
        assert (lab.sent, ada.dm.unread()) == ([], [])
        assert await talk.subscriptions() == []
        assert talk.server.calls["chat.postMessage"] == 1


async def test_what_is_ones_own_is_shown_to_nobody_else_and_files_go_to_the_person(talk):
    ada, tolan = talk.user(), talk.user(Lang.ZH, "Tolan Brisk")
    lab = talk.server.channel("lab", [ada, tolan])
    await talk.morning(*studies(2))
    [saved] = await talk.commands(ada, "/paperround save 2602.00001", lab)
    [listed] = await talk.commands(ada, "/saved", lab)
    [exported] = await talk.hears(ada, "export bibtex", lab)
    [kept] = await talk.commands(tolan, "/paperround forget", lab)
    assert [each.only_for for each in (saved, listed, exported, kept)] == [ada, ada, ada, tolan]
    assert lab.messages == []
    assert say("elsewhere.sent", Lang.EN) in exported.text
    assert say("elsewhere.sent", Lang.ZH) in kept.text
    [mine], [theirs] = ada.dm.unread(), tolan.dm.unread()
    assert "Invented Study 1 of" in mine.files[0].content.decode()
    assert '"saved": []' in theirs.files[0].content.decode()
    [again] = [each for each in await talk.hears(ada, "export md") if each.files]
    assert again.files[0].name == "paperround-saved.md"


async def test_nothing_that_people_type_mentions_anybody(talk):
    ada = talk.user(name=HOSTILE)
    lab = talk.server.channel("lab", [ada])
    lines = (
        f'subscribe "{HOSTILE}"', f"settings tz {HOSTILE}", f"help {HOSTILE}", f"paper {HOSTILE}",
        f"unsubscribe {HOSTILE}", f"pause {HOSTILE}", f"export {HOSTILE}", f"search {HOSTILE}",
        f"/{HOSTILE}", HOSTILE, "subscriptions",
    )  # fmt: skip
    for line in lines:
        for answer in [
            *await talk.hears(ada, line, lab),
            *await talk.commands(ada, f"/paperround {line}", lab),
            *await talk.hears(ada, line),
        ]:
            assert (answer.mentions, answer.urls) == ((), []), line
    assert len(lab.sent) == 2 * len(lines)


async def test_a_long_answer_comes_whole_and_in_its_order(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, "/subscribe llm at 08:30 max 5 lang zh", lab)

    def add_more(tx):
        [one] = subscriptions.of_chat(tx, ChatKey(1))
        for number in range(2, 151):
            topic = f'"{"long words " * 20}{number}"'
            subscriptions.add(tx, replace(one, topic=topic))

    await talk.stage.app.db.write(add_more)
    answers = await talk.commands(ada, "/subscriptions", lab)
    assert len(answers) > 5
    assert all(not each.ephemeral for each in answers)
    listed = [line for each in answers for line in each.text.splitlines()]
    numbers = [line.partition(".")[0] for line in listed if "long words" in line]
    assert numbers == [str(number) for number in range(2, 151)]


async def test_any_line_of_any_length_is_answered(talk):
    ada = talk.user()
    lines = (
        "x" * 4_000, "/" + "x" * 3_000, "subscribe " + "x" * 1_900, "search " + "字" * 1_900,
        "help " + "𝕏" * 2_000, "settings " + "tz " * 600, "pause " + "7" * 1_900, "?", "/",
    )  # fmt: skip
    for line in lines:
        [answer] = await talk.hears(ada, line)
        assert answer.text, line[:20]


async def test_the_eleventh_line_within_ten_seconds_is_slowed_with_a_word(talk):
    ada, tolan = talk.user(), talk.user(name="Tolan Brisk")
    for _ in range(13):
        await ada.says("help save")
    await talk.quiet()
    answers = [each.text for each in ada.dm.unread()]
    assert sum("/paperround save" in each for each in answers) == 10
    assert answers[10].startswith("Slowly, please; I listen again in ")
    assert len(answers) == 11
    assert await talk.hears(tolan, "help save")
    assert await talk.hears(ada, "help save")


@BY_HTTP
async def test_what_one_person_says_is_done_in_its_order(tmp_path, http):
    async with talking(tmp_path, http=http) as talk:
        ada = talk.user()
        lab = talk.server.channel("lab", [ada])
        deeds = [
            ada.commands("/subscribe", "llm", lab),
            ada.mentions("subscribe multimodal", lab),
            ada.commands("/unsubscribe", "llm", lab),
            ada.mentions("subscribe diffusion", lab),
            ada.commands("/paperround", "unsubscribe 1", lab),
        ]
        await asyncio.gather(*deeds)
        await talk.quiet()
        assert await talk.subscriptions() == [(lab.id, "diffusion")]


@BY_HTTP
@LANGS
async def test_a_defect_is_answered_with_a_word(tmp_path, lang, http):
    async with talking(tmp_path, http=http) as talk:
        ada = talk.user(lang)
        lab = talk.server.channel("lab", [ada])
        talk.stage.source.failing = ZeroDivisionError("as if it were ours")
        sorry = say("elsewhere.defect", lang)
        talk.excused = {sorry}
        [slash] = await talk.commands(ada, "/paper 2602.00009", lab)
        [mention] = await talk.hears(ada, "paper 2602.00009", lab)
        [direct] = await talk.hears(ada, "2602.00009")
        assert [each.text for each in (slash, mention, direct)] == [sorry] * 3
        assert [each.only_for for each in (slash, mention, direct)] == [ada, ada, None]
        talk.stage.source.failing = None
        assert (await talk.hears(ada, "help"))[0].text


@LANGS
async def test_the_shortcut_shows_the_card_to_who_asked(talk, lang):
    ada, tolan = talk.user(lang), talk.user(lang, "Tolan Brisk")
    lab = talk.server.channel("lab", [ada, tolan])
    await talk.morning(*studies(1))
    root = await tolan.says("have you seen <https://arxiv.org/abs/2602.00001|this>?", lab)
    reply = await tolan.says("or arXiv:2602.00001?", lab, thread=root)
    for said, thread in ((root, None), (reply, root.ts)):
        done = await ada.shortcuts("look_up_paper", said)
        card = await done.next()
        assert (card.only_for, card.thread) == (ada, thread)
        assert card.text.startswith("Invented Study 1 of")
    assert lab.messages == []


async def test_a_command_among_other_people_is_answered_to_who_said_it(talk):
    ada, tolan = talk.user(), talk.user(name="Tolan Brisk")
    between = talk.server.direct(ada, tolan)
    between.kind, between.id, between.bot = "im", "D0OTHERS", False
    talk.server.channels[between.id] = between
    [made] = await talk.commands(ada, "/subscribe multimodal", between)
    assert made.only_for is ada
    assert await talk.subscriptions() == [(ada.id, "multimodal")]
    [sent] = await talk.clicks(ada, made, "Send now")
    assert (sent.only_for, sent.channel) == (ada, between)
    await talk.clicks(ada, made, "Undo")
    assert made.text.startswith("Unsubscribed: ")
    [exported] = await talk.commands(ada, "/paperround forget", between)
    assert exported.only_for is ada
    assert [each.name for each in ada.dm.last.files] == ["paperround-kept.json"]
    ada.dm.unread()
    talk.server.fail(broken(404), on="response_url")
    assert await talk.commands(ada, "/subscriptions", between) == []
    [listed] = ada.dm.unread()
    assert "no subscriptions" in listed.text
    assert not listed.ephemeral


async def test_clicks_with_values_that_no_button_has_do_what_their_words_do(talk):
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    message = await talk.asks(ada, "subscribe", lab)
    for value in ("/", "=/nonsense", "=/more 9999.99999", "/paper", "hello", "=", "", "x" * 1_999):
        [answer] = await talk.clicks(ada, message, message.labels[0], value=value)
        assert answer.only_for is ada, value
    assert message.edits == 0
    assert await talk.count("subscription") == 0
