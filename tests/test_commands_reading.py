"""Conversations about reading: digests, cards, search, and arXiv's bad weather."""

from datetime import UTC, datetime, timedelta

import pytest
from fake_source import FRIDAY, Talk, study

from bot.commands.request import Visibility
from jobs.ports import RetryLater, SourceError
from storage import chats, digests, papers, runs
from storage.models import (
    AnnounceType,
    Counts,
    Digest,
    DigestItem,
    Lang,
    Platform,
    Run,
    RunState,
)

CAUSES = (
    "unreachable", "throttled", "refused", "foreign-page", "truncated", "bad-category",
    "error-entry", "server-error",
)  # fmt: skip
PAPERS = [
    study(
        f"2610.0{n:04}",
        title=f"Flow matching, part {n}",
        published=datetime(2026, 10, n, tzinfo=UTC),
    )
    for n in range(1, 14)
]


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path)
    yield talk
    talk.close()


@pytest.fixture
def chinese(tmp_path):
    talk = Talk(tmp_path, Lang.ZH)
    yield talk
    talk.close()


async def record_digest(talk: Talk, *, empty: str | None = None) -> None:
    """A digest of the chat's only topic that showed three of PAPERS, or none."""
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    items = [
        DigestItem(paper.id, 1, AnnounceType.NEW, 0, shown=n < 3) for n, paper in enumerate(PAPERS)
    ]
    digest = Digest(
        chat=chat.key,
        slot="fresh",
        local_date=FRIDAY,
        days=(FRIDAY,),
        counts=Counts() if empty else Counts(14, 13, 0, 3, 10),
        state=RunState.QUIET if empty else RunState.FRESH,
        cause=empty or "announced",
        sections=("cs.CV",),
        items=() if empty else tuple(items),
    )
    await talk.db.write(digests.record, digest, talk.clock.now())


async def test_a_digest_on_request_shows_cards_and_marks_nothing(talk):
    await talk.announce(FRIDAY, *PAPERS)
    await talk.ask("/subscribe cs.CV max 3")
    first = await talk.ask("/digest")
    assert "announced 13 → matched 13 → already sent 0 · shown 3 · left over 10" in first
    assert "TL;DR" in first
    assert await talk.ask("今日速递 1") == first
    chat = await talk.db.read(chats.find, Platform.TERMINAL, talk.address)
    assert await talk.db.read(digests.seen, chat.key, [p.id for p in PAPERS]) == {}


async def test_a_digest_of_any_topic_needs_no_subscription(chinese):
    await chinese.announce(FRIDAY, *PAPERS)
    assert "命中 13" in await chinese.ask("今日速递 流匹配")
    assert await chinese.db.read(chats.find, Platform.TERMINAL, chinese.address) is None


async def test_an_empty_digest_says_why_with_its_counts(talk):
    await talk.announce(FRIDAY, *PAPERS)
    said = await talk.ask("/digest quantum")
    assert "Nothing matched out of 13" in said
    assert "announced 13 → matched 0" in said


async def test_a_digest_of_nothing_asks_for_a_topic(talk):
    assert "Name a topic: /digest multimodal" in await talk.ask("/digest")
    assert "“7” is none of this chat's subscriptions" in await talk.ask("/digest 7")


async def test_more_turns_the_pages_of_the_last_digest(talk):
    assert "no digest here yet" in await talk.ask("/more")
    await talk.announce(FRIDAY, *PAPERS)
    await talk.ask("/subscribe cs.CV")
    await record_digest(talk)
    said = await talk.ask("/more")
    assert " 4. new" in said
    assert "11. new" in said
    assert "2 more papers follow." in said
    assert talk.buttons == {"12–13 ▶": "/more 2610.00012"}
    said = await talk.ask("更多")
    assert "12. new" in said
    assert "That was all of Friday 16 October 2026" in said
    assert "That was all" in await talk.ask("/more")


@pytest.mark.parametrize(
    "line",
    [
        "/paper 2610.00001",
        "论文 2610.00001",
        "论文2610.00001",
        "2610.00001v1",
        "https://arxiv.org/pdf/2610.00001",
        "paper arXiv:2610.00001",
    ],
)
async def test_a_paper_is_shown_for_any_form_of_its_id(talk, line):
    await talk.announce(FRIDAY, PAPERS[0])
    said = await talk.ask(line)
    assert "Flow matching, part 1" in said
    assert "We invent study 2610.00001" in said
    assert talk.buttons["Save"] == "/save 2610.00001"
    assert talk.source.asked == []


async def test_a_paper_that_is_not_stored_is_fetched_once(talk):
    talk.source.known["2501.00001"] = study("2501.00001", title="From far away")
    assert "From far away" in await talk.ask("2501.00001")
    assert "From far away" in await talk.ask("/paper 2501.00001")
    assert talk.source.asked == ["papers"]


