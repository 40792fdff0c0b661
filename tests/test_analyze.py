"""Analyses: one run for everybody who asks, nothing lost, nobody served twice."""

import asyncio
from datetime import timedelta

import pytest
from analyzing import REFUSED, Analyzes, Study, settled
from fake_source import study

from jobs.analyze import Allowance, Allowances, Ended, Ready, Update, Waiting
from jobs.ports import RetryLater, SourceError
from storage import analyses as store
from storage import chats
from storage.database import Database
from storage.errors import UserError
from storage.models import Analysis, Lang, Origin

PAPER = study("2602.06043", version=2)


@pytest.fixture
def db(tmp_path):
    db = Database.open(tmp_path / "analyses.db")
    yield db
    db.close()


async def test_what_was_asked_for_is_posted_once_to_each_chat_that_asked(db):
    lab = Study(db, Analyzes(waits=True))
    for address in ("room", "other", "room"):
        assert isinstance(await lab.analyses.order(await lab.order_of(PAPER, address)), Waiting)
    lab.analysts[0].go.set()
    await settled(db)
    said = [("room", "2602.06043 for room"), ("other", "2602.06043 for other")]
    assert await lab.posted() == said
    assert len(lab.analysts[0].analyzed) == 1
    assert lab.texts.read_papers == ["2602.06043"]
    assert lab.changes


async def test_what_was_made_before_is_served_at_once(db):
    lab = Study(db)
    await lab.analyses.order(await lab.order_of(PAPER))
    await settled(db)
    found = await lab.analyses.order(await lab.order_of(PAPER, "other"))
    assert isinstance(found, Ready)
    assert len(lab.analysts[0].analyzed) == 1


async def test_another_language_another_version_and_anew_are_runs_of_their_own(db):
    lab = Study(db)
    earlier = study("2602.06043", version=1)
    for paper, fields in (
        (PAPER, {}),
        (PAPER, {"lang": Lang.ZH}),
        (earlier, {}),
        (PAPER, {"anew": True}),
    ):
        await lab.analyses.order(await lab.order_of(paper, **fields))
        await settled(db)
    asked = [(v, lang) for _, v, lang in lab.analysts[0].analyzed]
    assert asked == [(2, Lang.EN), (2, Lang.ZH), (1, Lang.EN), (2, Lang.EN)]


async def test_what_an_ended_process_left_is_made_by_the_next_one(db):
    lab = Study(db, Analyzes(waits=True))
    await lab.analyses.order(await lab.order_of(PAPER))
    await asyncio.sleep(0.05)
    await lab.analyses.close()
    assert await lab.posted() == []
    lab.analysts[0].go.set()
    assert await lab.opened().resume() == 1
    await settled(db)
    assert await lab.posted() == [("room", "2602.06043 for room")]


async def test_a_job_that_ends_its_process_is_not_begun_for_ever(db):
    lab = Study(db, Analyzes(waits=True))
    await lab.analyses.order(await lab.order_of(PAPER))
    for _ in range(3):
        await asyncio.sleep(0.05)
        await killed()
        lab.analyses = lab.opened()
        await lab.analyses.resume()
    await settled(db)
    assert await lab.posted() == [("room", "a word of regret")]
    assert len(lab.analysts[0].analyzed) == 3


async def test_a_process_that_ends_in_good_order_counts_for_nothing(db):
    lab = Study(db, Analyzes(waits=True))
    await lab.analyses.order(await lab.order_of(PAPER))
    for _ in range(4):
        await asyncio.sleep(0.05)
        await lab.analyses.close()
        lab.analyses = lab.opened()
        await lab.analyses.resume()
    lab.analysts[0].go.set()
    await settled(db)
    assert await lab.posted() == [("room", "2602.06043 for room")]


async def killed() -> None:
    """End what runs as the end of a process would that nobody announced."""
    tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("analyze ")]
    assert tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_only_a_few_run_at_once_and_the_others_know_their_place(db):
    lab = Study(db, Analyzes(waits=True))
    orders = [await lab.order_of(study(f"2602.0000{n}")) for n in range(1, 6)]
    placed = [await lab.analyses.order(order) for order in orders]
    assert [one.ahead for one in placed] == [0, 0, 1, 2, 3]
    await asyncio.sleep(0.05)
    assert lab.analysts[0].most_at_once == 2
    lab.analysts[0].go.set()
    await settled(db)
    assert len(await lab.posted()) == 5
    assert lab.analysts[0].most_at_once == 2


async def test_who_watches_hears_each_step_and_the_end(db):
    lab = Study(db, Analyzes(waits=True))
    order = await lab.order_of(PAPER)
    placed = await lab.analyses.order(order)
    heard = []

    async def watch():
        async for word in lab.analyses.watch(placed.job, order.chat.key):
            heard.append(word)
            if isinstance(word, Update) and word.progress and word.progress.of:
                lab.analysts[0].go.set()

    async with asyncio.timeout(10):
        await watch()
    assert heard[-1] is Ended.WELL
    assert [w.progress.stage for w in heard[:-1] if w.progress][-1] == "writing"


async def test_who_gives_up_gets_nothing_and_the_others_do(db):
    lab = Study(db, Analyzes(waits=True))
    ours, theirs = await lab.order_of(PAPER), await lab.order_of(PAPER, "other")
    await lab.analyses.order(ours)
    await lab.analyses.order(theirs)
    assert await lab.analyses.cancel(ours.chat.key, PAPER)
    assert not await lab.analyses.cancel(ours.chat.key, PAPER)
    lab.analysts[0].go.set()
    await settled(db)
    assert await lab.posted() == [("other", "2602.06043 for other")]


