"""What is asked for out of turn: a digest now, the next page, a preview, a one-off."""

from datetime import timedelta
from pathlib import Path

import pytest
from digest_stage import (
    CATEGORIES,
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    Stage,
    at,
    listed,
    staged,
    study,
)

from formatters.compose.cards import Frame
from formatters.compose.digest import empty_line, pages
from formatters.compose.morning import Morning
from jobs import schedule
from jobs.collect import store_papers
from jobs.digest import digest_now, make_due, next_page, one_off, preview
from jobs.ports import RetryLater, SourceError
from storage import papers
from storage.models import Announced, AnnounceType, Lang

SPLATS = "gaussian splatting"


async def test_a_digest_now_shows_what_is_new_and_marks_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        one = await stage.subscribe(room, SPLATS)
        await stage.morning(MONDAY, study(1), hour=6)
        for _ in range(2):
            now = await digest_now(stage.desk, room, [await stage.stored(one)])
            assert listed(now.digest) == ["2602.00001"]
            assert set(now.summaries) == {"2602.00001"}
        assert await stage.seen(room) == set()
        assert await stage.made() == []
        stage.clock.set(at(MONDAY, 9))
        assert await make_due(stage.desk) == 1
        assert listed((await stage.made())[0]) == ["2602.00001"]


