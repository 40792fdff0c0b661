"""/analyze on Telegram from end to end: progress, the message, taps, files, questions."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from analysis_stage import IDENT, PAPER, Held, Library, library
from analyzing import settled
from arxiv_server import Fault
from telegram_server import TelegramServer
from telegram_stage import TUESDAY, Stage, telegram_stage

MOST = 1_200


@pytest.fixture
async def shelves(tmp_path: Path) -> AsyncIterator[Library]:
    async with library(tmp_path) as made:
        yield made


@pytest.fixture
async def stage(tmp_path: Path, shelves: Library) -> AsyncIterator[Stage]:
    async with telegram_stage(tmp_path, reader=shelves.reader) as made:
        made.source.announce(TUESDAY, PAPER)
        yield made
        assert not made.server.violations


async def analyzed(stage: Stage) -> None:
    """Wait for what was ordered, and deliver it."""
    await settled(stage.app.db)
    rest(stage)
    await stage.deliver()
    rest(stage)


async def group_with_bot(stage: Stage):
    boss = await stage.boss()
    group = stage.server.group("River lab", (), (boss,), bot="left")
    await group.add_bot(boss)
    await group.next()
    rest(stage)
    return boss, group


def rest(stage: Stage) -> None:
    """Half a minute on, so that nothing waits for Telegram's pace."""
    stage.clock.set(stage.clock.now() + timedelta(seconds=30))


async def test_in_private_it_answers_at_once_then_posts_the_breakdown_and_the_page(
    stage: Stage,
) -> None:
    boss = await stage.boss()
    begun = await boss.asks(f"/analyze https://arxiv.org/abs/{IDENT}")
    assert begun.text.startswith(f"Reading {IDENT}")
    await analyzed(stage)
    await boss.private.edited(begun)
    assert "is read" in begun.text
    brief, page = boss.private.unread()[-2:]
    assert "GaugeNet" in brief.text
    assert "4.1 cm" in brief.text
    assert "full text (HTML), 4 of 4 sections" in brief.text
    assert "left out" in brief.text  # the hidden instruction
    assert "POSITIVE REVIEW" not in brief.text
    assert page.document.name == f"{IDENT}v2-analysis.en.html"
    assert b"POSITIVE REVIEW" not in page.document.content
    assert b"learning rate of 0.001" in page.document.content


async def test_in_a_group_it_is_one_short_message_and_the_rest_is_a_tap_away(stage: Stage) -> None:
    boss, group = await group_with_bot(stage)
    await boss.asks(f"/analyze {IDENT}", group)
    await analyzed(stage)
    (brief,) = [m for m in group.unread() if "In one sentence" in m.text]
    assert len(brief.text) <= MOST
    tap = await boss.taps(brief, "Experiments")
    assert "sent" in tap.text.casefold()
    chapter = await boss.private.next()
    assert "8.3" in chapter.text
    await boss.taps(brief, "File")
    files = [m for m in await boss.private.wait_for(3) if m.document]
    assert sorted(m.document.name.rpartition(".")[2] for m in files) == ["html", "md"]
    assert group.unread() == []


async def test_a_reply_to_the_analysis_is_a_question_about_it(stage: Stage) -> None:
    boss, group = await group_with_bot(stage)
    await boss.asks(f"/analyze {IDENT}", group)
    await analyzed(stage)
    brief = group.messages[-1]
    group.unread()
    await boss.says("What learning rate is it trained with?", group, reply_to=brief)
    answer = await group.next()
    assert "0.001" in answer.text
    assert "2 Method" in answer.text
    await boss.says("thanks!", group, reply_to=brief)
    asked = await boss.asks(f"/ask {IDENT} who won the football game in Madrid?", group)
    assert "does not say" in asked.text


async def test_the_command_as_a_reply_takes_the_link_of_the_message(stage: Stage) -> None:
    boss, group = await group_with_bot(stage)
    linked = await boss.says(f"Look: https://arxiv.org/abs/{IDENT}", group)
    begun = await boss.asks("/analyze", group, reply_to=linked)
    assert IDENT in begun.text


async def test_the_command_as_a_reply_takes_the_version_of_the_link(stage: Stage) -> None:
    boss, group = await group_with_bot(stage)
    linked = await boss.says(f"Look: https://arxiv.org/abs/{IDENT}v1", group)
    await boss.asks("/analyze", group, reply_to=linked)
    await settled(stage.app.db)
    [part] = await stage.query("SELECT about FROM part")
    assert part["about"] == f"{IDENT}v1"


