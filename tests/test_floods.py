"""How much one person may ask: a word to the hasty, silence, and no harm to anybody else."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from fake_source import Talk
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.floods import MOST_KEPT, MOST_TAPPED, MOST_TYPED, SPAN, Floods
from bot.commands.request import AccessRules
from storage.models import Lang

NOW = datetime(2026, 10, 16, 6, 0, tzinfo=UTC)
GROUP = "-1002233445566"


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path, access=AccessRules(open=True))
    yield talk
    talk.close()


async def test_the_eleventh_line_within_ten_seconds_gets_a_word_and_further_ones_none(talk):
    for _ in range(MOST_TYPED):
        assert "No ready-made" in await talk.tell("/topics zzz")
    talk.clock.advance(timedelta(seconds=3.5))
    assert await talk.tell("/topics") == "Slowly, please; I listen again in 7 seconds.\n"
    assert talk.reply.failed
    talk.clock.advance(timedelta(seconds=6))
    assert await talk.tell("/topics") is None
    talk.clock.advance(timedelta(seconds=0.5))
    assert "Ready-made topics" in await talk.tell("/topics")


async def test_the_word_is_said_in_the_chats_language(talk):
    await talk.tell("/settings lang zh")
    said = [await talk.tell("/topics", lang=Lang.EN) for _ in range(MOST_TYPED)]
    assert said[-1] == "请慢一点，10 秒后再继续。\n"


async def test_what_is_slowed_changes_nothing(talk):
    for _ in range(MOST_TYPED):
        await talk.tell("/topics zzz")
    for topic in ("cs.CV", "cs.LG"):
        await talk.tell(f"/subscribe {topic}")
    talk.clock.advance(SPAN)
    assert "no subscriptions" in await talk.tell("/subscriptions")


async def test_others_are_answered_while_one_is_slowed(talk):
    for _ in range(MOST_TYPED + 5):
        await talk.tell("/topics zzz", room=GROUP)
    assert await talk.tell("/topics zzz", room=GROUP) is None
    assert await talk.tell("/topics zzz") is None, "a person is slowed in every chat"
    assert await talk.tell("/topics zzz", user=6, room=GROUP) is not None


async def test_taps_have_a_wider_window_of_their_own(talk):
    for _ in range(MOST_TAPPED):
        assert "No ready-made" in await talk.tell("/topics zzz", tapped=True)
    assert "Slowly" in await talk.tell("/topics zzz", tapped=True)
    assert "No ready-made" in await talk.tell("/topics zzz")


async def test_the_terminal_is_never_slowed(talk):
    for _ in range(MOST_TAPPED + 1):
        assert "Slowly" not in await talk.ask("/topics zzz")


async def test_other_peoples_talk_in_a_group_counts_for_nothing(talk):
    for _ in range(MOST_TYPED + 1):
        assert await talk.tell("lunch?", room=GROUP, addressed=False) is None
    assert "No ready-made" in await talk.tell("/topics zzz", room=GROUP)


async def test_a_stranger_hears_one_refusal_and_no_word_about_haste(tmp_path):
    talk = Talk(tmp_path)
    said = [await talk.tell("/start") for _ in range(MOST_TYPED)]
    said += [await talk.tell("/start", room=f"-{group}") for group in range(1, 5)]
    assert "is private" in said[0]
    assert set(said[1:]) == {None}
    talk.close()


@given(st.lists(st.floats(0, 20), max_size=120))
def test_no_window_ever_lets_more_through_and_the_word_comes_once_in_it(gaps):
    floods, now = Floods(), NOW
    admitted, told = [], []
    for gap in gaps:
        now += timedelta(seconds=gap * gap / 40)
        slowed = floods.admit("p", now)
        if slowed is None:
            admitted.append(now)
        else:
            assert 1 <= slowed.seconds <= SPAN.total_seconds()
            again = now + timedelta(seconds=slowed.seconds)
            assert deepcopy(floods).admit("p", again) is None, "it listens again when it says"
            told += [] if slowed.silent else [now]
    for moments, most in ((admitted, MOST_TYPED), (told, 1)):
        later = moments[most:]
        assert all(b - a >= SPAN for a, b in zip(moments, later, strict=False))


def test_a_clock_that_is_set_back_locks_nobody_out():
    floods = Floods()
    for _ in range(MOST_TYPED):
        assert floods.admit("p", NOW) is None
    assert floods.admit("p", NOW) is not None
    assert floods.admit("p", NOW - timedelta(days=1)) is None


def test_the_memory_of_windows_is_bounded_and_the_idle_ones_go_first():
    floods = Floods()
    for _ in range(MOST_TYPED):
        floods.admit("hasty", NOW)
    for n in range(MOST_KEPT * 2):
        floods.admit(f"p{n}", NOW)
        if n % 100 == 0:
            assert floods.admit("hasty", NOW) is not None
    assert len(floods._windows) == MOST_KEPT