async def test_after_the_mornings_digest_a_digest_now_counts_what_was_sent(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        one = await stage.subscribe(room, SPLATS)
        await stage.morning(FRIDAY, study(1), study(2))
        stage.clock.set(at(SATURDAY, 12))
        await stage.collect()
        now = await digest_now(stage.desk, room, [await stage.stored(one)])
        assert now.digest.items == ()
        assert (now.digest.counts.matched, now.digest.counts.already_sent) == (2, 2)
        assert "weekend" in empty_line(now.digest, Lang.EN)


async def test_a_new_subscription_sees_the_last_announcement_day(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        await stage.morning(THURSDAY, study(1))
        await stage.morning(FRIDAY, study(2))
        one = await stage.subscribe(room, SPLATS)
        now = await digest_now(stage.desk, room, [one])
        assert listed(now.digest) == ["2602.00002"]
        assert now.digest.days == (FRIDAY,)


async def test_before_anything_was_collected_a_digest_now_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        one = await stage.subscribe(room, SPLATS)
        now = await digest_now(stage.desk, room, [one])
        assert empty_line(now.digest, Lang.EN) == "Nothing was collected yet."


async def test_pages_turn_until_the_left_overs_are_used_up(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat(length=2)
        await stage.subscribe(room, SPLATS)
        assert await next_page(stage.db, room, 2) is None
        await stage.morning(MONDAY, *(study(number) for number in range(1, 8)))
        [digest] = await stage.made()
        turned = [await next_page(stage.db, room, 2) for _ in range(4)]
        shown = [item.paper for page in turned for item in page.items]
        assert shown == listed(digest)[2:]
        assert [(page.before, len(page.items), page.after) for page in turned] == [
            (None, 2, 2), (0, 2, 4), (2, 1, None), (3, 0, None),
        ]  # fmt: skip


async def test_an_empty_digest_does_not_take_the_pages_away(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat(length=1)
        await stage.subscribe(room, SPLATS)
        await stage.morning(MONDAY, study(1), study(2))
        await stage.morning(TUESDAY, study(3, "protein folding"))
        found = await next_page(stage.db, room, 5)
        assert found is not None
        assert [item.paper for item in found.items] == [listed((await stage.made())[0])[1]]


async def test_a_preview_says_how_many_of_the_weeks_days_are_known(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.clock.set(at(FRIDAY, 9))
        days = schedule.recent_days(stage.clock.now(), 7)
        for number, day in enumerate(days[:2]):
            found = [study(10 * number + place) for place in (1, 2)]
            await _history(stage, day, [*found, study(90 + number, "protein folding")])
        seen = await preview(stage.desk, stage.desk.parse(SPLATS))
        assert (seen.days_known, seen.days_total, seen.matched, seen.per_day) == (2, 7, 4, 2.0)
        assert {len(seen.samples), len({paper.id for paper in seen.samples})} == {3}


async def test_a_preview_on_a_new_installation_knows_nothing_yet(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        seen = await preview(stage.desk, stage.desk.parse(SPLATS))
        assert (seen.days_known, seen.matched, seen.per_day, seen.samples) == (0, 0, 0.0, ())


async def _history(stage: Stage, day, found) -> None:
    await store_papers(stage.db, found)
    items = [(paper.id, paper.version, AnnounceType.NEW) for paper in found]
    await stage.db.write(papers.announce, day, items, live=False)


async def _once(stage: Stage, topic: str = SPLATS, most: int = 5, lang: Lang = Lang.EN) -> Morning:
    steps: list[str] = []
    morning = await one_off(
        stage.desk,
        stage.source,
        stage.desk.parse(topic),
        categories=CATEGORIES,
        most=most,
        lang=lang,
        tz="UTC",
        progress=steps.append,
    )
    assert steps[0] == "feed"
    assert steps[-1] == "write"
    assert ("search" in steps) == ("search" in stage.source.asked)
    return morning


async def test_a_one_off_takes_the_latest_announcement_and_stores_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.clock.set(at(FRIDAY, 6))
        renewed = Announced(study(9, version=2), AnnounceType.REPLACE)
        found = [study(number) for number in range(1, 4)]
        stage.source.announce(FRIDAY, renewed, study(8, "protein folding"), *found)
        morning = await _once(stage, most=2)
        assert stage.source.asked == ["feed"]
        counts = morning.digest.counts
        assert (counts.announced, counts.matched, counts.shown, counts.left_over) == (4, 3, 2, 1)
        assert "2602.00009" not in listed(morning.digest)
        assert await stage.db.study(papers.last_seq) == 0
        assert pages(morning, Frame(Lang.EN, "https://arxiv.org")).leads


async def test_a_one_off_with_too_few_announced_searches_the_last_week(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.clock.set(at(FRIDAY, 6))
        stage.source.announce(FRIDAY, study(1))
        older = study(2, published=at(TUESDAY, 12), primary_category="cs.RO")
        stage.source.found = [study(1), older]
        morning = await _once(stage, "cs.CV AND gaussian splatting")
        kinds = {item.paper: item.kind for item in morning.digest.items}
        assert kinds == {"2602.00001": AnnounceType.NEW, "2602.00002": AnnounceType.CROSS}
        assert morning.digest.days[-1] == FRIDAY
        assert morning.digest.counts.shown == 2


async def test_a_one_off_fetches_full_metadata_of_what_it_shows_alone(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        bare = [study(number, enriched=False, published=None) for number in (1, 2)]
        stage.source.announce(FRIDAY, *bare)
        full = study(1, comment="9 pages")
        stage.source.known = {full.id: full}
        morning = await _once(stage, most=1)
        shown = next(item.paper for item in morning.digest.items if item.shown)
        assert stage.source.asked == ["feed", "papers"]
        assert morning.papers[shown].enriched == (shown == full.id)


@pytest.mark.parametrize("error", [SourceError("server-error", "503"), RetryLater("throttled")])
async def test_without_metadata_the_feeds_own_fields_serve_a_one_off(tmp_path: Path, error) -> None:
    async with staged(tmp_path) as stage:
        stage.source.announce(FRIDAY, study(1, enriched=False))
        stage.source.failing = error
        morning = await _once(stage, most=1)
        assert listed(morning.digest) == ["2602.00001"]
        assert "2602.00001" in morning.summaries


async def test_a_one_off_on_a_weekend_still_finds_the_week(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.clock.set(at(SATURDAY, 12))
        stage.source.found = [study(3, published=at(THURSDAY, 12) - timedelta(hours=1))]
        morning = await _once(stage, lang=Lang.ZH)
        assert listed(morning.digest) == ["2602.00003"]
        assert morning.summaries["2602.00003"].lang is Lang.ZH
