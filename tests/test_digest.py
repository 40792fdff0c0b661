"""Digests on a real database: when, with what, once, and never half."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from digest_stage import (
    FRIDAY,
    HALF_PAST_EIGHT,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    listed,
    staged,
    study,
)

from jobs.digest import make_due
from storage import chats, subscriptions
from storage.errors import StorageError
from storage.models import Announced, AnnounceType, Lang, Slot, When

SPLATS = "gaussian splatting"


async def test_a_fresh_digest_comes_with_the_announcement(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        one = await stage.subscribe(room, SPLATS)
        assert await stage.morning(MONDAY, study(1), study(2, "protein folding")) == 1
        [digest] = await stage.made()
        assert listed(digest) == ["2602.00001"]
        assert (digest.counts.announced, digest.counts.matched, digest.counts.shown) == (2, 1, 1)
        assert (await stage.stored(one)).since == 2
        said = await stage.parts(room)
        assert "Monday 2 February 2026" in said[0]
        assert "Invented Study 1 of gaussian splatting" in said[1]


async def test_before_the_window_opens_a_fresh_digest_waits(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        one = await stage.subscribe(await stage.chat(), SPLATS)
        assert await stage.morning(MONDAY, study(1), hour=6) == 0
        assert (await stage.stored(one)).next_due == at(MONDAY, 8, 30)
        stage.clock.set(at(MONDAY, 8, 30))
        assert await make_due(stage.desk) == 1


async def test_a_fresh_digest_overdue_after_downtime_keeps_to_the_window(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.subscribe(await stage.chat(), SPLATS)
        stage.clock.set(at(MONDAY, 9))
        stage.source.announce(MONDAY, study(1))
        await stage.collect()
        stage.restart()
        stage.clock.set(at(TUESDAY, 2))
        assert await make_due(stage.desk) == 0
        stage.clock.set(at(TUESDAY, 8, 30))
        assert await make_due(stage.desk) == 1


async def test_a_fixed_hour_gets_all_that_was_collected_until_then(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        one = await stage.subscribe(room, SPLATS, HALF_PAST_EIGHT)
        assert await stage.morning(MONDAY, study(1), hour=6) == 0
        stage.clock.set(at(MONDAY, 8, 30))
        assert await make_due(stage.desk) == 1
        assert (await stage.stored(one)).next_due == at(TUESDAY, 8, 30)


async def test_a_slot_that_was_slept_through_is_caught_up_once(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.subscribe(await stage.chat(), SPLATS, HALF_PAST_EIGHT)
        await stage.morning(MONDAY, study(1), hour=6)
        stage.clock.set(at(THURSDAY, 15))
        assert await make_due(stage.desk) == 1
        assert await make_due(stage.desk) == 0
        [digest] = await stage.made()
        assert digest.local_date == THURSDAY


async def test_the_same_slot_made_twice_gives_one_digest_and_covers_nothing_more(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        one = await stage.subscribe(room, SPLATS, HALF_PAST_EIGHT)
        await stage.morning(MONDAY, study(1))
        covered = (await stage.stored(one)).since
        before = await stage.parts(room)
        await stage.db.write(subscriptions.settle, [(one.key, covered, at(MONDAY, 8, 30))])
        assert await stage.morning(MONDAY, study(1), study(2)) == 0
        assert await stage.parts(room) == before
        again = await stage.stored(one)
        assert (again.since, again.next_due) == (covered, at(TUESDAY, 8, 30))
        await stage.morning(TUESDAY, study(3))
        assert sorted(listed((await stage.made())[-1])) == ["2602.00002", "2602.00003"]


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
async def test_a_digest_comes_once_a_local_date_through_a_clock_change(
    tmp_path: Path, change: str
) -> None:
    sunday = date.fromisoformat(change)
    berlin = When(Slot.DAILY, "Europe/Berlin", time(2, 30))
    async with staged(tmp_path) as stage:
        stage.clock.set(at(sunday - timedelta(days=2), 12))
        await stage.subscribe(await stage.chat(tz="Europe/Berlin"), SPLATS, berlin)
        for _ in range(4 * 24 * 4):
            stage.clock.advance(timedelta(minutes=15))
            await make_due(stage.desk)
        dates = [digest.local_date for digest in await stage.made()]
        assert dates == [sunday + timedelta(days=n) for n in (-1, 0, 1, 2)]


async def test_a_late_batch_is_in_the_next_digest(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        await stage.subscribe(room, SPLATS)
        await stage.morning(MONDAY, study(1))
        assert await stage.morning(MONDAY, study(1), study(2), hour=15) == 0
        assert await stage.morning(TUESDAY, study(3)) == 1
        assert [sorted(listed(d)) for d in await stage.made()] == [
            ["2602.00001"],
            ["2602.00002", "2602.00003"],
        ]


async def test_a_paper_of_two_topics_is_printed_once_and_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        await stage.subscribe(room, SPLATS)
        await stage.subscribe(room, "ti:robot")
        await stage.morning(MONDAY, study(1, "gaussian splatting for a robot"))
        said = await stage.parts(room)
        assert sum("Invented Study 1" in part for part in said[1:]) == 1
        assert "also ti:robot" in said[1]


async def test_what_one_digest_of_the_morning_sent_the_chats_next_one_counts(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        room, other = await stage.chat(), await stage.chat("another room")
        await stage.subscribe(room, SPLATS)
        await stage.subscribe(room, "cs.CV", split=True)
        await stage.subscribe(room, "ti:study", lang=Lang.ZH)
        await stage.subscribe(other, SPLATS)
        assert await stage.morning(MONDAY, study(1), study(2, "protein folding")) == 4
        counts = [(d.counts.already_sent, listed(d)) for d in await stage.made()]
        assert counts == [
            (0, ["2602.00001"]),
            (1, ["2602.00002"]),
            (2, []),
            (0, ["2602.00001"]),
        ]


async def test_a_replacement_comes_only_where_it_is_wanted(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        plain, keen = await stage.chat("plain"), await stage.chat("keen")
        await stage.subscribe(plain, SPLATS)
        await stage.subscribe(keen, SPLATS, replacements=True)
        await stage.morning(MONDAY, study(1))
        renewed = Announced(study(1, version=2), AnnounceType.REPLACE)
        await stage.morning(TUESDAY, renewed, study(2, "protein folding"))
        of_plain, of_keen = (await stage.made())[-2:]
        assert listed(of_plain) == []
        assert [(i.paper, i.version, i.kind) for i in of_keen.items] == [
            ("2602.00001", 2, AnnounceType.REPLACE)
        ]
        assert of_keen.counts.announced == 2


async def test_weekly_brings_the_week_on_its_day(tmp_path: Path) -> None:
    friday_morning = When(Slot.WEEKLY, "UTC", HALF_PAST_EIGHT.at, (4,))
    async with staged(tmp_path) as stage:
        room = await stage.chat()
        await stage.subscribe(room, SPLATS, friday_morning)
        for number, day in enumerate((MONDAY, TUESDAY, WEDNESDAY, THURSDAY), 1):
            assert await stage.morning(day, study(number)) == 0
        assert await stage.morning(FRIDAY, study(5)) == 1
        [digest] = await stage.made()
        assert len(digest.days) == 5
        assert digest.counts.shown == 5


async def test_after_a_pause_one_ranked_digest_of_the_same_size_covers_all_days(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        room = await stage.chat(length=3)
        one = await stage.subscribe(room, SPLATS, paused_until=THURSDAY)
        for number, day in enumerate((MONDAY, TUESDAY, WEDNESDAY)):
            found = [study(10 * number + place) for place in range(1, 4)]
            assert await stage.morning(day, *found, study(90 + number, "protein folding")) == 0
        assert await stage.morning(THURSDAY, study(80, "protein folding")) == 1
        [digest] = await stage.made()
        counts = digest.counts
        assert (counts.announced, counts.matched, counts.shown, counts.left_over) == (13, 9, 3, 6)
        assert "4 announcement days, 13 announced" in (await stage.parts(room))[0]
        assert (await stage.stored(one)).paused_until is None


async def test_a_pause_made_while_the_digest_is_on_its_way_stays(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        one = await stage.subscribe(await stage.chat(), SPLATS, HALF_PAST_EIGHT)

        class PausingEngine:
            name = "slow"

            async def summarize(self, papers, lang):
                await stage.db.write(_pause, one.key)
                return await stage_engine.summarize(papers, lang)

        stage_engine = stage.desk.engines[0]
        object.__setattr__(stage.desk, "engines", (PausingEngine(), stage_engine))
        assert await stage.morning(MONDAY, study(1)) == 1
        assert (await stage.stored(one)).paused_until == FRIDAY


def _pause(tx, key) -> None:
    tx.execute("UPDATE subscription SET paused_until = ? WHERE key = ?", [FRIDAY.isoformat(), key])


async def test_a_chat_that_is_erased_meanwhile_stops_nobody_elses_digest(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        gone, room = await stage.chat("gone"), await stage.chat()
        await stage.subscribe(gone, SPLATS)
        await stage.subscribe(room, SPLATS)

        class ErasingEngine:
            name = "slow"

            async def summarize(self, papers, lang):
                await stage.db.write(chats.erase, gone.key)
                return await stage_engine.summarize(papers, lang)

        stage_engine = stage.desk.engines[0]
        object.__setattr__(stage.desk, "engines", (ErasingEngine(), stage_engine))
        assert await stage.morning(MONDAY, study(1)) == 1
        assert [digest.chat for digest in await stage.made()] == [room.key]


async def test_a_crash_between_two_chats_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        rooms = [await stage.chat(f"room {number}") for number in range(8)]
        for room in rooms:
            await stage.subscribe(room, SPLATS)

        def refuse(tx) -> None:
            tx.execute(
                "CREATE TRIGGER crash BEFORE INSERT ON part"
                f" WHEN NEW.chat = {rooms[6].key} AND NEW.card IS NOT NULL"
                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )

        await stage.db.write(refuse)
        with pytest.raises(StorageError):
            await stage.morning(MONDAY, study(1))
        before = [await stage.parts(room) for room in rooms]
        reached = sum(map(bool, before))
        assert 0 < reached < 7
        for room, parts in zip(rooms, before, strict=True):
            assert await stage.seen(room) == ({"2602.00001"} if parts else set())
        await stage.db.write(lambda tx: tx.execute("DROP TRIGGER crash"))
        stage.restart()
        assert await make_due(stage.desk) == len(rooms) - reached
        for room in rooms:
            assert await stage.parts(room) == before[0]
            assert await stage.seen(room) == {"2602.00001"}
