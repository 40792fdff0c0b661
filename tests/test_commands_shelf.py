"""Conversations about what people keep, a chat's settings, help, and any text at all."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from fake_source import FRIDAY, Talk, study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.dispatch import HANDLERS
from bot.commands.line import read_line
from bot.commands.names import TABLE, Name, by_word, completions
from bot.commands.request import AccessRules, Request, Visibility
from formatters.catalogue import say
from formatters.document import Text
from formatters.terminal import render
from storage import chats, digests, shelf, subscriptions
from storage.errors import UserError
from storage.models import AnnounceType, Counts, Digest, DigestItem, Lang, Platform, RunState

SHOWN = [command for command in TABLE if not command.hidden]
PAPERS = [study("2610.00001", title="First & best"), study("2610.00002", title="Second")]


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path)
    yield talk
    talk.close()


async def test_a_reading_list_is_personal_and_newest_first(talk):
    await talk.announce(FRIDAY, *PAPERS)
    assert "Your reading list is empty" in await talk.ask("/saved")
    assert "Saved: First & best" in await talk.ask("/save 2610.00001")
    talk.clock.advance(timedelta(minutes=1))
    await talk.ask("收藏 https://arxiv.org/abs/2610.00002")
    assert talk.reply.visibility is Visibility.PERSON
    assert "Saved before" in await talk.ask("/save 2610.00002")
    said = await talk.ask("/saved")
    assert said.index("Second") < said.index("First & best")
    await talk.ask("/unsave 2610.00002")
    assert "not on your reading list" in await talk.ask("/unsave 2610.00002")
    assert "1 paper" in await talk.ask("我的收藏")
    talk.person = "terminal:other"
    assert "Your reading list is empty" in await talk.ask("/saved")


@pytest.mark.parametrize(
    ("form", "name", "begins"),
    [
        ("bibtex", "paperround-saved.bib", "@misc{vorga2026first,"),
        ("RIS", "paperround-saved.ris", "TY  - UNPB\r\n"),
        ("markdown", "paperround-saved.md", "- [First \\& best]"),
    ],
)
async def test_an_export_is_a_file_of_the_reading_list(talk, form, name, begins):
    await talk.announce(FRIDAY, *PAPERS)
    assert "nothing to export" in await talk.ask(f"/export {form}")
    await talk.ask("/save 2610.00001")
    said = await talk.ask(f"/export {form}")
    [file] = talk.reply.files
    assert file.name == name
    assert file.content.startswith(begins)
    assert name in said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/export docx", "“docx” can't be exported. There are bibtex, ris and md"),
        ("/export", "In which form? There are bibtex, ris and md"),
        ("/export digest", "In which form?"),
        ("/export bibtex ris", "In which form?"),
        ("/export ris digest", "no digest with papers yet"),
    ],
)
async def test_an_export_that_can_not_be_says_what_there_is(talk, line, answer):
    assert answer in await talk.ask(line)
    assert talk.reply.failed
    assert talk.reply.files == ()


@pytest.mark.parametrize("line", ["/export bibtex digest", "导出 速递 bibtex"])
async def test_an_export_of_the_digest_has_all_papers_that_stand_in_it(talk, line):
    await talk.announce(FRIDAY, *PAPERS)
    await talk.ask("/settings length 1")
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    items = tuple(
        DigestItem(paper.id, 1, AnnounceType.NEW, 0, shown=at == 0)
        for at, paper in enumerate(PAPERS)
    )
    counts = Counts(announced=2, matched=2, shown=1, left_over=1)
    digest = Digest(
        chat.key, "s", FRIDAY, (FRIDAY,), counts, RunState.FRESH, "announced", ("cs.CV",), 0, items
    )
    await talk.db.write(digests.record, digest, talk.clock.now())
    said = await talk.ask(line)
    [file] = talk.reply.files
    assert file.name == "paperround-digest-2026-10-16.bib"
    assert file.content.count("@misc{") == 2
    assert file.name in said


async def test_votes_are_kept_per_person_and_the_last_one_counts(talk):
    await talk.announce(FRIDAY, *PAPERS)
    assert "Noted 👍" in await talk.ask("👍🏽 2610.00001")
    assert "Noted 👎" in await talk.ask("/down 2610.00001")
    talk.person = "terminal:other"
    await talk.ask("like 2610.00001")
    assert await talk.db.read(shelf.votes, "2610.00001") == (1, 1)


async def test_words_that_pop_up_and_vanish_are_personal_and_short(talk):
    await talk.announce(FRIDAY, study("2610.00003", title="A title without an end " * 20))
    for line in ("/save 2610.00003", "/save 2610.00003", "/up 2610.00003", "/down 2610.00003"):
        await talk.ask(line)
        assert talk.reply.visibility is Visibility.PERSON
        assert talk.reply.files == ()
        [text] = [block for block in talk.reply.document.blocks if isinstance(block, Text)]
        assert sum(len(span.text) for span in text.text) < 110
    assert "A title without an end A title without an end A" in await talk.ask("/saved")


async def test_a_toggle_turns_in_place_and_can_be_turned_back(talk):
    before = await talk.ask("/settings")
    for label in ("中文", "没有论文也通知", "English", "Silent when empty"):
        assert all(button.turns for button in talk.all_buttons)
        assert not talk.reply.failed
        await talk.ask(talk.buttons[label])
    assert await talk.ask("/settings") == before


async def test_settings_are_shown_and_changed_in_both_languages(talk):
    said = await talk.ask("/settings")
    assert "Asia/Shanghai" in said
    for line in (
        "/settings length 12",
        "/settings notify-empty on",
        "/settings window 7:00 - 21:30",
        "设置 时区 柏林",
        "设置 语言 中文",
    ):
        await talk.ask(line)
        assert not talk.reply.failed
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    assert (chat.lang, chat.tz, chat.length, chat.notify_empty) == (
        Lang.ZH, "Europe/Berlin", 12, True,
    )  # fmt: skip
    assert f"{chat.window_opens:%H:%M}-{chat.window_closes:%H:%M}" == "07:00-21:30"
    assert "说明原因" in await talk.ask("设置")


async def test_a_new_zone_takes_along_the_subscriptions_that_had_the_old_one(talk):
    await talk.ask("/subscribe cs.CV at 08:30")
    await talk.ask("/subscribe cs.LG at 08:30 tz Tokyo")
    said = await talk.ask("/settings tz Berlin")
    assert "1 subscription keeps its hour, now by Europe/Berlin." in said
    assert "1 subscription has a zone of its own" in said
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    first, second = await talk.db.read(subscriptions.of_chat, chat.key)
    assert (first.when.tz, second.when.tz) == ("Europe/Berlin", "Asia/Tokyo")
    assert first.next_due.hour == 6


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("/settings colour red", "no setting “colour”"),
        ("/settings tz", "What should “tz” be?"),
        ("/settings lang fr", "no language here"),
        ("/settings tz CST", "could be several zones: Asia/Shanghai, America/Chicago"),
        ("/settings length 0", "1 to 50"),
        ("/settings notify-empty perhaps", "neither on nor off"),
        ("/settings window 22:00-08:30", "opens before it closes"),
        ("/settings window all day", "no"),
    ],
)
async def test_a_wrong_setting_changes_nothing(talk, line, wrong):
    assert wrong in await talk.ask(line)
    assert talk.reply.failed
    assert await talk.db.read(chats.find, Platform.TERMINAL, talk.address) is None


@pytest.mark.parametrize(
    ("lang", "line", "off", "on"),
    [
        (Lang.EN, "/settings thread off", "one message alone", "in the digest's thread"),
        (Lang.ZH, "设置 消息列 关", "每期只发一条消息", "发在速递的消息列里"),
    ],
)
async def test_where_there_are_threads_a_digest_can_do_without(tmp_path, lang, line, off, on):
    talk = Talk(tmp_path, lang, access=AccessRules(open=True))

    async def say_there(text: str) -> str:
        request = Request(Platform.SLACK, "C0123", "slack:U7", text)
        talk.last = await talk.commands.dispatch(request)
        return render(talk.reply.document, columns=200, colour=False)

    assert on in await say_there("/settings")
    assert off in await say_there(line)
    assert (await talk.db.read(chats.find, Platform.SLACK, "C0123")).thread is False
    turn_on = next(command for command in talk.buttons.values() if "thread" in command)
    for wrong in ("/settings thread perhaps", "/settings colour red"):
        assert ("消息列 关" if lang is Lang.ZH else "/settings thread off") in await say_there(
            wrong
        )
        assert talk.reply.failed
    assert on in await say_there(turn_on)
    talk.close()


async def test_where_there_are_no_threads_none_is_spoken_of(talk):
    assert "hread" not in await talk.ask("/settings")
    assert "no setting “thread”" in await talk.ask("/settings thread off")


async def test_forgetting_hands_out_what_is_kept_and_erases_after_a_second_word(talk):
    await talk.announce(FRIDAY, *PAPERS)
    for line in ("/subscribe cs.CV", "/save 2610.00001", "/up 2610.00002"):
        await talk.ask(line)
    await talk.ask("/forget")
    kept = json.loads(talk.reply.files[0].content)
    assert kept["saved"] == ["2610.00001"]
    assert kept["votes"] == [{"paper": "2610.00002", "value": 1}]
    assert kept["subscriptions"][0]["topic"] == "cs.CV"
    assert await talk.db.read(shelf.saved, talk.person) == ["2610.00001"]
    assert "Erased" in await talk.ask(talk.buttons["Erase all of it"])
    assert await talk.db.read(shelf.saved, talk.person) == []
    assert await talk.db.read(shelf.votes_of, talk.person) == []
    assert await talk.db.read(chats.find, Platform.TERMINAL, talk.address) is None


async def test_who_may_not_manage_the_chat_forgets_only_what_is_their_own(talk):
    await talk.announce(FRIDAY, *PAPERS)
    await talk.ask("/subscribe cs.CV")
    talk.may_manage, talk.person = False, "terminal:other"
    await talk.ask("/save 2610.00001")
    await talk.ask("清除")
    assert "subscriptions" not in json.loads(talk.reply.files[0].content)
    await talk.ask("清除 确认")
    assert await talk.db.read(shelf.saved, talk.person) == []
    assert await talk.db.read(chats.find, Platform.TERMINAL, talk.address) is not None


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
async def test_every_command_has_help_and_a_word_in_both_languages(tmp_path, lang, command):
    talk = Talk(tmp_path, lang)
    overview = await talk.ask("/help")
    one = await talk.ask(f"帮助 {command.chinese}")
    same = await talk.ask(f"/help {command.name}")
    talk.close()
    word = command.chinese if lang is Lang.ZH else f"/{command.name}"
    listed = [line.split(maxsplit=1) for line in overview.splitlines() if line]
    assert [word, say(f"help.{command.name}", lang)] in listed
    assert one == same
    assert say(f"usage.{command.name}", lang).splitlines()[-1] in one


@pytest.mark.parametrize("lang", list(Lang))
async def test_what_only_buttons_say_is_not_listed_but_explained(tmp_path, lang):
    talk = Talk(tmp_path, lang)
    overview = await talk.ask("/help")
    for name in (Name.CHOOSE, Name.OFFER):
        assert say(f"help.{name}", lang) not in overview
        assert f"/{name}" not in completions()
        assert say(f"help.{name}", lang) in await talk.ask(f"/help {name}")
    talk.close()


async def test_what_is_for_admins_only_admins_are_helped_with(tmp_path):
    talk = Talk(tmp_path, access=AccessRules(open=True, admins=frozenset({"5"})))
    listed, others = await talk.tell("/help", user=5), await talk.tell("/help", user=6)
    for command in (command for command in TABLE if command.admins):
        assert f"/{command.name}" not in others
        assert (f"/{command.name}" in listed) == (command.name is not Name.CLAIM)
        assert f"/{command.name}" in await talk.tell(f"/help {command.name}", user=5)
        said = await talk.tell(f"/help {command.name}", user=6)
        assert f"There is no command “{command.name}”" in said
    talk.close()


def test_every_name_has_one_command_one_handler_and_is_completed():
    assert [command.name for command in TABLE] == list(Name) == list(HANDLERS)
    words = [w for c in TABLE for w in (c.name, c.chinese, *c.aliases)]
    assert len(words) == len(set(words)) == len(by_word())
    assert {"/subscribe", "订阅"} <= set(completions())


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("command", TABLE, ids=lambda command: command.name)
def test_the_lines_that_help_shows_name_their_command(lang, command):
    usage = say(f"usage.{command.name}", lang).splitlines()
    shown = [line for line in usage if line.startswith(("/", command.chinese))]
    assert shown
    assert {read_line(line).command for line in shown} == {command}


@pytest.mark.parametrize("lang", list(Lang))
async def test_every_example_of_the_help_page_works(tmp_path, lang):
    talk = Talk(tmp_path, lang)
    for line in say("help_page.example_lines", lang).splitlines():
        await talk.ask(line)
        assert not talk.reply.failed, line
    talk.close()


async def test_an_unknown_command_offers_the_nearest(talk):
    assert "Did you mean /subscribe?" in await talk.ask("/subscrib cs.CV")
    assert "/help lists all" in await talk.ask("/zzzzzzzz")
    assert talk.reply.failed


async def test_what_is_no_command_gets_a_short_help(talk):
    for line in ("", "good morning", "状态空间模型有哪些", "?!"):
        assert "That is no command" in await talk.ask(line)


async def test_topics_are_listed_and_found_in_both_languages(talk):
    assert "Multimodal learning (multimodal)" in await talk.ask("/topics")
    assert "continual-learning" in await talk.ask("主题 终身学习")
    assert "No ready-made topic has “zyzzyva”" in await talk.ask("/topics zyzzyva")


@pytest.mark.parametrize("lang", list(Lang))
async def test_a_welcome_has_three_lines_and_says_how_to_begin(tmp_path, lang):
    talk = Talk(tmp_path, lang)
    said = await talk.ask("/start")
    talk.close()
    assert ("订阅" if lang is Lang.ZH else "/subscribe multimodal") in said


WORDS = st.sampled_from(
    [w for c in TABLE for w in (f"/{c.name}", c.chinese, c.name)]
    + ["at 8:30", "每周一", "tz", "max 5", "#1", "7d", "2610.00001", '"', "(", "AND", "NOT", "-"]
)
LINES = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=6).map(" ".join),
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(LINES, min_size=1, max_size=3))
async def test_any_text_is_answered_by_something_that_renders(talk, lines):
    for line in lines:
        await talk.ask(line)
        assert talk.reply.document.blocks
        assert render(talk.reply.document, columns=40).strip()


@settings(max_examples=300)
@given(st.text())
def test_any_line_is_read_or_refused_as_a_mistake(text):
    with suppress(UserError):
        assert isinstance(read_line(text).argument, str)
