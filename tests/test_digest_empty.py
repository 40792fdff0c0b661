"""A morning without papers says why."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from digest_stage import FRIDAY, HALF_PAST_EIGHT, MONDAY, SATURDAY, THURSDAY, at, staged, study

from formatters.catalogue import texts
from jobs import planning
from jobs.digest import make_due
from jobs.ports import SourceError
from storage.models import RunState

SPLATS = "gaussian splatting"


@pytest.mark.parametrize(
    ("day", "failing", "said"),
    [
        (SATURDAY, None, "announces nothing at the weekend"),
        (FRIDAY, None, "late beyond the usual"),
        (FRIDAY, SourceError("throttled", "429"), "asks to slow down"),
    ],
)
async def test_an_empty_morning_says_why_where_that_is_wanted(
    tmp_path: Path, day, failing, said: str
) -> None:
    async with staged(tmp_path) as stage:
        room, quiet = await stage.chat(notify_empty=True), await stage.chat("quiet")
        for chat in (room, quiet):
            await stage.subscribe(chat, SPLATS, HALF_PAST_EIGHT)
        before = FRIDAY if day is SATURDAY else THURSDAY
        await stage.morning(before, study(1, "protein folding"))
        stage.clock.set(at(day, 17))
        stage.source.feed = failing or stage.source.feed
        await stage.collect()
        before_that = len(await stage.parts(room))
        stage.clock.set(at(day, 17) + timedelta(hours=15, minutes=30))
        assert await make_due(stage.desk) == 2
        [line] = (await stage.parts(room))[before_that:]
        assert said in line
        assert await stage.parts(quiet) == []


async def test_an_announcement_without_a_match_is_explained_by_its_number(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat(notify_empty=True)
        await stage.subscribe(room, SPLATS)
        await stage.morning(MONDAY, study(1, "protein folding"), study(2, "protein docking"))
        assert await stage.parts(room) == ["Nothing matched out of 2 announced papers.\n"]
        [digest] = await stage.made()
        assert digest.state is RunState.FRESH


async def test_a_topic_that_cannot_be_read_any_more_stops_nobody(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        broken, room = await stage.chat("broken", notify_empty=True), await stage.chat()
        await stage.subscribe(broken, SPLATS)
        await stage.subscribe(room, SPLATS)
        await stage.db.write(
            lambda tx: tx.execute("UPDATE subscription SET topic='(' WHERE chat=?", [broken.key])
        )
        await stage.morning(MONDAY, study(1))
        assert await stage.parts(broken) == ["Nothing matched out of 1 announced paper.\n"]
        assert len(await stage.parts(room)) > 1


def test_every_cause_that_a_run_can_end_with_has_its_words() -> None:
    jobs = Path(planning.__file__).parent
    raised = re.compile(r'(?:SourceError|_Failure|RetryLater)\(\s*"([a-z-]+)"')
    judged = re.compile(r'Verdict\(RunState\.\w+, "([a-z-]+)"\)')
    causes = {
        cause
        for file in jobs.rglob("*.py")
        for pattern in (raised, judged)
        for cause in pattern.findall(file.read_text("utf-8"))
    }
    assert len(causes) > 10
    assert {cause for cause in causes if f"cause.{cause}" not in texts()} == set()
