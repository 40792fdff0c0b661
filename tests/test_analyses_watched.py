"""What is heard of analyses under way: each chat's own last word, also late, also at the end."""

import asyncio

import pytest
from analyzing import REFUSED, Analyzes, Study, settled
from fake_source import study

from bot.following import Following
from formatters.document import Document
from jobs.analyze import Ended, Order, Update
from storage import analyses as store
from storage.database import Database

PAPER = study("2602.06043", version=2)


@pytest.fixture
def db(tmp_path):
    db = Database.open(tmp_path / "watched.db")
    yield db
    db.close()


class Heard:
    """What a chat hears of its order."""

    def __init__(self, lab: Study, order: Order) -> None:
        self.words: list[Update | Ended] = []
        self._lab = lab
        self._order = order

    async def ordered(self) -> "Heard":
        self._placed = await self._lab.analyses.order(self._order)
        self._task = asyncio.create_task(self._listen())
        while not self.words:  # noqa: ASYNC110 -- words come one by one
            await asyncio.sleep(0.01)
        return self

    async def last(self) -> Update | Ended:
        async with asyncio.timeout(5):
            await self._task
        return self.words[-1]

    async def late(self) -> list[Update | Ended]:
        """What one hears who comes now."""
        return [w async for w in self._lab.analyses.watch(self._placed.job, self._order.chat.key)]

    async def _listen(self) -> None:
        async for word in self._lab.analyses.watch(self._placed.job, self._order.chat.key):
            self.words.append(word)


async def test_who_gives_up_hears_so_and_the_others_how_it_goes_on(db):
    lab = Study(db, Analyzes(waits=True))
    ours, theirs = await lab.order_of(PAPER), await lab.order_of(PAPER, "other")
    we, they = await Heard(lab, ours).ordered(), await Heard(lab, theirs).ordered()
    assert await lab.analyses.cancel(ours.chat.key, PAPER)
    assert await we.last() is Ended.CANCELLED
    assert await we.late() == [Ended.CANCELLED]
    lab.analysts[0].go.set()
    assert await they.last() is Ended.WELL
    assert await we.late() == [Ended.CANCELLED]
    assert we.words.count(Ended.CANCELLED) == 1


async def test_who_gave_up_may_want_it_again(db):
    lab = Study(db, Analyzes(waits=True))
    ours = await lab.order_of(PAPER)
    await Heard(lab, await lab.order_of(PAPER, "other")).ordered()
    await Heard(lab, ours).ordered()
    await lab.analyses.cancel(ours.chat.key, PAPER)
    again = await Heard(lab, ours).ordered()
    lab.analysts[0].go.set()
    assert await again.last() is Ended.WELL


@pytest.mark.parametrize(("failing", "last"), [(None, Ended.WELL), (REFUSED, Ended.FAILED)])
async def test_who_comes_late_hears_how_it_ended(db, failing, last):
    lab = Study(db)
    lab.analysts[0].failing = failing
    order = await lab.order_of(PAPER)
    placed = await lab.analyses.order(order)
    await settled(db)
    await asyncio.sleep(0.05)
    assert [w async for w in lab.analyses.watch(placed.job, order.chat.key)] == [last]
    assert [w async for w in lab.analyses.watch(placed.job + 1, order.chat.key)] == []


async def test_only_so_many_ends_are_remembered(db):
    lab = Study(db)
    first = None
    for number in range(202):
        placed = await lab.analyses.order(await lab.order_of(study(f"2602.{number:05}")))
        first = first or placed.job
    runs = [task for task in asyncio.all_tasks() if task.get_name().startswith("analyze")]
    await asyncio.gather(*runs)
    chat = (await lab.order_of(PAPER)).chat.key
    assert [w async for w in lab.analyses.watch(first, chat)] == []
    assert [w async for w in lab.analyses.watch(placed.job, chat)] == [Ended.WELL]


async def test_at_the_end_of_the_process_nobody_hears_of_a_failure(db):
    lab = Study(db, Analyzes(waits=True))
    papers = [study(f"2602.0000{n}") for n in range(1, 5)]
    heard = [await Heard(lab, await lab.order_of(paper)).ordered() for paper in papers]
    await lab.analyses.close()
    assert [await one.last() for one in heard] == [Ended.PUT_OFF] * 4
    assert Ended.FAILED not in {word for one in heard for word in one.words}
    assert len(await db.read(store.jobs)) == 4


async def test_what_is_ordered_at_the_end_is_made_by_the_next_process(db):
    lab = Study(db)
    await lab.analyses.close()
    heard = await Heard(lab, await lab.order_of(PAPER)).ordered()
    assert await heard.last() is Ended.PUT_OFF
    await asyncio.sleep(0.05)
    assert lab.analysts[0].analyzed == []
    assert await lab.opened().resume() == 1
    await settled(db)
    assert await lab.posted() == [("room", "2602.06043 for room")]


async def test_a_last_word_is_said_before_the_end_and_nobody_waits_for_more():
    said, over = [], asyncio.Event()

    async def words(*, endless: bool):
        yield Document(())
        await over.wait()
        yield Document(())
        if endless:
            await asyncio.Event().wait()

    async def show(document: Document) -> None:
        await asyncio.sleep(0.05)
        said.append(document)

    following = Following()
    for endless in (False, True):
        following.follow(words(endless=endless), show, add=show)
    await asyncio.sleep(0.1)
    assert len(said) == 2
    over.set()
    async with asyncio.timeout(5):
        await following.end()
    assert len(said) == 4
