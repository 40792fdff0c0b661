"""Turning from paper to paper and from page to page of a chat's digest."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fake_source import FRIDAY, Talk, study
from hypothesis import given
from hypothesis import strategies as st

from formatters.catalogue import say
from formatters.compose.replies.reading import LeftOvers
from storage import chats, digests
from storage.models import (
    AnnounceType,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    Lang,
    Paper,
    Platform,
    RunState,
)

EMPTY = Digest(
    chat=ChatKey(1),
    slot="fresh",
    local_date=FRIDAY,
    days=(FRIDAY,),
    counts=Counts(),
    state=RunState.FRESH,
    cause="announced",
    sections=("cs.CV",),
)
PAPERS = [study(f"2610.0{n:04}", title=f"Flow matching, part {n}") for n in range(1, 24)]
SHOWN = 3


@pytest.fixture
async def talk(tmp_path: Path):
    talk = Talk(tmp_path)
    await talk.announce(FRIDAY, *PAPERS)
    await talk.ask("/subscribe cs.CV")
    yield talk
    talk.close()


async def record(talk: Talk, *found: Paper, day: date = FRIDAY, shown: int = SHOWN) -> None:
    """A digest of these papers; the left-over ones come first in it, as they never should."""
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    items = [
        DigestItem(
            paper.id, 1, AnnounceType.NEW, 0, reasons=(f"ti: word {paper.id}",), shown=n < shown
        )
        for n, paper in enumerate(found)
    ]
    digest = replace(
        EMPTY,
        chat=chat.key,
        local_date=day,
        days=(day,),
        counts=Counts(30, len(found), 0, shown, len(found) - shown),
        items=(*items[shown:], *items[:shown]),
    )
    await talk.db.write(digests.record, digest, talk.clock.now())


def turns(talk: Talk) -> dict[str, str]:
    return {b.label: b.command for b in talk.all_buttons if b.turns}


async def test_a_card_has_its_reasons_and_turns_to_its_neighbours(talk):
    await record(talk, *PAPERS[:5])
    said = await talk.ask("/paper 2610.00003")
    assert "We invent study 2610.00003" in said
    assert "matched ti: word 2610.00003" in said
    assert turns(talk) == {"◀ 2": "/paper 2610.00002", "4 ▶": "/paper 2610.00004"}
    assert [b.command.split()[0] for b in talk.all_buttons if not b.turns] == [
        "/save", "/up", "/down",
    ]  # fmt: skip


async def test_neighbours_lead_through_the_whole_digest_and_back(talk):
    await record(talk, *PAPERS[:5])
    await talk.ask("/paper 2610.00001")
    there, seen = 1, ["2610.00001"]
    while f"{there + 1} ▶" in turns(talk):
        command = turns(talk)[f"{there + 1} ▶"]
        await talk.ask(command)
        there += 1
        seen.append(command.removeprefix("/paper "))
    assert seen == [paper.id for paper in PAPERS[:5]]
    assert turns(talk) == {"◀ 4": "/paper 2610.00004"}


async def test_a_card_outside_of_any_digest_here_has_no_neighbours(talk):
    await record(talk, *PAPERS[:5])
    said = await talk.ask("/paper 2610.00009")
    assert "matched" not in said
    assert turns(talk) == {}
    talk.address = "elsewhere"
    assert "matched" not in await talk.ask("/paper 2610.00003")
    assert turns(talk) == {}


async def test_the_newest_digest_that_has_the_paper_says_its_place(talk):
    await record(talk, *PAPERS[:5])
    await record(talk, *PAPERS[2:4], day=FRIDAY + timedelta(days=3), shown=1)
    await talk.ask("/paper 2610.00003")
    assert turns(talk) == {"2 ▶": "/paper 2610.00004"}
    await talk.ask("/paper 2610.00002")
    assert set(turns(talk)) == {"◀ 1", "3 ▶"}


async def test_pages_turn_by_the_first_paper_that_they_show(talk):
    await record(talk, *PAPERS)
    said = await talk.ask("/more 2610.00004")
    assert " 4. new" in said
    assert "11. new" in said
    assert "12. new" not in said
    assert "12 more papers follow." in said
    assert turns(talk) == {"12–19 ▶": "/more 2610.00012"}
    said = await talk.ask("/more 2610.00012")
    assert turns(talk) == {"◀ 4–11": "/more 2610.00004", "20–23 ▶": "/more 2610.00020"}
    said = await talk.ask("/more 2610.00020")
    assert "23. new" in said
    assert "That was all of Friday 16 October 2026" in said
    assert turns(talk) == {"◀ 12–19": "/more 2610.00012"}


async def test_a_page_may_begin_anywhere_and_shown_papers_are_no_left_overs(talk):
    await record(talk, *PAPERS[:12])
    await talk.ask("/more https://arxiv.org/abs/2610.00006v1")
    assert turns(talk) == {"◀ 4–11": "/more 2610.00004"}
    await talk.ask("/more 2610.00002")
    assert turns(talk) == {"12 ▶": "/more 2610.00012"}


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 8))
def test_pages_one_after_the_other_show_every_left_over_once(shown, left, size):
    items = tuple(
        DigestItem(paper.id, 1, AnnounceType.NEW, 0, shown=n < shown)
        for n, paper in enumerate(study(f"2610.0{n:04}") for n in range(shown + left))
    )
    page = LeftOvers(replace(EMPTY, items=items), 0, size)
    pages = [page]
    while (after := pages[-1].after) is not None:
        pages.append(replace(page, start=after))
    assert [item for page in pages for item in page.items] == list(items[shown:])
    assert [page.before for page in pages] == [None, *(page.start for page in pages[:-1])]
    assert [page.number(page.start) for page in pages] == [shown + p.start + 1 for p in pages]
    assert pages[-1].left == 0


async def test_turned_pages_and_the_chats_own_place_do_not_disturb_each_other(talk):
    await record(talk, *PAPERS)
    assert " 4. new" in await talk.ask("/more")
    assert turns(talk) == {"12–19 ▶": "/more 2610.00012"}
    for paper in ("2610.00020", "2610.00012", "2610.00004"):
        await talk.ask(f"/more {paper}")
    said = await talk.ask("/more")
    assert "12. new" in said
    assert "20. new" not in said
    await talk.ask("/more")
    said = await talk.ask("/more")
    assert "That was all" in said
    assert ". new" not in said
    assert turns(talk) == {"◀ 16–23": "/more 2610.00016"}


async def test_a_page_is_no_longer_than_the_chats_digests(talk):
    await talk.ask("/settings length 2")
    await record(talk, *PAPERS)
    await talk.ask("/more")
    assert turns(talk) == {"6–7 ▶": "/more 2610.00006"}
    await talk.ask("/settings length 50")
    await talk.ask("/more 2610.00004")
    assert turns(talk) == {"12–19 ▶": "/more 2610.00012"}


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("typed", ["2610.00022", "2501.00001", "next", "-1"])
async def test_what_is_in_no_digest_here_gets_a_word_and_an_example(talk, lang, typed):
    await record(talk, *PAPERS[:5])
    await talk.ask(f"/settings lang {lang}")
    said = await talk.ask(f"/more {typed}")
    assert say("more.unknown", lang, typed=typed) in said.replace("\n", "")
    assert talk.reply.failed


async def test_a_digest_without_left_overs_ends_at_once(talk):
    await record(talk, *PAPERS[:2], shown=2)
    assert "That was all of Friday" in await talk.ask("/more 2610.00001")
    assert "That was all of Friday" in await talk.ask("/more")
    assert talk.all_buttons == []
