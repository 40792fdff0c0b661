"""Forum topics and groups on Telegram that come, go and move: nothing lost, nothing twice."""

from datetime import date, timedelta

import pytest
from digest_stage import study
from telegram_chats import Chat
from telegram_stage import TUESDAY, Stage, telegram_stage
from telegram_users import User

WEDNESDAY, THURSDAY = date(2026, 2, 4), date(2026, 2, 5)
SUBSCRIBED = """
    SELECT c.address, s.topic FROM subscription s JOIN chat c ON c.key = s.chat
    ORDER BY c.address, s.topic
"""
GONE = "Bad Request: message thread not found"


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
def forum(stage, boss) -> Chat:
    return stage.server.group("Reading forum", admins=(boss,), forum=True)


async def lab_of(stage: Stage, boss: User, *members: User, **about: str) -> Chat:
    """A group that the boss has added the bot to."""
    lab = stage.server.group("Lab", members, (boss,), bot="left", **about)
    await lab.add_bot(boss)
    await lab.next()
    return lab


def later(stage: Stage) -> None:
    """A minute on, so that nothing waits for Telegram's pace."""
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))


async def subscribed(stage: Stage) -> list[tuple[str, str]]:
    return [(row["address"], row["topic"]) for row in await stage.query(SUBSCRIBED)]


def splats(first: int, count: int = 3) -> list:
    return [study(n, "gaussian splatting") for n in range(first, first + count)]


def visions(first: int, count: int = 3) -> list:
    return [study(n, "multimodal large language models") for n in range(first, first + count)]


def numbers(*chats: Chat) -> list[int]:
    """The papers that came to these, by the numbers in their titles, as often as they came."""
    texts = [message.text for chat in chats for message in chat.unread()]
    lines = [line for text in texts for line in text.splitlines()]
    return sorted(int(line.split()[3]) for line in lines if line[:1].isdigit() and "Study" in line)


async def test_an_answer_stays_in_the_topic_and_so_does_the_subscription(stage, boss, forum):
    thread = await forum.add_topic("Splatting")
    asked = await boss.says("/subscribe 3dgs", forum, topic=thread)
    answer = await forum.next()
    assert (answer.thread, answer.reply_to) == (thread, asked.id)
    assert await subscribed(stage) == [(f"{forum.id}/{thread}", "3dgs")]
    assert await stage.morning(WEDNESDAY, *splats(1)) == 1
    assert {message.thread for message in forum.unread()} == {thread}


async def test_two_topics_of_a_forum_have_each_their_own(stage, boss, forum):
    splatting, vision = await forum.add_topic("Splatting"), await forum.add_topic("Vision")
    await boss.asks("/subscribe 3dgs", forum, topic=splatting)
    await boss.asks("/subscribe multimodal", forum, topic=vision)
    listed = await boss.asks("/subscriptions", forum, topic=vision)
    assert "Multimodal" in listed.text
    assert "splatting" not in listed.text
    assert await stage.morning(WEDNESDAY, *splats(1), *visions(11)) == 2
    came = forum.unread()
    assert {m.thread for m in came if "gaussian splatting" in m.text} == {splatting}
    assert {m.thread for m in came if "multimodal large" in m.text} == {vision}


async def test_a_turned_button_in_a_topic_changes_that_topic_alone(stage, boss, forum):
    splatting, vision = await forum.add_topic("Splatting"), await forum.add_topic("Vision")
    made = await boss.asks("/subscribe 3dgs", forum, topic=splatting)
    await boss.asks("/subscribe 3dgs", forum, topic=vision)
    await boss.taps(made, "Undo")
    await forum.edited(made)
    assert await subscribed(stage) == [(f"{forum.id}/{vision}", "3dgs")]


