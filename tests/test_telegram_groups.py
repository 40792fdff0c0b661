"""Groups on Telegram: who may change them, what is heard there, and where answers go."""

from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from digest_stage import study
from telegram_chats import Chat
from telegram_stage import BOSS, Stage, telegram_stage
from telegram_users import User

WEDNESDAY = date(2026, 2, 4)
MULTIMODAL = [study(n, "multimodal large language models") for n in range(1, 15)]
TOPICS = "SELECT topic FROM subscription ORDER BY topic"


@asynccontextmanager
async def faultless(folder: Path, **settings: str):
    """A stage at whose end nothing was refused by Telegram."""
    async with telegram_stage(folder, settings=settings) as stage:
        yield stage
        await stage.server.quiet()
        assert [str(call) for call in stage.server.refused] == []
        assert stage.server.violations == []


@pytest.fixture
async def stage(tmp_path):
    async with faultless(tmp_path) as stage:
        yield stage


async def lab_of(stage: Stage, *members: User, admins: tuple[User, ...] = (), **about) -> Chat:
    """A group that the boss has added the bot to."""
    boss = await stage.boss()
    lab = stage.server.group("Lab", members, (boss, *admins), bot="left", **about)
    await lab.add_bot(boss)
    await lab.next()
    return lab


def later(stage: Stage) -> None:
    """A minute on, so that nothing waits for Telegram's pace."""
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))


async def topics(stage: Stage) -> list[str]:
    return [row["topic"] for row in await stage.query(TOPICS)]


async def silence(stage: Stage, *chats: Chat) -> None:
    """Nothing comes in any of these."""
    await stage.server.quiet()
    assert [chat.unread() for chat in chats] == [[] for _ in chats]


async def test_an_admin_subscribes_a_group_and_is_answered_beside_the_command(stage):
    cleo = stage.server.user("Cleo")
    lab = await lab_of(stage, admins=(cleo,))
    asked = await cleo.says("/subscribe multimodal at 08:30", lab)
    answer = await lab.next()
    assert "Subscribed: Multimodal learning" in answer.text
    assert answer.reply_to == asked.id
    assert await topics(stage) == ["multimodal"]


async def test_a_member_reads_a_group_but_does_not_change_it(stage):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    await stage.server.users[BOSS].asks("/subscribe multimodal", lab)
    for line in ("/subscribe llm", "/unsubscribe 1", "/pause 7d", "/resume", "/settings lang zh"):
        asked = await ada.says(line, lab)
        answer = await lab.next()
        assert "Only this chat's admins" in answer.text
        assert answer.reply_to == asked.id
        later(stage)
    listed = await ada.asks("/subscriptions", lab)
    assert "1. Multimodal learning" in listed.text
    assert listed.labels == ["Send 1 now"]
    assert await topics(stage) == ["multimodal"]


async def test_members_may_subscribe_where_the_settings_let_them(tmp_path):
    async with faultless(tmp_path, TELEGRAM_GROUP_ADMINS_ONLY="false") as stage:
        ada = stage.server.user("Ada")
        lab = await lab_of(stage, ada)
        answer = await ada.asks("/subscribe multimodal", lab)
        assert "Subscribed: Multimodal learning" in answer.text
        undone = await ada.taps(answer, "Undo")
        assert not undone.alert
        assert await topics(stage) == []


async def test_an_admin_who_is_anonymous_manages_as_the_group(stage):
    cleo = stage.server.user("Cleo")
    lab = await lab_of(stage)
    await lab.set_admin(cleo, anonymous=True)
    answer = await cleo.asks("/subscribe multimodal", lab)
    assert "Subscribed: Multimodal learning" in answer.text
    later(stage)
    asked = await cleo.asks("/subscribe", lab)
    answer = await cleo.asks("diffusion", lab, reply_to=asked)
    assert "When should it come?" in answer.text
    tap = await cleo.taps(answer, "As soon as announced")
    assert not tap.alert


async def test_a_group_gets_its_morning_in_two_messages_of_which_one_makes_a_sound(stage):
    lab = await lab_of(stage)
    await stage.server.users[BOSS].asks("/subscribe multimodal max 30", lab)
    about = "multimodal large language models that see, hear, read and answer at great length"
    papers = [study(n, about, abstract=f"{about} {n}. " * 12) for n in range(1, 41)]
    assert await stage.morning(WEDNESDAY, *papers) == 1
    sent = lab.unread()
    assert [message.silent for message in sent] == [False, True]
    assert [message.reply_to for message in sent] == [None, None]
    assert all(message.preview == {"is_disabled": True} for message in sent)
    assert "announced 40 → matched 40 → already sent 0 · shown 30 · left over 10" in sent[0].text
    labels = [label for message in sent for label in message.labels]
    assert labels == [*map(str, range(1, 31)), "More"]


@pytest.mark.parametrize("line", ["/roll 2d6", "/subscribe@other_bot llm", "good morning"])
async def test_what_is_not_meant_for_us_is_left_to_others(stage, line):
    stage.server.privacy = False
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    await ada.says(line, lab)
    await ada.says(line, lab, reply_to=lab.last)
    await silence(stage, lab)


async def test_an_unknown_command_that_is_sent_to_us_by_name_is_answered(stage):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    answer = await ada.asks("/subscrbe@paper_round_bot llm", lab)
    assert "/subscribe" in answer.text


