"""What one person says is answered in its order, what different people say side by side."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lanes import Lanes


async def say(lanes: Lanes, who: str, what: str, told: list[str], pause: int = 1) -> None:
    async with lanes.turn(who):
        told.append(f"{who} {what} begins")
        for _ in range(pause):
            await asyncio.sleep(0)
        told.append(f"{who} {what} ends")


async def test_one_persons_lines_follow_each_other_and_others_pass() -> None:
    lanes, told = Lanes(), []
    await asyncio.gather(
        say(lanes, "Imena", "1", told, pause=9),
        say(lanes, "Imena", "2", told),
        say(lanes, "Tolan", "1", told),
    )
    of_imena = [line for line in told if line.startswith("Imena")]
    assert of_imena == ["Imena 1 begins", "Imena 1 ends", "Imena 2 begins", "Imena 2 ends"]
    assert told.index("Tolan 1 ends") < told.index("Imena 1 ends")


async def test_a_line_that_nobody_stands_in_is_forgotten() -> None:
    lanes, told = Lanes(), []
    await asyncio.gather(*(say(lanes, f"reader {n % 7}", str(n), told) for n in range(50)))
    assert len(told) == 100
    assert lanes._lines == {}


async def test_who_fails_or_is_broken_off_lets_the_next_one_in() -> None:
    lanes, told = Lanes(), []
    with pytest.raises(ZeroDivisionError):
        async with lanes.turn("Imena"):
            raise ZeroDivisionError
    holding = asyncio.create_task(say(lanes, "Imena", "1", told, pause=10_000))
    waiting = asyncio.create_task(say(lanes, "Imena", "2", told))
    last = asyncio.create_task(say(lanes, "Imena", "3", told))
    await asyncio.sleep(0)
    waiting.cancel()
    holding.cancel()
    await asyncio.wait_for(last, 5)
    assert told == ["Imena 1 begins", "Imena 3 begins", "Imena 3 ends"]
    assert lanes._lines == {}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=30))
def test_whoever_comes_when_everybody_is_answered_in_their_order(
    lines: list[tuple[str, int, bool]],
) -> None:
    async def all_of_them() -> dict[str, list[int]]:
        lanes = Lanes()
        told: dict[str, list[int]] = {}
        inside: set[str] = set()

        async def one(number: int, who: str, pause: int) -> None:
            async with lanes.turn(who):
                assert who not in inside
                inside.add(who)
                for _ in range(pause):
                    await asyncio.sleep(0)
                told.setdefault(who, []).append(number)
                inside.discard(who)

        tasks = []
        for number, (who, pause, waits) in enumerate(lines):
            tasks.append(asyncio.create_task(one(number, who, pause)))
            if waits:
                await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        assert lanes._lines == {}
        return told

    told = asyncio.run(all_of_them())
    for who, numbers in told.items():
        assert numbers == [n for n, (each, *_) in enumerate(lines) if each == who]