async def test_an_unknown_paper_is_told_with_the_link(chinese):
    said = await chinese.ask("/paper 2501.09999")
    assert "没有 2501.09999 这篇论文" in said
    assert "https://arxiv.org/abs/2501.09999" in said
    assert chinese.reply.failed
    assert chinese.reply.visibility is Visibility.PERSON


async def test_a_withdrawn_paper_says_so(talk):
    gone = study("2610.00077", comment="This paper has been withdrawn by the author")
    await talk.announce(FRIDAY, gone)
    assert "Withdrawn" in await talk.ask("2610.00077")


@pytest.mark.parametrize("typed", ["", " twelve", " 2613.00001", " https://example.org/1"])
async def test_a_malformed_id_gets_a_correct_example(talk, typed):
    said = await talk.ask(f"/paper{typed}")
    assert "For example: /paper 2602.06043" in said
    assert talk.reply.failed
    assert talk.source.asked == []


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("cause", CAUSES)
async def test_every_bad_weather_has_a_sentence_in_both_languages(tmp_path, lang, cause):
    talk = Talk(tmp_path, lang)
    talk.source.failing = SourceError(cause, "503 <html>")
    said = await talk.ask("/paper 2501.00001")
    talk.close()
    assert talk.reply.failed
    assert "arXiv" in said
    assert "503" not in said


async def test_being_throttled_is_a_sentence_too(talk):
    talk.source.failing = RetryLater("throttled")
    assert "slow down" in await talk.ask("/save 2501.00001")
    assert talk.changes == 0


async def test_a_search_has_stored_papers_first_and_then_what_arxiv_adds(talk):
    await talk.announce(FRIDAY, *PAPERS[:3])
    talk.source.known = {
        p.id: p for p in (*PAPERS[:2], study("2501.00001", title="Flow matching far away"))
    }
    said = await talk.ask("/search flow matching")
    stored, live = said.split("From arXiv, live")
    assert "From the stored papers (3 of 3)" in stored
    assert "far away" not in stored
    assert " 4. Flow matching far away" in live
    assert "part" not in live
    assert await talk.db.read(papers.get, "2501.00001") is not None


async def test_ten_stored_papers_are_enough_and_the_rest_is_counted(talk):
    await talk.announce(FRIDAY, *PAPERS)
    said = await talk.ask("/search flow matching")
    assert "From the stored papers (10 of 13)" in said
    assert said.index("part 13") < said.index("part 12")
    assert talk.source.asked == []


async def test_a_search_that_arxiv_does_not_answer_keeps_the_stored_papers(chinese):
    await chinese.announce(FRIDAY, *PAPERS[:3])
    chinese.source.failing = SourceError("unreachable")
    said = await chinese.ask("搜索 流匹配")
    assert '已按英文检索："flow matching"' in said
    assert "本地收录（共 3 篇，列出 3 篇）" in said
    assert "未能实时检索 arXiv" in said
    assert not chinese.reply.failed


async def test_a_search_without_any_result_says_so(talk):
    assert "Nothing was found" in await talk.ask("/search zyzzyva")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("/search", "Search for what?"),
        ("/search (LoRA", "never closed"),
        ("/search id:2501.09999", "/paper 2501.09999 shows it"),
        ("/search -survey", "Add what you look for"),
    ],
)
async def test_a_search_that_can_not_be_read_is_an_error(talk, line, wrong):
    assert wrong in await talk.ask(line)
    assert talk.reply.failed


async def test_status_tells_freshness_queue_and_engine_in_words(talk):
    now = talk.clock.now()
    found = Run(now, now, RunState.FRESH, "announced", day=FRIDAY, announced=412)
    failed = Run(now, now, RunState.FAILED, "throttled", detail="429")
    await talk.db.write(runs.record, found)
    await talk.db.write(runs.record, failed)
    talk.clock.advance(timedelta(hours=3))
    said = await talk.ask("/status")
    assert "Friday 16 October 2026: 412 papers, collected 3 hours ago" in said
    assert "failed" in said
    assert "arXiv asks to slow down" in said
    assert "the built-in engine" in said
    assert "0 waiting" in said


@pytest.mark.parametrize("cause", ["weekend", "holiday", "not-yet", "late"])
async def test_status_says_why_the_last_morning_was_empty(chinese, cause):
    await chinese.ask("订阅 cs.CV")
    await record_digest(chinese, empty=cause)
    said = await chinese.ask("状态")
    assert "没有论文的原因：arXiv" in said


@pytest.mark.parametrize("state", list(RunState))
async def test_a_run_of_every_state_has_words(talk, state):
    now = talk.clock.now()
    await talk.db.write(runs.record, Run(now, now, state, "next"))
    assert "The latest announcement is in" in await talk.ask("/status")
