"""What counts against an allowance: what came to an end that somebody has something of."""

import asyncio

import pytest
from analyzing import REFUSED, Analyzes, Study, settled
from fake_source import study

from jobs.analyze import Allowance, Allowances, Waiting
from jobs.ports import SummaryError
from storage import chats
from storage.database import Database
from storage.errors import UserError
from storage.models import Lang

PAPER, OTHER = study("2602.06043"), study("2602.00001")
ONE = Allowances(Allowance(by_person=1, by_chat=1), Allowance(by_person=1, by_chat=1))


@pytest.fixture
def db(tmp_path):
    db = Database.open(tmp_path / "counted.db")
    yield db
    db.close()


async def refused(lab: Study) -> bool:
    """Whether the allowance is used up."""
    try:
        await lab.analyses.order(await lab.order_of(OTHER))
    except UserError as error:
        return error.key == "analyze.enough_person"
    return False


async def test_what_fails_does_not_count(db):
    lab = Study(db, allowances=ONE)
    lab.analysts[0].failing = REFUSED
    for _ in range(2):
        await lab.analyses.order(await lab.order_of(PAPER))
        await settled(db)
    assert await lab.posted() == [("room", "a word of regret")] * 2
    lab.analysts[0].failing = None
    await lab.analyses.order(await lab.order_of(PAPER))
    await settled(db)
    assert await refused(lab)


@pytest.mark.parametrize("begun", [True, False])
async def test_what_is_cancelled_does_not_count(db, begun):
    lab = Study(db, Analyzes(waits=True), allowances=ONE)
    if not begun:
        for number in (1, 2):
            busy = await lab.order_of(
                study(f"2602.0000{number + 1}"), f"{number}", person=f"{number}"
            )
            await lab.analyses.order(busy)
    order = await lab.order_of(PAPER)
    await lab.analyses.order(order)
    await asyncio.sleep(0.05)
    assert (PAPER.id in {paper for paper, *_ in lab.analysts[0].analyzed}) is begun
    assert await refused(lab)
    await lab.analyses.cancel(order.chat.key, PAPER)
    assert not await refused(lab)
    await lab.analyses.close()


async def test_what_others_still_wait_for_counts_for_who_had_it_begun(db):
    lab = Study(db, Analyzes(waits=True), allowances=ONE)
    order = await lab.order_of(PAPER)
    await lab.analyses.order(order)
    await lab.analyses.order(await lab.order_of(PAPER, "other", person="telegram:8"))
    await lab.analyses.cancel(order.chat.key, PAPER)
    lab.analysts[0].go.set()
    await settled(db)
    assert await refused(lab)
    free = await lab.order_of(OTHER, "other", person="telegram:8")
    assert isinstance(await lab.analyses.order(free), Waiting)
    await settled(db)


async def test_what_fails_after_a_restart_in_a_chat_that_moved_does_not_count_there(db):
    lab = Study(db, Analyzes(waits=True), allowances=ONE)
    order = await lab.order_of(PAPER, "-7")
    await lab.analyses.order(order)
    await lab.analyses.close()
    there = await lab.order_of(PAPER, "-1007")
    await db.write(chats.move, order.chat.key, there.chat.address)
    lab.analysts[0].failing = REFUSED
    lab.analysts[0].go.set()
    lab.analyses = lab.opened()
    await lab.analyses.resume()
    await settled(db)
    lab.analysts[0].failing = None
    again = await lab.order_of(PAPER, "-1007")
    assert isinstance(await lab.analyses.order(again), Waiting)
    await settled(db)


async def test_a_question_that_gets_no_answer_does_not_count(db):
    lab = Study(db, allowances=ONE)
    chat = (await lab.order_of(PAPER)).chat.key

    async def asked() -> str:
        return (await lab.analyses.answer(PAPER, "How?", Lang.EN, chat, "telegram:7")).text

    lab.analysts[0].failing = REFUSED
    for _ in range(2):
        with pytest.raises(SummaryError):
            await asked()
    lab.analysts[0].failing = None
    assert await asked() == "How? Well."
    with pytest.raises(UserError, match=r"ask\.enough_person"):
        await asked()


async def test_a_question_that_is_broken_off_does_not_count(db):
    lab = Study(db, allowances=ONE)
    chat = (await lab.order_of(PAPER)).chat.key
    lab.analysts[0].failing = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await lab.analyses.answer(PAPER, "How?", Lang.EN, chat, "telegram:7")
    lab.analysts[0].failing = None
    answer = await lab.analyses.answer(PAPER, "How?", Lang.EN, chat, "telegram:7")
    assert answer.text == "How? Well."
