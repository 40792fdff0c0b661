"""The pace of sending: limits that hold whatever happens, and a rate that is used up."""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import MINUTE, MOST, MOST_IN_GROUP, MOST_WITH_ANSWERS, SECOND, is_group, most_within
from posting import NOW

from bot.pacing import Pacer


@dataclass(frozen=True)
class Went:
    """Something was sent."""

    at: datetime
    chat: str
    wanted: int
    """Its place in the order in which things were wanted."""
    answer: bool


class Street:
    """Who wants to send, in a time that passes from one event to the next."""

    def __init__(self, late: Callable[[], float] = lambda: 0.0) -> None:
        """`late` is how many seconds too late somebody wakes up."""
        self.pacer = Pacer()
        self.now = NOW
        self.went: list[Went] = []
        self.wanted = 0
        self._late = late
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def at(self, moment: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (moment, next(self._numbers), do))

    def run(self, until: datetime = NOW + timedelta(days=1)) -> None:
        while self._agenda and self._agenda[0][0] < until:
            self.now, _, do = heapq.heappop(self._agenda)
            do()

    def part(self, chat: str, then: Callable[[], None] = lambda: None) -> None:
        ticket = self.pacer.join(chat, group=is_group(chat))
        self._want(chat, lambda: self.pacer.ask(ticket, self.now), then, answer=False)

    def answer(self, chat: str) -> None:
        def ask() -> timedelta:
            return self.pacer.answer(chat, self.now, group=is_group(chat))

        self._want(chat, ask, lambda: None, answer=True)

    def always(self, chat: str, takes: timedelta) -> None:
        """One part after the other, each of which takes a time to send."""
        self.part(chat, lambda: self.at(self.now + takes, lambda: self.always(chat, takes)))

    def refuse(self, chat: str, seconds: float) -> None:
        self.pacer.refused(chat, timedelta(seconds=seconds), self.now)

    def times(self, *chats: str) -> list[datetime]:
        return [went.at for went in self.went if not chats or went.chat in chats]

    def _want(self, chat: str, ask, then: Callable[[], None], *, answer: bool) -> None:
        def try_it() -> None:
            if wait := ask():
                self.at(self.now + wait + timedelta(seconds=self._late()), try_it)
            else:
                self.went.append(Went(self.now, chat, number, answer))
                then()

        self.wanted += 1
        number = self.wanted
        try_it()


def overall_limits_hold(went: list[Went]) -> None:
    times = [each.at for each in went]
    assert most_within(times, SECOND) <= MOST_WITH_ANSWERS
    for place, each in enumerate(went):
        if not each.answer and place >= MOST:
            assert times[place - MOST] <= each.at - SECOND


def chat_limits_hold(chat: str, went: list[Went]) -> None:
    times = [each.at for each in went]
    for earlier, later in itertools.pairwise(went):
        assert later.answer or later.at - earlier.at >= SECOND
    for seconds in (1, 5, 60):  # one a second in the long run, whatever bursts
        assert most_within(times, seconds * SECOND) <= seconds + 2
    if is_group(chat):
        assert most_within(times, MINUTE) <= MOST_IN_GROUP
    parts = [each.wanted for each in went if not each.answer]
    assert parts == sorted(parts)


CHATS = st.sampled_from(["anna", "ben", "-lab", "-school"])
EVENTS = st.tuples(
    st.floats(0, 3),
    st.one_of(
        st.tuples(st.just("parts"), CHATS, st.integers(1, 30)),
        st.tuples(st.just("answers"), CHATS, st.integers(1, 8)),
        st.tuples(st.just("morning"), CHATS, st.integers(1, 70)),
        st.tuples(st.just("taps"), CHATS, st.integers(1, 40)),
        st.tuples(st.just("refuse"), CHATS, st.integers(1, 20)),
    ),
)


def happen(street: Street, kind: str, chat: str, number: int) -> None:
    if kind == "refuse":
        street.refuse(chat, number)
    for place in range(number if kind != "refuse" else 0):
        if kind == "parts":
            street.part(chat)
        elif kind == "answers":
            street.answer(chat)
        elif kind == "morning":
            street.part(f"{chat} {place}")
        elif kind == "taps":
            street.answer(f"{chat} {place}")


@settings(max_examples=150)
@given(
    events=st.lists(EVENTS, min_size=1, max_size=12),
    seed=st.integers(0, 9),
    lateness=st.sampled_from([0, 0.01, 2.0]),
)
def test_the_limits_hold_whatever_is_wanted_and_everything_goes_at_last(events, seed, lateness):
    dice = Random(seed)
    street = Street(late=lambda: dice.random() * lateness)
    moment = NOW
    for gap, event in events:
        moment += timedelta(seconds=gap)
        street.at(moment, lambda event=event: happen(street, *event))
    street.run()
    assert len(street.went) == street.wanted
    overall_limits_hold(street.went)
    by_chat = defaultdict(list)
    for went in street.went:
        by_chat[went.chat].append(went)
    for chat, sent in by_chat.items():
        chat_limits_hold(chat, sent)


