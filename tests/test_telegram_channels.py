"""Channels and groups that are spoken of in a private chat: `/subscribe … to @papers`."""

from datetime import date, timedelta

import pytest
from digest_stage import study
from telegram_chats import Chat, Member
from telegram_faults import bad
from telegram_stage import BOSS, Stage, telegram_stage
from telegram_users import User

WEDNESDAY, THURSDAY = date(2026, 2, 4), date(2026, 2, 5)
MULTIMODAL = [study(n, "multimodal large language models") for n in range(1, 15)]
SUBSCRIBED = """
    SELECT c.address, s.topic FROM subscription s JOIN chat c ON c.key = s.chat
    ORDER BY c.address, s.topic
"""


@pytest.fixture
async def stage(tmp_path):
    """Telegram refuses nothing but what the test says (`refusals`)."""
    async with telegram_stage(tmp_path) as stage:
        yield stage
        await stage.server.quiet()
        assert refusals(stage) == []
        assert stage.server.violations == []


def refusals(stage: Stage) -> list[str]:
    """What Telegram refused until now; looked at once."""
    refused = [call.description for call in stage.server.refused]
    stage.server.log.clear()
    return refused


@pytest.fixture
async def boss(stage) -> User:
    return await stage.boss()


@pytest.fixture
def papers(stage, boss) -> Chat:
    """The boss's channel."""
    return stage.server.channel("Papers", "papers", admins=(boss,))


def later(stage: Stage) -> None:
    """A minute on, so that nothing waits for Telegram's pace."""
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))


class Muted(Member):
    """An admin that may not post."""

    def to_json(self, bot):
        return Member.to_json(self, bot) | {"can_post_messages": False}


async def subscribed(stage: Stage) -> list[tuple[str, str]]:
    return [(row["address"], row["topic"]) for row in await stage.query(SUBSCRIBED)]


@pytest.mark.parametrize(
    "line",
    [
        "/subscribe 多模态 at 08:30 to @papers",
        "/subscribe multimodal to @papers at 08:30",
        "/subscribe@paper_round_bot multimodal at 08:30 in @Papers",
        "订阅 多模态 8:30 到 @papers",
        "订阅多模态 8:30推送到@papers",
        "subscribe multimodal 8:30 to @papers",
    ],
)
async def test_an_admin_subscribes_a_channel_from_the_private_chat(stage, boss, papers, line):
    answer = await boss.asks(line)
    assert "For Papers" in answer.text
    assert "Subscribed: Multimodal learning" in answer.text
    assert "every day at 08:30" in answer.text
    assert all(button.data.endswith(f" to {papers.id}") for button in answer.buttons)
    assert await subscribed(stage) == [(str(papers.id), "multimodal")]
    assert papers.messages == []


async def test_a_channels_digest_is_at_most_two_messages_there_and_nothing_elsewhere(
    stage, boss, papers
):
    await boss.asks("/subscribe multimodal at 08:30 to @papers")
    about = "multimodal large language models that see, hear and read"
    papers_of_the_day = [study(n, about, abstract=f"{about} {n}. " * 12) for n in range(1, 31)]
    boss.private.unread()
    assert await stage.morning(WEDNESDAY, *papers_of_the_day) == 1
    sent = papers.unread()
    assert [message.silent for message in sent] in ([False], [False, True])
    assert sent[-1].labels[-1] == "More"
    assert boss.private.unread() == []


async def test_a_button_under_the_answer_stays_with_the_channel(stage, boss, papers):
    answer = await boss.asks("/subscribe multimodal at 08:30 to @papers")
    await boss.taps(answer, "All subscriptions")
    assert "1. Multimodal learning" in (await boss.private.edited(answer)).text
    await boss.taps(answer, "Delete 1")
    assert "Unsubscribed" in (await boss.private.edited(answer, 2)).text
    assert await subscribed(stage) == []


