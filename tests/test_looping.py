"""Circles are heard; what merely repeats words is not one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.llm.looping import EVERY, WINDOWS, Listener, goes_round

SHORT, LONG = (window for window, _ in WINDOWS)


@given(st.text(min_size=1, max_size=100), st.text(max_size=300))
def test_a_piece_said_again_and_again_is_a_circle(piece, before):
    assert goes_round(before + piece * (SHORT // len(piece) + 1))


def test_a_long_piece_is_one_after_three_times():
    entries = [
        f'{{"quote": "Gauge {n} is read.", "text": "The gauge is read."}}, ' for n in range(18)
    ]
    piece = "".join(entries)
    assert not goes_round("Before. " + piece * 2)
    assert goes_round("Before. " + piece * (LONG // len(piece) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" * (SHORT - 1),
        " ".join(f"The method gains {n}.{n % 7} points on benchmark {n}." for n in range(40)),
        "，".join(f"方法在第{n}个基准上提高了{n}个百分点" for n in range(60)),
    ],
)
def test_lists_and_short_texts_are_none(text):
    assert not goes_round(text)


@given(st.lists(st.integers(1, 30), min_size=60, max_size=90))
def test_it_is_heard_in_pieces_of_any_size(sizes):
    listener, text = Listener(), "提升了性能，" * 400
    heard, at = [], 0
    for size in sizes:
        heard.append(listener.hear(text[at : at + size]))
        at += size
    if at >= SHORT + EVERY + max(sizes):
        assert any(heard)
    if at < SHORT:
        assert not any(heard)
