"""What one chat's digest holds, whatever was announced, matched and sent before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import planning
from jobs.matching import Matched
from jobs.planning import Assembled, Group, Window
from storage.models import (
    AnnounceType,
    Candidate,
    Chat,
    ChatKey,
    Lang,
    Paper,
    PaperId,
    Platform,
    Prepared,
    Run,
    RunState,
    Slot,
    Subscription,
    SubscriptionKey,
    When,
)

MONDAY = date(2026, 2, 2)
NOON = datetime(2026, 2, 6, 12, tzinfo=UTC)
CHAT = Chat(ChatKey(1), Platform.TERMINAL, "room", Lang.EN, "UTC")
FRESH = When(Slot.FRESH, "UTC")


def paper_of(row: int) -> PaperId:
    return PaperId(f"2602.{row:05}")


def announced(
    seq: int, row: int, *, kind: str = "new", version: int = 1, day: int = 0
) -> Candidate:
    paper = Paper(paper_of(row), version, f"Study {row}", "", ("Imena Vorga",), "cs.CV", ("cs.CV",))
    day_of = MONDAY + timedelta(days=day)
    return Candidate(seq, row, day_of, AnnounceType(kind), version, Prepared(paper, "", ""))


def subscription(key: int = 1, **fields: object) -> Subscription:
    plain = {
        "topic": f"topic {key}",
        "when": FRESH,
        "lang": None,
        "limit": None,
        "split": False,
        "replacements": False,
        "since": 0,
        "paused_until": None,
        "next_due": None,
    }
    return Subscription(key=SubscriptionKey(key), chat=CHAT.key, created=NOON, **(plain | fields))


def digest_of(
    window: Window,
    matched: Sequence[Sequence[int]],
    subscriptions: Sequence[Subscription],
    seen: dict[PaperId, int] | None = None,
    *,
    length: int = 8,
    run: Run | None = None,
) -> Assembled:
    chat = Chat(CHAT.key, CHAT.platform, CHAT.address, CHAT.lang, CHAT.tz, length=length)
    group = Group(chat, tuple(subscriptions), "fresh", date(2026, 2, 6))
    ranked = [planning.ordered([Matched(r, 1.0, ()) for r in rows], window) for rows in matched]
    return planning.assemble(group, window, ranked, seen or {}, run)


@dataclass(frozen=True)
class Case:
    """Anything that may come together in a morning."""

    window: Window
    matched: list[list[int]]
    subscriptions: list[Subscription]
    seen: dict[PaperId, int]
    length: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    lines = draw(
        st.lists(st.tuples(st.integers(0, 11), st.sampled_from(AnnounceType)), max_size=25)
    )
    versions: dict[int, int] = {}
    candidates = []
    for seq, (row, kind) in enumerate(lines, 1):
        versions[row] = versions.get(row, 0) + (kind.is_replacement or row not in versions)
        candidates.append(announced(seq, row, kind=kind, version=versions[row], day=seq // 8))
    window = planning.window_of(candidates)
    rows = (
        st.lists(st.sampled_from(sorted(window.rows)), unique=True) if window.rows else st.just([])
    )
    count = draw(st.integers(1, 4))
    return Case(
        window=window,
        matched=[draw(rows) for _ in range(count)],
        subscriptions=[
            subscription(
                key,
                limit=draw(st.none() | st.integers(1, 5)),
                replacements=draw(st.booleans()),
                since=draw(st.integers(0, len(lines))),
            )
            for key in range(count)
        ],
        seen={paper_of(r): draw(st.integers(1, 4)) for r in draw(rows)},
        length=draw(st.integers(1, 6)),
    )


def made(case: Case) -> Assembled:
    return digest_of(case.window, case.matched, case.subscriptions, case.seen, length=case.length)


@given(cases())
def test_the_counts_add_up(case: Case) -> None:
    digest = made(case).digest
    counts = digest.counts
    assert counts.announced >= counts.matched
    assert counts.matched == counts.already_sent + counts.shown + counts.left_over
    assert counts.shown == sum(item.shown for item in digest.items)
    assert counts.left_over == sum(not item.shown for item in digest.items)


@given(cases())
def test_each_paper_is_printed_once_with_all_its_other_topics(case: Case) -> None:
    assembled = made(case)
    papers = [item.paper for item in assembled.digest.items]
    assert len(papers) == len(set(papers))
    assert set(papers) == set(assembled.rows)
    for item in assembled.digest.items:
        row = assembled.rows[item.paper]
        for section in (item.section, *item.also):
            assert row in case.matched[section]
        assert item.section not in item.also


@given(cases())
def test_no_new_paper_that_a_subscription_waits_for_is_missing(case: Case) -> None:
    listed = {item.paper for item in made(case).digest.items}
    for rows, one in zip(case.matched, case.subscriptions, strict=True):
        for row in rows:
            is_new = any(
                c.seq > one.since and not c.kind.is_replacement for c in case.window.rows[row]
            )
            if is_new and paper_of(row) not in case.seen:
                assert paper_of(row) in listed


@given(cases())
def test_what_was_sent_comes_again_only_as_a_newer_versions_replacement(case: Case) -> None:
    for item in made(case).digest.items:
        if item.paper in case.seen:
            assert item.kind.is_replacement
            assert item.version > case.seen[item.paper]
        if item.kind.is_replacement:
            assert case.subscriptions[item.section].replacements


@given(cases())
def test_the_limits_are_kept_and_no_place_is_wasted(case: Case) -> None:
    digest = made(case).digest
    limits = [one.limit or case.length for one in case.subscriptions]
    shown = [item for item in digest.items if item.shown]
    assert len(shown) <= max(limits)
    for section, limit in enumerate(limits):
        assert sum(item.section == section for item in shown) <= limit
    if len(case.subscriptions) == 1:
        assert len(shown) == min(limits[0], len(digest.items))
    assert digest.items == tuple(sorted(digest.items, key=lambda item: not item.shown))


def test_a_small_topic_is_not_crowded_out_by_a_large_one() -> None:
    window = planning.window_of([announced(seq, seq) for seq in range(1, 31)])
    digest = digest_of(
        window, [list(range(1, 28)), [28, 29, 30]], [subscription(1), subscription(2)]
    )
    sections = [item.section for item in digest.digest.items if item.shown]
    assert sections == [0, 1, 0, 1, 0, 1, 0, 0]


def test_a_paper_of_two_topics_is_printed_once_and_tagged() -> None:
    window = planning.window_of([announced(1, 1), announced(2, 2)])
    digest = digest_of(window, [[1], [1, 2]], [subscription(1), subscription(2)]).digest
    assert [(item.paper, item.section, item.also) for item in digest.items] == [
        (paper_of(1), 0, (1,)),
        (paper_of(2), 1, ()),
    ]


def test_replacements_count_as_announced_where_a_subscription_takes_them() -> None:
    window = planning.window_of(
        [announced(1, 1), announced(2, 2, kind="replace", version=2), announced(3, 3)]
    )
    with_them = digest_of(window, [[1, 2]], [subscription(replacements=True)]).digest.counts
    without = digest_of(window, [[1, 2]], [subscription()]).digest.counts
    assert (with_them.announced, with_them.matched) == (3, 2)
    assert (without.announced, without.matched) == (2, 1)


def test_a_cross_list_after_the_subscription_began_counts_although_the_paper_is_older() -> None:
    window = planning.window_of([announced(1, 1), announced(2, 1, kind="cross", day=1)])
    counts = digest_of(window, [[1]], [subscription(since=1)]).digest.counts
    assert (counts.announced, counts.matched, counts.shown) == (1, 1, 1)


def test_subscriptions_of_one_hour_share_a_digest_unless_split_or_in_another_language() -> None:
    hourly = When(Slot.DAILY, "UTC", time(8, 30))
    found = planning.grouped(
        CHAT,
        [
            (subscription(1, when=hourly), MONDAY),
            (subscription(2, when=hourly), MONDAY),
            (subscription(3, when=hourly, split=True), MONDAY),
            (subscription(4, when=hourly, split=True), MONDAY),
            (subscription(5, when=hourly, lang=Lang.ZH), MONDAY),
            (subscription(6), MONDAY),
        ],
    )
    assert [[s.key for s in group.subscriptions] for group in found] == [[1, 2], [3], [4], [5], [6]]
    assert len({group.slot for group in found}) == 5


def run(state: RunState, cause: str) -> Run:
    return Run(NOON, NOON, state, cause, day=MONDAY, late=timedelta(minutes=100))


@pytest.mark.parametrize(
    ("state", "cause"),
    [(RunState.QUIET, "weekend"), (RunState.STALLED, "late"), (RunState.FAILED, "throttled")],
)
def test_where_nothing_was_announced_the_last_run_says_why(state: RunState, cause: str) -> None:
    empty = planning.window_of([])
    digest = digest_of(empty, [[]], [subscription()], run=run(state, cause)).digest
    assert (digest.state, digest.cause) == (state, cause)
    full = planning.window_of([announced(1, 1)])
    assert digest_of(full, [[]], [subscription()], run=run(state, cause)).digest.state == "fresh"


def test_lateness_is_told_of_a_digest_of_that_day_alone() -> None:
    late = run(RunState.FRESH, "announced")
    one_day = digest_of(planning.window_of([announced(1, 1)]), [[1]], [subscription()]).digest
    two_days = digest_of(
        planning.window_of([announced(1, 1), announced(2, 2, day=1)]), [[1]], [subscription()]
    ).digest
    assert planning.lateness_of(late, one_day) == timedelta(minutes=100)
    assert planning.lateness_of(late, two_days) == timedelta(0)
    assert planning.lateness_of(None, one_day) == timedelta(0)
