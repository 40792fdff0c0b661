"""The model engine on a server's bad days: what is tried again, how often, and at what cost."""

from dataclasses import replace
from pathlib import Path

import pytest
from llm_stage import GOOD, LlmStage, answering, english, llm_stage, paper
from model_server import Fail, Say, Silence, saying

from jobs.llm.asking import Spent
from jobs.llm.choice import Limits, Price
from jobs.llm.failure import Failure, Trouble
from jobs.ports import SummaryError
from jobs.summarize import BuiltIn, summaries
from storage.models import Lang


async def outcome(stage: LlmStage) -> str:
    return (await stage.calls())[0].outcome


async def test_an_answer_that_is_none_each_time_is_given_up(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = Say("I would rather not.")
        with pytest.raises(SummaryError):
            await stage.engine.summarize([paper()], Lang.EN)
        assert len(stage.server.asked) == 3
        assert await outcome(stage) == Trouble.UNUSABLE


@pytest.mark.parametrize(
    ("bad", "trouble"),
    [(Say("", refusal="I can't help with that."), Trouble.REFUSED),
     (Say("", finish="content_filter"), Trouble.REFUSED),
     (Say('{"papers": [{"number": 1, "tl', finish="length"), Trouble.TOO_LONG),
     (Say("", finish="length"), Trouble.TOO_LONG),
     (Say('{"papers": [{"number": 1, "tldr": "' + "It gains much, " * 20_000), Trouble.TOO_LONG)],
    ids=["refusal", "filter", "cut off", "all thought", "round in circles"],
)  # fmt: skip
async def test_what_would_only_happen_again_is_not_tried_again(
    tmp_path: Path, bad: Say, trouble: Trouble
) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = bad
        with pytest.raises(SummaryError):
            await stage.engine.summarize([paper()], Lang.EN)
        assert len(stage.server.asked) == 1
        assert await outcome(stage) == trouble


async def test_of_an_answer_that_is_cut_off_the_papers_that_are_whole_are_not_asked_again(
    tmp_path: Path,
) -> None:
    whole = saying(english(1), english(2)).text
    async with llm_stage(tmp_path) as stage:
        stage.server.says(Say(whole[: whole.index("GlanceNet2") + 20], finish="length"))
        stage.server.otherwise = answering
        made = await stage.engine.summarize([paper(1), paper(2)], Lang.EN)
        assert {summary.paper for summary in made} == {paper(1).id, paper(2).id}
        assert [list(asked.papers) for asked in stage.server.asked] == [[1, 2], [1]]
        assert "GlanceNet2" in stage.server.asked[1].papers[1]


@pytest.mark.parametrize(
    ("bad", "trouble", "asked"),
    [(Fail(401), Trouble.NOT_ALLOWED, 1), (Fail(403), Trouble.NOT_ALLOWED, 1),
     (Fail(404, "model_not_found"), Trouble.NO_MODEL, 1),
     (Fail(402), Trouble.NO_CREDIT, 1), (Fail(429, "insufficient_quota"), Trouble.NO_CREDIT, 1),
     (Fail(429), Trouble.THROTTLED, 3), (Fail(500), Trouble.SERVER, 3),
     (Fail(503), Trouble.SERVER, 3), (Fail(400), Trouble.UNFIT_REQUEST, 3),
     (Fail(429, headers={"Retry-After": "3600"}), Trouble.THROTTLED, 1),
     (Fail(200, body="<html>proxy</html>"), Trouble.UNUSABLE, 1),
     (saying(english(), cut_after=2), Trouble.UNREACHABLE, 3)],
)  # fmt: skip
async def test_a_dead_provider_leaves_the_digest_to_the_built_in_engine(
    tmp_path: Path, bad: Fail | Say, trouble: Trouble, asked: int
) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = bad
        chain = [stage.engine, BuiltIn()]
        made = await summaries(db=stage.db, engines=chain, papers=[paper()], lang=Lang.EN)
        assert made[paper().id].engine == BuiltIn.name
        assert made[paper().id].fallback
        assert len(stage.server.asked) == asked
        assert await outcome(stage) == trouble


@pytest.mark.parametrize(
    ("bad", "slept"),
    [(Fail(429, headers={"Retry-After": "7"}), [7.0]), (Fail(429), [2.0]), (Fail(502), [2.0]),
     (saying(english(), cut_after=1), [2.0])],
)  # fmt: skip
async def test_what_passes_is_tried_again_after_the_pause_that_was_asked_for(
    tmp_path: Path, bad: Fail | Say, slept: list[float]
) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.says(bad, GOOD)
        assert len(await stage.engine.summarize([paper()], Lang.EN)) == 1
        assert stage.clock.slept == slept


@pytest.mark.parametrize(
    ("bad", "then"), [(Silence(), "native"), (saying(english(), seconds=0.1), "prompted")]
)
async def test_a_server_that_is_silent_or_slow_is_not_waited_for(
    tmp_path: Path, bad, then: str
) -> None:
    async with llm_stage(tmp_path, seconds=0.3) as stage:
        stage.server.says(bad, GOOD)
        assert len(await stage.engine.summarize([paper()], Lang.EN)) == 1
        assert [call.outcome for call in await stage.calls()] == ["ok", Trouble.TIMED_OUT]
        assert [asked.mode for asked in stage.server.asked] == ["native", then]


async def test_a_digest_does_not_wait_longer_than_its_patience(tmp_path: Path) -> None:
    papers = [paper(number) for number in range(1, 9)]
    async with llm_stage(tmp_path, patience=0.5) as stage:
        stage.server.says(answering, Silence())
        made = await stage.engine.summarize(papers, Lang.EN)
        assert {one.paper for one in made} == {one.id for one in papers[:4]}
        with pytest.raises(SummaryError):
            await stage.engine.summarize([paper(9)], Lang.EN)
        assert len(stage.server.asked) == 2


async def test_a_server_without_schemas_is_asked_by_tool_then_in_words(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.says(Fail(400), GOOD, GOOD, Fail(400), GOOD, GOOD)
        for number in range(1, 5):
            assert await stage.engine.summarize([paper(1, version=number)], Lang.EN)
        modes = [asked.mode for asked in stage.server.asked]
        assert modes == ["native", "tool", "tool", "tool", "prompted", "prompted"]


async def test_a_refused_request_does_not_spoil_the_next_one(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.says(*[Fail(400)] * 3, GOOD)
        with pytest.raises(SummaryError):
            await stage.engine.summarize([paper()], Lang.EN)
        await stage.engine.summarize([paper()], Lang.EN)
        assert stage.server.asked[-1].mode == "native"


async def test_three_failures_open_the_breaker_and_a_pause_closes_it(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = Fail(503)
        for _ in range(3):
            with pytest.raises(SummaryError):
                await stage.engine.summarize([paper()], Lang.EN)
        assert len(stage.server.asked) == 3
        stage.server.otherwise = GOOD
        await stage.clock.sleep(130)
        assert await stage.engine.summarize([paper()], Lang.EN)


@pytest.mark.parametrize(
    "limits", [Limits(tokens=140), Limits(cost=Price(1, 1).of(140, 0))], ids=["tokens", "cost"]
)
async def test_a_budget_that_is_reached_ends_the_days_calls(tmp_path: Path, limits) -> None:
    async with llm_stage(tmp_path, limits=limits, price=Price(1, 1)) as stage:
        stage.server.otherwise = answering
        assert await stage.engine.summarize([paper(1)], Lang.EN)
        with pytest.raises(SummaryError):
            await stage.engine.summarize([paper(2)], Lang.EN)
        assert len(stage.server.asked) == 1
        await stage.clock.sleep(24 * 3600)
        assert await stage.engine.summarize([paper(2)], Lang.EN)


async def test_tokens_are_estimated_where_the_server_tells_none(tmp_path: Path) -> None:
    async with llm_stage(tmp_path, limits=Limits(tokens=1)) as stage:
        stage.server.says(replace(GOOD, usage=None))
        await stage.engine.summarize([paper()], Lang.EN)
        (call,) = await stage.calls()
        assert 2000 < call.input_tokens < 4000
        assert 50 < call.output_tokens < 300
        with pytest.raises(SummaryError):
            await stage.engine.summarize([paper(2)], Lang.EN)


async def test_an_error_that_nobody_knows_does_not_end_the_morning(tmp_path: Path) -> None:
    class Unknown(Exception):
        pass

    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = GOOD
        client = stage.engine._clients.papers[Lang.EN]
        with pytest.raises(Failure) as failed:
            await client.ask("Any?", _raising(Unknown()), Spent())
        assert (failed.value.trouble, failed.value.said) == (Trouble.UNUSABLE, "Unknown")


def _raising(error: Exception):
    def accept(_answer):
        raise error

    return accept