async def test_a_channel_is_managed_from_the_private_chat(stage, boss, papers):
    await boss.asks("/subscribe llm")
    await boss.asks("/subscribe multimodal to @papers")
    later(stage)
    listed = await boss.asks("/subscriptions to @papers")
    assert "Multimodal" in listed.text
    assert "Large language" not in listed.text
    assert "Paused" in (await boss.asks("/pause 7d to @papers")).text
    later(stage)
    assert await stage.morning(WEDNESDAY, *MULTIMODAL) == 1
    assert papers.messages == []
    await boss.asks("/resume to @papers")
    later(stage)
    assert "Unsubscribed" in (await boss.asks("/unsubscribe 1 to @papers")).text
    assert await subscribed(stage) == [(str(BOSS), "llm")]


async def test_a_private_channel_is_named_by_its_id(stage, boss):
    secret = stage.server.channel("Secret", admins=(boss,))
    answer = await boss.asks(f"/subscribe multimodal to {secret.id}")
    assert "For Secret" in answer.text
    assert await subscribed(stage) == [(str(secret.id), "multimodal")]


async def test_a_channel_is_subscribed_step_by_step_by_taps_and_by_text(stage, boss, papers):
    question = await boss.asks("/subscribe to @papers")
    assert "For Papers" in question.text
    assert "Which topic?" in question.text
    await boss.taps(question, "Multimodal learning")
    hour = await boss.private.edited(question)
    assert "When should it come?" in hour.text
    language = await boss.asks("7:15 weekdays")
    assert "For Papers" in language.text
    later(stage)
    offer = await boss.asks("中文")
    assert "Subscribe" in offer.labels
    assert await subscribed(stage) == []
    await boss.taps(offer, "Subscribe")
    await boss.private.edited(offer)
    assert await subscribed(stage) == [(str(papers.id), "multimodal")]
    [row] = await stage.query("SELECT lang, days FROM subscription")
    assert row["lang"] == "zh"


async def test_a_topic_for_a_channel_can_be_typed(stage, boss, papers):
    await boss.asks("/subscribe to @papers")
    hour = await boss.asks("continual learning")
    assert "For Papers" in hour.text
    await boss.taps(hour, "As soon as announced")
    later(stage)
    offer = await boss.private.edited(hour)
    await boss.taps(offer, "English")
    await boss.taps(await boss.private.edited(hour, 2), "Subscribe")
    await boss.private.edited(hour, 3)
    assert await subscribed(stage) == [(str(papers.id), "continual-learning")]


async def test_the_last_question_is_the_one_that_a_text_answers(stage, boss, papers):
    await boss.asks("/subscribe to @papers")
    await boss.asks("/subscribe")
    hour = await boss.asks("continual learning")
    assert "For Papers" not in hour.text
    assert hour.buttons[0].data == "=/choose continual learning at fresh"


@pytest.mark.parametrize("line", ["我的订阅", "subscriptions", "/subscriptions"])
async def test_a_command_between_is_about_the_private_chat(stage, boss, papers, line):
    await boss.asks("/subscribe multimodal to @papers")
    later(stage)
    await boss.asks("/subscribe to @papers")
    answer = await boss.asks(line)
    assert "no subscriptions" in answer.text
    assert "For Papers" not in answer.text


async def test_who_is_no_admin_of_the_channel_reads_its_subscriptions_and_changes_none(
    stage, boss, papers
):
    ada = stage.server.user("Ada")
    await papers.set_admin(ada, admin=False)
    await boss.asks("/subscribe multimodal to @papers")
    listed = await ada.asks("/subscriptions to @papers")
    assert "1. Multimodal learning" in listed.text
    assert listed.labels == ["Send 1 now"]
    for line in ("/subscribe llm to @papers", "/unsubscribe 1 to @papers", "/subscribe to @papers"):
        assert "Only this chat's admins" in (await ada.asks(line)).text
        later(stage)
    assert await subscribed(stage) == [(str(papers.id), "multimodal")]


