"""Papers too long for a model to read at once: read in parts, and written of from its notes."""

from pathlib import Path

from analyst_stage import SMALL, analyzed, but, long_text, point, said, saying, task_of, tasks, well
from llm_stage import llm_stage
from model_server import Asked, Fail, Reply, Say

from jobs.llm.analysis.forms import Task
from jobs.llm.analysis.making import MOST_CALLS
from jobs.llm.failure import Trouble
from jobs.ports import Progress, Stage
from storage.models import Aspect


def noted(*notes: dict) -> dict:
    """Good notes of a part, but for those that are about the same."""
    about = {note["about"] for note in notes}
    others = [note for note in said(Task.NOTES)["notes"] if note["about"] not in about]
    return {"notes": [*notes, *others]}


async def test_a_long_paper_is_read_in_parts_and_written_from_the_notes(tmp_path: Path) -> None:
    long = long_text(6)
    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = well
        made, told = await analyzed(stage, long)
        reads = [asked for asked in stage.server.asked if task_of(asked) is Task.NOTES]
        assert len(reads) > 1
        assert tasks(stage)[len(reads) :] == [
            Task.IDEA, Task.EXPERIMENTS, Task.MOTIVE, Task.LIMITS,
        ]  # fmt: skip
        for section in long.sections:
            assert sum(f"## {section.name}\n" in asked.users[0] for asked in reads) == 1
        assert made.coverage.whole
        assert made.coverage.characters == long.characters
        assert made.claims[Aspect.RESULTS][0].quote
        done = [one.done for one in told if one.stage is Stage.READING]
        assert done == sorted(done)
        assert told[-1] == Progress(Stage.WRITING, 3, 4)
        notes = stage.server.asked[-3].users[0]
        assert "- results: The error is 4.1 cm, against 8.3 cm" in notes
        assert "The gauges of rivers of region" not in notes


async def test_notes_are_held_to_the_paper_before_anything_is_written_of_them(
    tmp_path: Path,
) -> None:
    wrong = noted(point("The error is 3.7 cm.", "3 Experiments", "", about="results"))
    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = but(notes=wrong)
        made, _ = await analyzed(stage, long_text(6))
        written = [one for one in stage.server.asked if task_of(one) is not Task.NOTES]
        assert not any("3.7 cm" in asked.users[0] for asked in written)
        assert made.dropped >= 1


async def test_a_part_that_is_refused_costs_that_part_alone(tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        refused = "## 8 Rivers of Region 8" in asked.users[0]
        return Say("", refusal="I can't help with that.") if refused else well(asked)

    long = long_text(6)
    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = reply
        made, _ = await analyzed(stage, long)
        assert made.claims[Aspect.CORE]
        assert 4 <= made.coverage.read < made.coverage.sections == 10
        assert made.coverage.characters < long.characters
        assert not made.coverage.whole


async def test_a_part_that_is_too_long_for_the_model_is_halved(tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        shown, _, _ = asked.users[0].partition("</paper>")
        return Fail(400, "context_length_exceeded") if len(shown) > 3_000 else well(asked)

    long = long_text(4)
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = reply
        made, _ = await analyzed(stage, long)
        assert made.coverage.whole
        assert made.coverage.characters == long.characters
        reads = [one for one in stage.server.asked if task_of(one) is Task.NOTES]
        assert len(reads) == 7  # two of them in vain


async def test_what_is_cut_off_is_asked_of_smaller_parts(tmp_path: Path) -> None:
    async with llm_stage(tmp_path) as stage:
        stage.server.says(Say('{"core": {"te', finish="length"))
        stage.server.otherwise = well
        made, _ = await analyzed(stage)
        assert tasks(stage)[:3] == [Task.IDEA, Task.NOTES, Task.NOTES]
        assert made.coverage.whole


async def test_of_a_very_long_paper_the_appendices_are_left_out_first(tmp_path: Path) -> None:
    long = long_text(8, appendices=8)
    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = well
        made, _ = await analyzed(stage, long)
        assert len(stage.server.asked) <= MOST_CALLS
        seen = "".join(asked.users[0] for asked in stage.server.asked)
        assert all(f"## {one.name}\n" in seen for one in long.sections if not one.appendix)
        assert made.coverage.read < made.coverage.sections == len(long.sections)


async def test_what_nothing_could_be_written_of_is_told_by_the_notes(tmp_path: Path) -> None:
    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = but(experiments=Say("", refusal="No."))
        made, _ = await analyzed(stage, long_text(6))
        assert made.claims[Aspect.RESULTS][0].table == "Table 1"


async def test_notes_from_everywhere_are_written_of(tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        if task_of(asked) is not Task.NOTES:
            return well(asked)
        regions = [n for n in range(5, 15) if f"## {n} Rivers of Region {n}\n" in asked.users[0]]
        results = [
            point(f"The gauges of region {n} are read every ten minutes.", f"{n}", about="results")
            for n in regions
        ]
        return saying(noted(*results)) if results else well(asked)

    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = reply
        await analyzed(stage, long_text(10))
        (asked,) = [one for one in stage.server.asked if task_of(one) is Task.EXPERIMENTS]
        notes = asked.users[0].partition("<notes>")[2]
        assert all(f"region {n} are read" in notes for n in range(5, 15))


async def test_a_part_of_which_nothing_is_noted_is_asked_again_and_was_not_read(
    tmp_path: Path,
) -> None:
    nothing = saying({"notes": []})

    def reply(asked: Asked) -> Reply:
        noting = task_of(asked) is Task.NOTES
        return nothing if noting and "## 8 Rivers of Region 8" in asked.users[0] else well(asked)

    async with llm_stage(tmp_path, context=SMALL) as stage:
        stage.server.otherwise = reply
        made, _ = await analyzed(stage, long_text(6))
        assert made.claims[Aspect.CORE]
        assert 4 <= made.coverage.read < made.coverage.sections == 10
        again = [
            one
            for one in stage.server.asked
            if "Nothing is written that can be used." in one.users[-1]
        ]
        assert {task_of(one) for one in again} == {Task.NOTES}
        assert "In `about` each note names one of: need, " in again[0].users[-1]


async def test_of_a_long_answer_that_is_cut_off_what_is_whole_serves(tmp_path: Path) -> None:
    whole = saying(said(Task.EXPERIMENTS)).text
    begun = whole[: whole.index('"hardware"') + 40]
    async with llm_stage(tmp_path) as stage:
        stage.server.otherwise = but(experiments=Say(begun, finish="length"))
        made, _ = await analyzed(stage)
        assert made.claims[Aspect.RESULTS][0].quote
        assert Aspect.HARDWARE not in made.claims
        assert Task.NOTES not in tasks(stage)
        assert [call.outcome for call in await stage.calls()].count(Trouble.TOO_LONG) == 1
