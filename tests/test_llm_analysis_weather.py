"""Whole papers by a model on its bad days: what fails, ends early or costs too much."""

import asyncio
from pathlib import Path

import pytest
from analyst_stage import SMALL, analyzed, but, long_text, point, said, saying, tasks, well
from llm_stage import llm_stage
from model_server import Asked, Fail, Reply, Say, Silence

from jobs.llm.analysis.forms import Task
from jobs.llm.analysis.making import MOST_CALLS
from jobs.llm.choice import Limits
from jobs.llm.failure import Trouble
from jobs.ports import SummaryError
from storage.models import Aspect


@pytest.mark.parametrize(
    ("bad", "trouble"),
    [
        (Say("", refusal="No."), Trouble.REFUSED),
        (Say("", finish="content_filter"), Trouble.REFUSED),
        (Say("I would rather not."), Trouble.UNUSABLE),
        (Say('{"core": 4}'), Trouble.UNUSABLE),
        (Say("", finish="length"), Trouble.TOO_LONG),
        (Fail(401), Trouble.NOT_ALLOWED),
        (Fail(402), Trouble.NO_CREDIT),
        (Fail(400), Trouble.UNFIT_REQUEST),
        (Fail(429, headers={"Retry-After": "3600"}), Trouble.THROTTLED),
        (Fail(503), Trouble.SERVER),
        (Fail(200, body="<html>proxy</html>"), Trouble.UNUSABLE),
        (saying(said(Task.IDEA), cut_after=1), Trouble.UNREACHABLE),
    ],
)
async def test_a_model_that_fails_leaves_the_paper_to_the_next_engine(
    tmp_path: Path, bad: Reply, trouble: Trouble
) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = bad
        with pytest.raises(SummaryError):
            await analyzed(stage)
        assert (await stage.calls())[-1].outcome == trouble
        assert len(await stage.calls()) <= MOST_CALLS


@pytest.mark.parametrize("task", [Task.MOTIVE, Task.LIMITS])
async def test_a_question_that_fails_costs_its_answers_alone(tmp_path: Path, task: Task) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = but(**{task.value: Say("", refusal="No.")})
        made, _ = await analyzed(stage)
        assert made.claims[Aspect.CORE]
        assert (Aspect.NEED in made.claims) == (task is not Task.MOTIVE)
        assert made.coverage.whole


@pytest.mark.parametrize(
    ("task", "empty"),
    [(Task.IDEA, {"core": point("")}), (Task.IDEA, {"steps": [], "method": []})],
)
async def test_without_what_is_essential_there_is_no_analysis(
    tmp_path: Path, task: Task, empty: dict
) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = but(**{task.value: said(task, **empty)})
        with pytest.raises(SummaryError):
            await analyzed(stage)


async def test_without_results_and_findings_there_is_no_analysis(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = but(
            experiments=said(Task.EXPERIMENTS, results=[]), limits=said(Task.LIMITS, findings=[])
        )
        with pytest.raises(SummaryError):
            await analyzed(stage)


async def test_a_budget_that_ends_in_the_middle_leaves_what_is_good(tmp_path: Path) -> None:
    async with llm_stage(tmp_path, limits=Limits(tokens=250)) as stage:
        stage.server.otherwise = well
        made, _ = await analyzed(stage)
        assert tasks(stage) == [Task.IDEA, Task.EXPERIMENTS]
        assert Aspect.RESULTS in made.claims
        assert Aspect.NEED not in made.claims
        with pytest.raises(SummaryError):
            await analyzed(stage)
        assert len(stage.server.asked) == 2


async def test_a_budget_that_ends_while_reading_is_told_in_the_coverage(tmp_path: Path) -> None:
    async with llm_stage(tmp_path, context=SMALL, limits=Limits(tokens=300)) as stage:
        stage.server.otherwise = well
        with pytest.raises(SummaryError):  # notes of two parts have no core
            await analyzed(stage, long_text(8))
        assert set(tasks(stage)) == {Task.NOTES}


async def test_an_analysis_that_is_cancelled_asks_nothing_more(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        reached = asyncio.Event()

        def silent(_: Asked) -> Reply:
            reached.set()
            return Silence()

        stage.server.says(well, silent)
        task = asyncio.create_task(analyzed(stage))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [call.outcome for call in await stage.calls()] == ["cancelled", "ok"]
        assert len(stage.server.asked) == 2


async def test_what_is_good_when_the_patience_ends_serves(tmp_path: Path) -> None:
    async with llm_stage(tmp_path, analysis_patience=3.0) as stage:
        stage.server.says(well, well, Silence())
        made, _ = await analyzed(stage)
        assert Aspect.RESULTS in made.claims
        assert Aspect.NEED not in made.claims
        assert (await stage.calls())[0].outcome == "cancelled"