async def test_who_is_not_even_in_the_channel_is_told_so(stage, boss, papers):
    cleo = stage.server.user("Cleo")
    other = stage.server.channel("Other", "others", admins=(cleo,))
    answer = await boss.asks("/subscriptions to @others")
    assert "You are no member of" in answer.text
    assert await subscribed(stage) == []
    assert other.messages == []


async def test_a_channel_without_the_bot_says_how_to_mend_it(stage, boss):
    stage.server.channel("Other", "others", admins=(boss,), bot="left")
    answer = await boss.asks("/subscribe multimodal to @others")
    assert "Add me to it, for a channel as an admin that may post." in answer.text
    assert refusals(stage) == ["Forbidden: bot is not a member of the channel chat"]


async def test_a_channel_where_the_bot_is_no_admin_says_how_to_mend_it(stage, boss):
    stage.server.channel("Other", "others", admins=(boss,), bot="member")
    answer = await boss.asks("/subscribe multimodal to @others")
    assert "or no admin there" in answer.text
    assert refusals(stage) == ["Bad Request: member list is inaccessible"]


async def test_a_channel_where_the_bot_may_not_post_says_how_to_mend_it(stage, boss, papers):
    papers.bot = Muted(None, "administrator")
    answer = await boss.asks("/subscribe multimodal to @papers")
    assert "the right to post messages" in answer.text
    assert await subscribed(stage) == []


@pytest.mark.parametrize("named", ["@nowhere", "-1009999999999", "-471100"])
async def test_a_chat_that_there_is_not_is_told(stage, boss, named):
    answer = await boss.asks(f"/subscriptions to {named}")
    assert "There is no chat" in answer.text
    assert refusals(stage) == ["Bad Request: chat not found"]


async def test_a_reader_who_taps_a_number_in_a_channel_gets_the_card_alone(stage, boss, papers):
    ada = stage.server.user("Ada")
    await papers.set_admin(ada, admin=False)
    await boss.asks("/subscribe multimodal to @papers")
    await stage.morning(WEDNESDAY, *MULTIMODAL)
    digest = papers.last
    tap = await ada.taps(digest, "3")
    assert tap.url == f"https://t.me/paper_round_bot?start=paper_2602-00003_{papers.id}"
    assert refusals(stage) == ["Forbidden: bot can't initiate conversation with a user"]
    await ada.starts(tap.url.partition("start=")[2])
    card = await ada.private.next()
    assert "Invented Study 3" in card.text
    assert card.labels == ["Save", "👍", "👎", "◀ 2", "4 ▶"]
    tap = await ada.taps(digest, "More")
    assert tap.text == "Sent to you privately."
    assert "9. Invented Study 9" in (await ada.private.next()).text
    assert len(papers.messages) == 1


async def test_a_button_that_manages_does_nothing_for_a_channels_reader(stage, boss, papers):
    ada = stage.server.user("Ada")
    await papers.set_admin(ada, admin=False)
    await boss.asks("/subscribe multimodal to @papers")
    await stage.morning(WEDNESDAY, *MULTIMODAL)
    tap = await ada.taps(papers.last, data="=/unsubscribe all")
    assert "Only this chat's admins" in tap.text
    assert tap.alert
    assert await subscribed(stage) == [(str(papers.id), "multimodal")]


@pytest.mark.parametrize(
    ("fate", "reason"),
    [
        ("chat not found", "chat not found"),
        ("CHANNEL_PRIVATE", "channel_private"),
        ("need administrator rights in the channel chat", "need administrator rights"),
    ],
)
async def test_a_channel_that_is_gone_parks_and_delays_nobody(stage, boss, papers, fate, reason):
    await boss.asks("/subscribe multimodal to @papers")
    await boss.asks("/subscribe multimodal")
    boss.private.unread()
    stage.server.fail(bad(fate), on="sendMessage", chat=papers, times=99)
    assert await stage.morning(WEDNESDAY, *MULTIMODAL) == 2
    assert boss.private.unread()
    assert papers.messages == []
    [row] = await stage.query("SELECT parked FROM chat WHERE address = ?", str(papers.id))
    assert reason in row["parked"].casefold()
    assert stage.server.calls["sendMessage"] < 10