async def test_a_number_in_a_topic_opens_the_card_as_the_topic_had_it(stage, boss, forum):
    ada = stage.server.user("Ada")
    await forum.add_member(ada)
    thread = await forum.add_topic("Splatting")
    await boss.asks("/subscribe 3dgs", forum, topic=thread)
    await stage.morning(WEDNESDAY, *splats(1))
    tap = await ada.taps(forum.last, "2")
    assert refusals(stage) == ["Forbidden: bot can't initiate conversation with a user"]
    await ada.starts(tap.url.partition("start=")[2])
    card = await ada.private.next()
    assert card.labels == ["Save", "👍", "👎", "◀ 1", "3 ▶"]
    assert all(button.data.endswith(f" to {forum.id}/{thread}") for button in card.buttons)
    await ada.taps(card, "3 ▶")
    assert "Invented Study 3" in (await ada.private.edited(card)).text


async def test_a_question_in_a_topic_is_answered_there(stage, boss, forum):
    thread = await forum.add_topic("Splatting")
    question = await boss.asks("/subscribe", forum, topic=thread)
    hour = await boss.asks("3dgs", forum, reply_to=question)
    assert hour.thread == thread
    assert "When should it come?" in hour.text


async def test_the_general_topic_is_the_forum_itself(stage, boss, forum):
    await forum.add_topic("Splatting")
    answer = await boss.asks("/subscribe 3dgs", forum)
    assert answer.thread is None
    assert await subscribed(stage) == [(str(forum.id), "3dgs")]
    await stage.morning(WEDNESDAY, *splats(1))
    assert {message.thread for message in forum.unread()} == {None}


async def test_a_deleted_topics_digest_comes_to_the_forum_itself_and_so_does_the_next(
    stage, boss, forum
):
    thread = await forum.add_topic("Splatting")
    await boss.asks("/subscribe 3dgs", forum, topic=thread)
    await forum.delete_topic(thread)
    await stage.morning(WEDNESDAY, *splats(1))
    assert {message.thread for message in forum.messages[-1:]} == {None}
    assert numbers(forum) == [1, 2, 3]
    assert refusals(stage) == [GONE]
    await stage.morning(THURSDAY, *splats(4))
    assert numbers(forum) == [4, 5, 6]
    assert await subscribed(stage) == [(str(forum.id), "3dgs")]


async def test_a_deleted_topics_subscriptions_join_the_forums_own(stage, boss, forum):
    thread = await forum.add_topic("Splatting")
    await boss.asks("/subscribe 3dgs at 08:30", forum, topic=thread)
    await boss.asks("/subscribe multimodal at 10:00", forum)
    later(stage)
    await boss.asks("/subscribe 3dgs at 10:00", forum)
    await stage.morning(TUESDAY, *splats(21, 1), hour=11)
    await forum.delete_topic(thread)
    forum.unread()
    await stage.morning(WEDNESDAY, *splats(1), *visions(11))
    assert numbers(forum) == [1, 2, 3]
    assert refusals(stage) == [GONE]
    assert await subscribed(stage) == [(str(forum.id), "3dgs"), (str(forum.id), "multimodal")]
    await stage.morning(WEDNESDAY, *splats(1), *visions(11), hour=11)
    assert numbers(forum) == [11, 12, 13]
    await stage.morning(THURSDAY, *splats(4), *visions(14), hour=11)
    assert numbers(forum) == [4, 5, 6, 14, 15, 16]


async def test_a_supergroup_goes_on_with_all_that_the_group_had(stage, boss):
    lab = await lab_of(stage, boss, kind="group")
    await boss.asks("/subscribe 3dgs", lab)
    await stage.morning(WEDNESDAY, *splats(1))
    lab.unread()
    moved = await lab.migrate()
    await stage.server.quiet()
    assert await subscribed(stage) == [(str(moved.id), "3dgs")]
    await stage.morning(THURSDAY, *splats(3))
    assert numbers(moved) == [4, 5]
    listed = await boss.asks("/subscriptions", moved)
    assert "1. 3D Gaussian splatting" in listed.text
    assert numbers(lab) == []


