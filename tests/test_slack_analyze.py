"""/analyze on Slack from end to end: progress in place, the thread with its file, questions."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from analysis_stage import IDENT, PAPER, Held, Library, library
from analyzing import settled
from arxiv_server import Fault
from slack_channels import Channel
from slack_messages import Message
from slack_talk import Talk, talking
from telegram_stage import TUESDAY

MOST = 1_200
BY_HTTP = pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])


@pytest.fixture
async def shelves(tmp_path: Path) -> AsyncIterator[Library]:
    async with library(tmp_path) as made:
        yield made


@pytest.fixture
async def talk(tmp_path: Path, shelves: Library) -> AsyncIterator[Talk]:
    async with talking(tmp_path, reader=shelves.reader) as made:
        made.stage.source.announce(TUESDAY, PAPER)
        yield made


async def analyzed(talk: Talk, channel: Channel) -> list[Message]:
    """Wait for what was ordered, deliver it; what was posted."""
    await settled(talk.stage.app.db)
    await talk.quiet()
    channel.unread()
    talk.rest()
    await talk.stage.deliver()
    return channel.unread()


async def test_the_channel_gets_one_short_message_and_its_thread_the_rest(talk: Talk) -> None:
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    [begun] = await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *rest = await analyzed(talk, lab)
    assert "is read" in begun.text
    assert begun.edits
    assert (brief.thread, len(brief.text) <= MOST) == (None, True)
    assert "4.1 cm" in brief.text
    assert "left out" in brief.text  # the hidden instruction
    assert {m.thread for m in rest} == {brief.ts}
    [file] = [file for m in rest for file in m.files]
    assert file.name == f"{IDENT}v2-analysis.en.md"
    assert b"learning rate of 0.001" in file.content
    told = " ".join([file.content.decode(), brief.text, *(m.text for m in rest)])
    assert "POSITIVE REVIEW" not in told


async def test_a_mention_in_its_thread_is_a_question_about_it(talk: Talk) -> None:
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *_ = await analyzed(talk, lab)
    answer = await talk.asks(ada, "what learning rate is it trained with?", lab, thread=brief)
    assert answer.thread == brief.ts
    assert "0.001" in answer.text
    assert "2 Method" in answer.text


@pytest.mark.parametrize(
    "said",
    [
        "ask what learning rate is it trained with?",
        "More on training: what learning rate is it trained with?",
        "Search rate or learning rate: what is it trained with?",
    ],
)
async def test_a_mention_that_begins_with_a_commands_word_may_be_a_question(
    talk: Talk, said: str
) -> None:
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *_ = await analyzed(talk, lab)
    answer = await talk.asks(ada, said, lab, thread=brief)
    assert "0.001" in answer.text
    assert "looked up in the full text (HTML)" in answer.text


async def test_a_mention_beneath_it_may_ask_for_another_language(talk: Talk) -> None:
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *_ = await analyzed(talk, lab)
    begun = await talk.asks(ada, "analyze zh", lab, thread=brief)
    assert IDENT in begun.text
    again, *_ = await analyzed(talk, lab)
    assert "一句话核心" in again.text


async def test_directly_the_thread_takes_plain_words(talk: Talk) -> None:
    ada = talk.user()
    await talk.asks(ada, f"analyze {IDENT}")
    brief, *_ = await analyzed(talk, ada.dm)
    answer = await talk.asks(ada, "What learning rate is it trained with?", thread=brief)
    assert "0.001" in answer.text


async def test_a_channel_without_the_app_has_it_sent_directly(talk: Talk) -> None:
    ada = talk.user()
    lab = talk.server.channel("elsewhere", [ada], bot=False)
    [begun] = await talk.commands(ada, f"/analyze {IDENT}", lab)
    assert begun.ephemeral
    assert "comes to you directly" in begun.text
    brief, *_ = await analyzed(talk, ada.dm)
    assert "In one sentence" in brief.text


async def test_what_was_made_comes_at_once_in_another_channel(talk: Talk, shelves: Library) -> None:
    ada = talk.user()
    lab, other = talk.server.channel("lab", [ada]), talk.server.channel("other", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    await analyzed(talk, lab)
    assert await talk.commands(ada, f"/analyze {IDENT}", other) == []
    brief, *_ = await analyzed(talk, other)
    assert "In one sentence" in brief.text
    assert len(shelves.server.requests("html")) == 1


async def test_buttons_ask_cite_and_make_it_anew(talk: Talk, shelves: Library) -> None:
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *_ = await analyzed(talk, lab)
    [entry] = await talk.clicks(ada, brief, "BibTeX")
    assert "@misc{" in entry.text
    assert entry.ephemeral
    [asked] = await talk.clicks(ada, brief, "Ask")
    assert f"/ask {IDENT}" in asked.text
    await talk.clicks(ada, brief, "Regenerate")
    again, *_ = await analyzed(talk, lab)
    assert "In one sentence" in again.text


async def test_where_arxiv_has_neither_page_nor_pdf_the_abstract_is_read_and_said_so(
    talk: Talk, shelves: Library
) -> None:
    shelves.server.texts.clear()
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *_ = await analyzed(talk, lab)
    assert "only the abstract was read" in brief.text


async def test_an_arxiv_that_is_down_is_said_and_not_remembered(
    talk: Talk, shelves: Library
) -> None:
    shelves.server.fail(Fault.FORBIDDEN, times=99)
    ada = talk.user()
    lab = talk.server.channel("lab", [ada])
    await talk.commands(ada, f"/analyze {IDENT}", lab)
    brief, *_ = await analyzed(talk, lab)
    assert "only the abstract was read" in brief.text


@pytest.mark.parametrize("bot", [True, False], ids=["a member", "no member"])
async def test_a_slow_answer_follows(tmp_path: Path, shelves: Library, *, bot: bool) -> None:
    reader = Held(shelves.reader)
    async with talking(tmp_path, reader=reader) as talk:
        talk.stage.source.announce(TUESDAY, PAPER)
        ada = talk.user()
        lab = talk.server.channel("lab", [ada], bot=bot)
        talk.excused = set() if bot else {"not_in_channel"}
        [begun] = await talk.commands(ada, f"/ask {IDENT} what learning rate is used?", lab)
        assert "Looking for the answer" in begun.text
        [other] = await talk.commands(ada, "/saved", lab)
        assert "reading list" in other.text
        reader.go.set()
        told = await lab.edited(begun) if bot else await lab.next()
        assert "0.001" in told.text