async def test_who_puts_the_bot_into_a_channel_is_told_privately_which_one(stage, boss):
    papers = stage.server.channel("Papers", "papers", admins=(boss,), bot="left")
    await papers.add_bot(boss)
    welcome = await boss.private.next()
    assert "For Papers" in welcome.text
    assert all(button.data.endswith(f" to {papers.id}") for button in welcome.buttons)
    assert papers.messages == []


async def test_a_channel_that_put_the_bot_out_is_resumed_by_its_admin(stage, boss, papers):
    await boss.asks("/subscribe multimodal to @papers")
    await papers.remove_bot(boss)
    await stage.server.quiet()
    await stage.morning(WEDNESDAY, *MULTIMODAL[:3])
    boss.private.unread()
    await papers.add_bot(boss)
    welcome = await boss.private.next()
    assert "For Papers" in welcome.text
    assert welcome.labels == ["Resume", "Delete all"]
    await boss.taps(welcome, "Resume")
    assert "Digests come again." in (await boss.private.edited(welcome)).text
    assert await stage.morning(THURSDAY, *MULTIMODAL[3:6]) == 1
    assert "shown 6" in papers.messages[0].text


async def test_deleting_all_of_a_channel_leaves_the_admins_own(stage, boss, papers):
    await boss.asks("/subscribe llm")
    await boss.asks("/subscribe multimodal to @papers")
    await papers.remove_bot(boss)
    await stage.server.quiet()
    await papers.add_bot(boss)
    welcome = await boss.private.next()
    await boss.taps(welcome, "Delete all")
    await boss.private.edited(welcome)
    assert await subscribed(stage) == [(str(BOSS), "llm")]


async def test_a_channel_of_a_stranger_is_refused_and_the_admin_asked(stage, boss):
    ada = stage.server.user("Ada")
    theirs = stage.server.channel("Theirs", "theirs", admins=(ada,))
    answer = await ada.asks("/subscribe multimodal to @theirs")
    assert "Its admin has been asked" in answer.text
    notice = await boss.private.next()
    assert all(word in notice.text for word in ("Theirs", "Ada", str(theirs.id)))
    assert await subscribed(stage) == []
    await boss.taps(notice, "Approve")
    later(stage)
    assert "Subscribed" in (await ada.asks("/subscribe multimodal to @theirs")).text
    assert await subscribed(stage) == [(str(theirs.id), "multimodal")]


async def test_a_group_named_by_its_admin_is_let_in_for_an_admin_of_paperround(stage, boss):
    lab = stage.server.group("Lab", admins=(boss,))
    assert "For Lab" in (await boss.asks(f"/subscribe multimodal to {lab.id}")).text
    assert await subscribed(stage) == [(str(lab.id), "multimodal")]
    [room] = await stage.query("SELECT room, title FROM access")
    assert (room["room"], room["title"]) == (str(lab.id), "Lab")


async def test_a_member_subscribes_a_group_from_the_private_chat_where_the_settings_let_them(
    tmp_path,
):
    async with telegram_stage(tmp_path, settings={"TELEGRAM_GROUP_ADMINS_ONLY": "no"}) as stage:
        boss, cleo = await stage.boss(), stage.server.user("Cleo")
        lab = stage.server.group("Lab", (boss,), (cleo,))
        papers = stage.server.channel("Papers", "papers", admins=(cleo,), members=(boss,))
        assert "For Lab" in (await boss.asks(f"/subscribe multimodal to {lab.id}")).text
        refused = await boss.asks(f"/subscribe multimodal to {papers.id}")
        assert "Only this chat's admins" in refused.text
        assert await subscribed(stage) == [(str(lab.id), "multimodal")]