async def test_a_migration_that_a_send_meets_takes_the_waiting_digest_along(stage, boss):
    lab = await lab_of(stage, boss, kind="group")
    await boss.asks("/subscribe 3dgs", lab)
    await stage.morning(WEDNESDAY, *splats(1))
    lab.unread()
    moved = stage.server.chat(stage.server.next_supergroup(), "supergroup", title="Lab")
    moved.members, moved.bot, lab.migrated_to = lab.members, lab.bot, moved
    await stage.morning(THURSDAY, *splats(3))
    assert numbers(moved) == [4, 5]
    assert numbers(lab) == []
    assert refusals(stage) == ["Bad Request: group chat was upgraded to a supergroup chat"]
    assert await subscribed(stage) == [(str(moved.id), "3dgs")]
    later(stage)
    assert "1. 3D Gaussian" in (await boss.asks("/subscriptions", moved)).text


async def test_a_command_and_a_digest_meet_a_migration_without_harm(stage, boss):
    """The news comes after the supergroup was used: the two chats become one."""
    lab = await lab_of(stage, boss, kind="group")
    await boss.asks("/subscribe 3dgs", lab)
    moved = stage.server.chat(stage.server.next_supergroup(), "supergroup", title="Lab")
    moved.members, moved.bot = lab.members, lab.bot
    await boss.asks("/subscribe multimodal", moved)
    lab._service(None, migrate_to_chat_id=moved.id)
    await stage.server.quiet()
    lab.migrated_to = moved
    moved.unread()
    await stage.morning(WEDNESDAY, *splats(1), *visions(11))
    assert numbers(moved) == [1, 2, 3, 11, 12, 13]


async def test_who_is_put_out_gets_nothing_until_it_is_back_and_then_what_was_missed(stage, boss):
    lab = await lab_of(stage, boss)
    await boss.asks("/subscribe 3dgs", lab)
    await lab.remove_bot(boss)
    await stage.server.quiet()
    assert await stage.morning(WEDNESDAY, *splats(1)) == 0
    lab.unread()
    await lab.add_bot(boss)
    welcome = await lab.next()
    assert "Resume your subscription?" in welcome.text
    later(stage)
    await boss.taps(welcome, (0, 0))
    assert await stage.morning(THURSDAY, *splats(4)) == 1
    assert numbers(lab) == [1, 2, 3, 4, 5, 6]


async def test_a_group_whose_bot_was_put_out_unheard_parks_and_delays_nobody(stage, boss):
    lab = await lab_of(stage, boss)
    await boss.asks("/subscribe 3dgs", lab)
    await boss.asks("/subscribe 3dgs")
    boss.private.unread()
    lab.bot.status = "kicked"
    assert await stage.morning(WEDNESDAY, *splats(1)) == 2
    assert numbers(boss.private) == [1, 2, 3]
    assert refusals(stage) == ["Forbidden: bot was kicked from the supergroup chat"]
    [row] = await stage.query("SELECT parked FROM chat WHERE address = ?", str(lab.id))
    assert "kicked" in row["parked"]


async def test_a_group_that_an_admin_adds_us_to_is_let_in_at_once(stage, boss):
    ada = stage.server.user("Ada")
    lab = stage.server.group("Lab", (ada,), (boss,), bot="left")
    await lab.add_bot(boss)
    assert "can be used here now" in (await lab.next()).text
    assert "Ready-made topics" in (await ada.asks("/topics", lab)).text


async def test_a_group_that_a_stranger_adds_us_to_is_refused_and_the_admin_decides(stage, boss):
    ada = stage.server.user("Ada")
    lab = stage.server.group("Lab", (), (ada,), bot="left")
    await lab.add_bot(ada)
    refusal = await lab.next()
    assert "Its admin has been asked" in refusal.text
    notice = await boss.private.next()
    assert all(word in notice.text for word in ("Lab", "Ada", str(lab.id)))
    await ada.says("/subscribe llm", lab)
    await stage.server.quiet()
    assert lab.unread() == []
    assert await subscribed(stage) == []
    await boss.taps(notice, "Approve")
    assert "can be used here now" in (await lab.next()).text
    assert "Subscribed" in (await ada.asks("/subscribe llm", lab)).text


async def test_an_approved_supergroup_stays_let_in_when_it_came_of_a_group(stage, boss):
    ada = stage.server.user("Ada")
    lab = await lab_of(stage, boss, ada, kind="group")
    moved = await lab.migrate()
    await stage.server.quiet()
    assert "Ready-made topics" in (await ada.asks("/topics", moved)).text