async def test_what_only_admins_of_paperround_know_is_left_to_other_bots_in_a_group(stage):
    cleo, boss = stage.server.user("Cleo"), stage.server.user("Imena Vorga", number=BOSS)
    lab = await lab_of(stage, admins=(cleo,))
    await cleo.says("/access", lab)
    await silence(stage, lab)
    boss.private.unread()
    answer = await stage.server.users[BOSS].asks("/access", lab)
    assert answer.text == "Sent to you privately."


@pytest.mark.parametrize(
    "line",
    [
        "@paper_round_bot 订阅 多模态",
        "@Paper_Round_Bot，订阅多模态",
        "@paper_round_bot订阅 多模态",
        "@paper_round_bot: subscribe multimodal",
        "／subscribe multimodal",
    ],
)
async def test_a_mention_is_a_command_where_the_bot_hears_everything(stage, line):
    stage.server.privacy = False
    lab = await lab_of(stage)
    asked = await stage.server.users[BOSS].says(line, lab)
    answer = await lab.next()
    assert answer.reply_to == asked.id
    assert await topics(stage) == ["multimodal"]


async def test_a_question_in_a_group_is_answered_by_who_was_asked_and_nobody_else(stage):
    ada, cleo = stage.server.user("Ada"), stage.server.user("Cleo")
    lab = await lab_of(stage, ada, admins=(cleo,))
    question = await cleo.asks("/subscribe", lab)
    assert "Which topic?" in question.text
    await ada.says("diffusion", lab, reply_to=question)
    await stage.server.users[BOSS].says("diffusion", lab, reply_to=question)
    await cleo.says("what do you all think?", lab)
    await silence(stage, lab)
    hour = await cleo.asks("multimodal", lab, reply_to=question)
    assert "When should it come?" in hour.text
    language = await cleo.asks("7:15 weekdays", lab, reply_to=hour)
    later(stage)
    await cleo.taps(language, "中文")
    offer = await lab.edited(language)
    await cleo.taps(offer, "Subscribe")
    await lab.edited(offer, 2)
    assert await topics(stage) == ["multimodal"]


async def test_a_reply_to_a_message_of_ours_that_is_no_answer_stays_unanswered(stage):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    digest = await ada.asks("/topics", lab)
    for line in ("interesting!", "subscribe multimodal", "订阅 多模态", "2602.00001", "更多"):
        await ada.says(line, lab, reply_to=digest)
    await silence(stage, lab, ada.private)
    answer = await ada.asks("/help", lab, reply_to=digest)
    assert "/subscribe" in answer.text


async def test_what_is_somebodys_own_goes_to_their_private_chat(stage):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    await ada.starts()
    await stage.morning(WEDNESDAY, *MULTIMODAL)
    ada.private.unread()
    for line in ("/save 2602.00001", "/saved", "/export bibtex"):
        asked = await ada.says(line, lab)
        answer = await lab.next()
        assert answer.text == "Sent to you privately."
        assert answer.reply_to == asked.id
        later(stage)
    saved, listed, exported, file = ada.private.unread()
    assert "Saved" in saved.text
    assert "1 paper" in listed.text
    assert "1 paper" in exported.text
    assert "Invented Study 1" in file.document.content.decode()


async def test_who_never_opened_the_bot_is_asked_to_beside_the_command(tmp_path):
    async with telegram_stage(tmp_path) as stage:
        ada = stage.server.user("小兰", "zh-hans")
        lab = await lab_of(stage, ada)
        asked = await ada.says("/saved", lab)
        answer = await lab.next()
        assert answer.reply_to == asked.id
        assert answer.links == ["https://t.me/paper_round_bot?start=hello"]
        assert [call.status for call in stage.server.refused] == [403]


async def test_a_mistake_is_told_beside_the_message(stage):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    await ada.starts()
    await stage.server.quiet()
    ada.private.unread()
    asked = await ada.says("/paper nonsense", lab)
    answer = await lab.next()
    assert "/paper 2602.06043" in answer.text
    assert answer.reply_to == asked.id
    await silence(stage, ada.private)


async def test_a_button_that_manages_is_refused_to_a_member_with_a_word_for_them_alone(stage):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, ada)
    boss = stage.server.users[BOSS]
    answer = await boss.asks("/subscribe multimodal", lab)
    tap = await ada.taps(answer, "Undo")
    assert tap.alert
    assert "Only this chat's admins" in tap.text
    assert answer.edits == 0
    assert await topics(stage) == ["multimodal"]
    tap = await boss.taps(answer, "Undo")
    assert not tap.alert
    await lab.edited(answer)
    assert await topics(stage) == []


async def test_a_chinese_group_speaks_chinese(stage):
    ada, cleo = stage.server.user("小兰", "zh-hans"), stage.server.user("老周", "zh-hans")
    lab = await lab_of(stage, ada, admins=(cleo,))
    answer = await cleo.asks("/subscribe 多模态 每个工作日 8:30", lab)
    assert "已订阅：多模态" in answer.text
    later(stage)
    refused = await ada.asks("/unsubscribe 1", lab)
    assert refused.text == "只有本会话的管理员可以修改订阅和设置。"
    assert await stage.morning(WEDNESDAY, *MULTIMODAL) == 1
    digest = lab.unread()[-1]
    assert "2026年2月4日" in digest.text
    assert digest.labels[-1] == "更多"