async def test_a_run_that_nobody_waits_for_ends(db):
    lab = Study(db, Analyzes(waits=True))
    order = await lab.order_of(PAPER)
    placed = await lab.analyses.order(order)
    words = lab.analyses.watch(placed.job, order.chat.key)
    await anext(words)
    assert await lab.analyses.cancel(order.chat.key, PAPER)
    async with asyncio.timeout(5):
        said = [word async for word in words]
    assert said[-1] is Ended.CANCELLED
    assert lab.analysts[0].at_once == 0
    assert await lab.posted() == []
    again = await lab.analyses.order(order)
    assert isinstance(again, Waiting)


async def test_the_next_engine_serves_where_one_fails_and_is_marked(db):
    model, built_in = Analyzes("openai:gpt-x#a1"), Analyzes()
    model.failing = REFUSED
    lab = Study(db, model, built_in)
    await lab.analyses.order(await lab.order_of(PAPER))
    await settled(db)
    made = await db.read(store.find, PAPER.id, 2, Lang.EN, "built-in")
    assert made.analysis.fallback
    # It serves for a while; then the first engine is asked again.
    assert isinstance(await lab.analyses.order(await lab.order_of(PAPER)), Ready)
    lab.clock.advance(timedelta(hours=2))
    model.failing = None
    assert isinstance(await lab.analyses.order(await lab.order_of(PAPER)), Waiting)
    await settled(db)
    assert await db.read(store.find, PAPER.id, 2, Lang.EN, "openai:gpt-x#a1")


async def test_a_defect_is_told_and_ends_no_other_run(db):
    lab = Study(db, Analyzes(waits=True))
    lab.analysts[0].failing = RuntimeError("a defect")
    await lab.analyses.order(await lab.order_of(PAPER))
    lab.analysts[0].go.set()
    await settled(db)
    assert await lab.posted() == [("room", "a word of regret")]


@pytest.mark.parametrize("failing", [RetryLater("throttled"), SourceError("unreachable")])
async def test_where_arxiv_cannot_be_had_the_abstract_serves_who_asked_alone(db, failing):
    lab = Study(db)
    lab.texts.failing = failing
    await lab.analyses.order(await lab.order_of(PAPER))
    await settled(db)
    assert await lab.posted() == [("room", "2602.06043 for room")]
    made = await lab.analyses.latest(PAPER, Lang.EN)
    assert made.coverage.lacks == "unreachable"
    assert await lab.analyses.cached(PAPER, Lang.EN) is None
    assert await db.read(store.newest, [PAPER.id], Lang.EN) == {}
    lab.texts.failing = None
    await lab.analyses.order(await lab.order_of(PAPER))
    await settled(db)
    made = await db.read(store.find, PAPER.id, 2, Lang.EN, "built-in")
    assert made.analysis.coverage.origin is Origin.HTML


async def test_the_text_is_read_once_for_questions_and_analyses_alike(db):
    lab = Study(db)
    order = await lab.order_of(PAPER)
    chat = order.chat.key
    answer = await lab.analyses.answer(PAPER, "How?", Lang.EN, chat, "telegram:7")
    assert answer.text == "How? Well."
    await lab.analyses.order(order)
    await settled(db)
    assert lab.texts.read_papers == ["2602.06043"]


async def test_a_person_and_a_chat_have_an_allowance_and_what_is_made_is_free(db):
    most = Allowances(Allowance(by_person=1, by_chat=2), Allowance(by_person=1))
    lab = Study(db, allowances=most)
    await lab.analyses.order(await lab.order_of(PAPER))
    await settled(db)
    assert isinstance(await lab.analyses.order(await lab.order_of(PAPER)), Ready)
    other = study("2602.00001")
    with pytest.raises(UserError, match=r"analyze\.enough_person"):
        await lab.analyses.order(await lab.order_of(other))
    await lab.analyses.order(await lab.order_of(other, person="telegram:8"))
    await settled(db)
    third = await lab.order_of(study("2602.00002"), person="telegram:9")
    with pytest.raises(UserError, match=r"analyze\.enough_chat"):
        await lab.analyses.order(third)
    lab.clock.advance(timedelta(hours=25))
    await lab.analyses.order(await lab.order_of(study("2602.00003")))
    await settled(db)


async def test_a_chat_that_is_erased_meanwhile_is_not_served(db):
    lab = Study(db, Analyzes(waits=True))
    ours, theirs = await lab.order_of(PAPER), await lab.order_of(PAPER, "other")
    await lab.analyses.order(ours)
    await lab.analyses.order(theirs)
    await db.write(chats.erase, ours.chat.key)
    lab.analysts[0].go.set()
    await settled(db)
    assert await lab.posted() == [("other", "2602.06043 for other")]


async def test_a_chat_that_moves_is_served_where_it_is(db):
    lab = Study(db, Analyzes(waits=True))
    order = await lab.order_of(PAPER, "-7")
    await lab.analyses.order(order)
    there = await lab.order_of(PAPER, "-1007")
    await db.write(chats.move, order.chat.key, there.chat.address)
    lab.analysts[0].go.set()
    await settled(db)
    assert await lab.posted() == [("-1007", "2602.06043 for -1007")]


async def test_directly_gives_steps_and_then_the_analysis(db):
    lab = Study(db)
    await lab.order_of(PAPER)
    words = [word async for word in lab.analyses.directly(PAPER, Lang.EN)]
    assert isinstance(words[-1], Analysis)
    assert all(isinstance(word, Update) for word in words[:-1])