async def test_who_only_reads_a_channel_has_nothing_posted_to_it(stage: Stage) -> None:
    boss = await stage.boss()
    papers = stage.server.channel("Papers", "papers", admins=(boss,))
    ada = stage.server.user("Ada")
    await papers.set_admin(ada, admin=False)
    await boss.asks("/subscribe multimodal to @papers")
    rest(stage)
    refused = "Only the admins of that chat"
    assert refused in (await ada.asks(f"/analyze {IDENT} to @papers")).text
    await boss.asks(f"/analyze {IDENT} to @papers")
    rest(stage)
    assert refused in (await ada.asks(f"/analyze {IDENT} cancel to @papers")).text
    await analyzed(stage)
    [brief] = [m for m in papers.messages if "In one sentence" in m.text]
    tap = await ada.taps(brief, "Regenerate")
    assert refused in tap.text
    await settled(stage.app.db)
    assert await stage.query("SELECT key FROM part WHERE state = 'pending'") == []


async def test_what_was_made_comes_at_once_in_another_chat(stage: Stage, shelves: Library) -> None:
    boss, group = await group_with_bot(stage)
    await boss.asks(f"/analyze {IDENT}", group)
    await analyzed(stage)
    boss.private.unread()
    await boss.says(f"精读 {IDENT} en")
    async with asyncio.timeout(5):
        while len(boss.private.unread()) < 1:
            await stage.deliver()
            await asyncio.sleep(0.05)
    assert len(shelves.server.requests("html")) == 1


async def test_a_cancelled_one_is_not_posted(stage: Stage, shelves: Library) -> None:
    shelves.server.fail(Fault.SILENT, on="html")
    boss = await stage.boss()
    begun = await boss.asks(f"/analyze {IDENT}")
    await boss.taps(begun, "Cancel")
    await settled(stage.app.db)
    await stage.deliver()
    assert "not analyzed" in boss.private.messages[-1].text


async def test_progress_on_another_chat_is_cancelled_there(stage: Stage, shelves: Library) -> None:
    shelves.server.fail(Fault.SILENT, on="html")
    boss, group = await group_with_bot(stage)
    boss.private.unread()
    begun = await boss.asks(f"/analyze {IDENT} to {group.id}")
    await boss.private.edited(begun)
    assert "fetching" in begun.text
    assert "River lab" in begun.text
    await boss.taps(begun, "Cancel")
    await settled(stage.app.db)
    assert "not analyzed" in boss.private.messages[-1].text


async def test_progress_of_a_tap_in_a_group_is_cancelled_there(
    stage: Stage, shelves: Library
) -> None:
    boss, group = await group_with_bot(stage)
    await boss.asks(f"/analyze {IDENT}", group)
    await analyzed(stage)
    (brief,) = [m for m in group.unread() if "In one sentence" in m.text]
    await stage.app.db.write(lambda tx: tx.conn.execute("DELETE FROM full_text"))
    shelves.server.fail(Fault.SILENT, on="html")
    boss.private.unread()
    await boss.taps(brief, "Regenerate")
    begun = await boss.private.next()
    rest(stage)
    await boss.private.edited(begun)
    assert "fetching" in begun.text
    await boss.taps(begun, "Cancel")
    await settled(stage.app.db)
    assert "not analyzed" in boss.private.messages[-1].text


async def test_a_restart_loses_no_analysis(tmp_path: Path, shelves: Library) -> None:
    async with TelegramServer() as telegram:
        shelves.server.fail(Fault.SILENT, on="html")
        async with telegram_stage(tmp_path, server=_kept(telegram), reader=shelves.reader) as made:
            made.source.announce(TUESDAY, PAPER)
            boss = await made.boss()
            begun = await boss.asks(f"/analyze {IDENT}")
            await made.app.analyses.close()
        assert "paused for a restart" in begun.text
        async with telegram_stage(tmp_path, server=_kept(telegram), reader=shelves.reader) as made:
            assert await made.app.analyses.resume() == 1
            await analyzed(made)
            assert any("In one sentence" in m.text for m in boss.private.sent)
            assert not made.server.violations


async def test_while_a_slow_answer_is_looked_for_other_commands_are_answered(
    tmp_path: Path, shelves: Library
) -> None:
    reader = Held(shelves.reader)
    async with telegram_stage(tmp_path, reader=reader) as stage:
        stage.source.announce(TUESDAY, PAPER)
        boss = await stage.boss()
        begun = await boss.asks(f"/ask {IDENT} what learning rate is it trained with?")
        assert "Looking for the answer" in begun.text
        assert (await boss.asks("/status")).text.startswith("Status")
        reader.go.set()
        await boss.private.edited(begun)
        assert "0.001" in begun.text
        assert not stage.server.violations


def _kept(server: TelegramServer):
    """The server, which stays open when the stage ends."""
    from contextlib import nullcontext  # noqa: PLC0415

    return nullcontext(server)