@pytest.mark.parametrize(("late", "share"), [(0.0, 0.99), (0.004, 0.98)])
def test_sixty_chats_always_waiting_use_up_the_rate_in_turn(late, share):
    street = Street(late=lambda: late)
    for chat in range(60):
        street.always(str(chat), takes=timedelta(milliseconds=200))
    street.run(NOW + MINUTE)
    assert share * MOST * 60 <= len(street.went) <= MOST * 60
    overall_limits_hold(street.went)
    counts = [len(street.times(str(chat))) for chat in range(60)]
    assert max(counts) - min(counts) <= 1


def test_answers_pass_the_line_at_once_and_the_line_steps_back():
    street = Street()
    for chat in range(60):
        street.always(str(chat), takes=timedelta(milliseconds=200))
    asked = [NOW + timedelta(milliseconds=470 * n) for n in range(120)]
    for number, moment in enumerate(asked):
        street.at(moment, lambda number=number: street.answer(f"reader {number}"))
    street.run(NOW + MINUTE)
    answered = [went.at for went in street.went if went.answer]
    assert answered == asked
    assert 0.99 * MOST * 60 <= len(street.went) <= MOST * 60 + 2
    overall_limits_hold(street.went)


def test_a_person_may_ask_three_times_in_a_moment_and_then_once_a_second():
    street = Street()
    for _ in range(5):
        street.answer("anna")
    street.run()
    street.part("anna")
    street.run()
    waited = [(at - NOW).total_seconds() for at in street.times()]
    assert waited == [0, 0, 0, 1, 2, 5]  # the part waits until that is worked off


def test_a_group_gets_twenty_a_minute_answers_included():
    street = Street()
    for _ in range(18):
        street.part("-lab")
    street.run()
    street.answer("-lab")
    street.answer("-lab")
    street.answer("-lab")
    street.part("-lab")
    street.run()
    assert street.times()[19] < NOW + 20 * SECOND
    assert street.times()[20:] == [NOW + MINUTE, NOW + MINUTE + SECOND]


def test_a_refused_chat_delays_no_other():
    street = Street()
    street.refuse("0", 30)
    street.refuse("-lab", 40)
    street.answer("0")
    for chat in range(100):
        street.part(str(chat))
    street.part("-lab")
    street.run()
    assert street.times("0") == [NOW + 30 * SECOND, NOW + 31 * SECOND]
    assert street.times("-lab") == [NOW + 40 * SECOND]
    others = street.times(*map(str, range(1, 100)))
    assert others[-1] - NOW < timedelta(seconds=99 / MOST)


def test_three_chats_refused_within_ten_seconds_hold_everything():
    street = Street()
    street.refuse("anna", 5)
    street.at(NOW + 3 * SECOND, lambda: street.refuse("ben", 30))
    street.at(NOW + 9 * SECOND, lambda: street.refuse("-lab", 3))
    street.at(NOW + 9 * SECOND, lambda: street.part("carla"))
    street.at(NOW + 9 * SECOND, lambda: street.answer("dora"))
    street.run()
    assert set(street.times()) == {NOW + 33 * SECOND}


@pytest.mark.parametrize(("second", "third"), [("anna", 1), ("ben", 11)])
def test_one_chat_again_and_again_or_three_far_apart_hold_nothing(second, third):
    street = Street()
    street.refuse("anna", 60)
    street.refuse(second, 60)
    street.at(NOW + third * SECOND, lambda: street.refuse("-lab", 60))
    street.at(NOW + third * SECOND, lambda: street.part("carla"))
    street.run()
    assert street.times() == [NOW + third * SECOND]


def test_who_leaves_the_line_is_not_waited_for():
    pacer = Pacer()
    for tap in range(MOST):
        assert not pacer.answer(f"{tap}", NOW, group=False)
    first, second = pacer.join("anna", group=False), pacer.join("ben", group=False)
    assert pacer.ask(first, NOW) == SECOND
    assert pacer.ask(second, NOW) > SECOND
    pacer.leave(first)
    assert pacer.ask(second, NOW) == SECOND


def test_a_clock_that_is_set_back_stops_nothing_and_forgets_nothing():
    street = Street()
    street.refuse("ben", 60)
    for tap in range(MOST):
        street.answer(f"{tap}")
    street.now -= timedelta(hours=1)
    hour_ago = street.now
    street.part("anna")
    street.part("ben")
    street.run()
    assert street.times("anna") == [hour_ago + SECOND]
    assert street.times("ben") == [hour_ago + MINUTE]


def test_what_lies_behind_is_forgotten():
    street = Street()
    for number in range(2_000):
        moment = NOW + number * SECOND
        street.at(moment, lambda number=number: street.answer(f"-{number}"))
        if number % 10 == 0:
            street.at(moment, lambda number=number: street.refuse(f"{number}", 100))
    street.run()
    pacer = street.pacer
    assert len(street.went) == 2_000
    assert len(pacer._accounts) <= 61
    assert len(pacer._held) <= 11
    assert len(pacer._refused) <= 2
    assert len(pacer._line) == 0
