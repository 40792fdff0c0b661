"""Digests with a model's overview: shared, in both languages, and never delayed by it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from digest_stage import CATEGORIES, TUESDAY, Stage, at, staged
from model_server import Asked, ModelServer, Say, Silence, model_server
from overview_stage import in_order, is_overview, of_papers, paper, said, saying_overview

from formatters.compose.cards import Frame
from formatters.compose.digest import engine_lines, pages
from formatters.compose.morning import Highlights
from jobs.digest import digest_now, one_off
from jobs.digest.wording import Wanted, Wording
from jobs.llm.choice import Limits, ModelChoice
from jobs.llm.ledger import Ledger
from jobs.llm.opening import engines
from storage import subscriptions
from storage.models import Chat, Lang

FIVE = range(1, 6)


@asynccontextmanager
async def newsroom(
    folder: Path,
    limits: Limits = Limits(),  # noqa: B008 -- frozen
) -> AsyncIterator[tuple[Stage, ModelServer]]:
    """A stage with a model behind it that says what is good, until it is told otherwise."""
    async with staged(folder) as stage, model_server() as server:
        server.otherwise = good
        ledger = Ledger(stage.db, stage.clock, limits)
        choices = [ModelChoice("tiny", "", server.url)]
        async with engines(choices, db=stage.db, clock=stage.clock, ledger=ledger) as models:
            object.__setattr__(stage.desk, "engines", (*models, *stage.desk.engines))
            yield stage, server


def good(asked: Asked) -> Say:
    lang = Lang.ZH if "中文" in asked.system else Lang.EN
    if is_overview(asked):
        return saying_overview(in_order(said(lang), asked))
    return of_papers(asked)


async def readers(stage: Stage, count: int, lang: Lang = Lang.EN) -> list[Chat]:
    rooms = [await stage.chat(f"{lang} room {number}", lang=lang) for number in range(count)]
    for room in rooms:
        await stage.subscribe(room, "cs.CV")
    return rooms


async def letter(stage: Stage, room: Chat) -> str:
    return " ".join("".join(await stage.parts(room)).split())


def overviews_asked(server: ModelServer) -> Sequence[Asked]:
    return [asked for asked in server.asked if is_overview(asked)]


async def test_chats_that_are_shown_the_same_share_one_overview(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as (stage, server):
        rooms = await readers(stage, 30)
        assert await stage.morning(TUESDAY, *map(paper, FIVE)) == 30
        assert len(overviews_asked(server)) == 1
        text = await letter(stage, rooms[0])
        assert "Visual token pruning: Both drop visual tokens" in text
        assert "New directions" in text
        assert "Worth reading in full" in text
        assert "Strongest match" not in text
        assert "Summaries and overview by tiny, checked" in text
        assert {await letter(stage, room) for room in rooms} == {text}


async def test_a_chinese_morning_has_a_chinese_overview(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as (stage, server):
        (room,) = await readers(stage, 1, Lang.ZH)
        await stage.morning(TUESDAY, *map(paper, FIVE))
        text = await letter(stage, room)
        for words in (
            "视觉 token 剪枝",
            "持续学习",
            "新方向",
            "值得精读",
            "摘要与看点由 tiny 撰写",
        ):
            assert words in text
        assert "最相关" not in text
        wanted = await stage.db.read(subscriptions.of_chat, room.key)
        asked_for = await digest_now(stage.desk, room, wanted)
        assert asked_for.overview is None  # all was sent before
        assert len(overviews_asked(server)) == 1


async def test_an_overview_that_fails_costs_no_digest_and_is_tried_once_a_morning(
    tmp_path: Path,
) -> None:
    def without_overview(asked: Asked) -> Say:
        return Say("", refusal="No.") if is_overview(asked) else of_papers(asked)

    async with newsroom(tmp_path) as (stage, server):
        server.otherwise = without_overview
        rooms = await readers(stage, 60)
        assert await stage.morning(TUESDAY, *map(paper, FIVE)) == 60
        assert len(overviews_asked(server)) == 1
        text = await letter(stage, rooms[0])
        assert "Strongest match" in text
        assert "Summaries by tiny, checked" in text


async def test_a_slow_overview_holds_no_digest_beyond_its_patience(tmp_path: Path) -> None:
    def silent(asked: Asked):
        return Silence() if is_overview(asked) else of_papers(asked)

    async with newsroom(tmp_path) as (stage, server):
        server.otherwise = silent
        papers = {paper(n).id: paper(n) for n in FIVE}
        wanted = Wanted(Lang.EN, papers, {"cs.CV": tuple(papers)})
        wording = Wording(stage.desk, waited_for=0.4)
        first, second = await wording.of([wanted, wanted])
        assert first.overview is second.overview is None
        assert (await wording.of([wanted]))[0].overview is None
        assert len(overviews_asked(server)) == 1


async def test_who_asks_for_a_digest_gets_an_overview_and_the_morning_after_it_the_same(
    tmp_path: Path,
) -> None:
    async with newsroom(tmp_path) as (stage, server):
        room, early = await readers(stage, 2)
        stage.clock.set(at(TUESDAY, 5))
        stage.source.announce(TUESDAY, *map(paper, FIVE))
        await stage.collect()
        wanted = await stage.db.read(subscriptions.of_chat, early.key)
        asked_for = await digest_now(stage.desk, early, wanted)
        assert asked_for.overview is not None
        await stage.morning(TUESDAY, *map(paper, FIVE))
        assert asked_for.overview.themes[0].text in await letter(stage, room)
        assert len(overviews_asked(server)) == 1


async def test_a_one_off_digest_is_written_by_the_model(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as (stage, server):
        stage.clock.set(at(TUESDAY, 6))
        stage.source.announce(TUESDAY, *map(paper, FIVE))
        for _ in range(2):
            morning = await one_off(
                stage.desk, stage.source, stage.desk.parse("cs.CV"), categories=CATEGORIES,
                most=5, lang=Lang.EN, tz="UTC", progress=lambda _: None,
            )  # fmt: skip
            assert {one.engine for one in morning.summaries.values()} == {
                stage.desk.engines[0].name
            }
            assert morning.overview is not None
        assert len(server.asked) == 3


async def test_a_budget_that_is_used_up_is_said_in_words(tmp_path: Path) -> None:
    async with newsroom(tmp_path, Limits(tokens=280)) as (stage, server):
        (room,) = await readers(stage, 1)
        (chinese,) = await readers(stage, 1, Lang.ZH)
        subscribed = await stage.db.read(subscriptions.of_chat, chinese.key)
        await stage.db.write(subscriptions.remove, [one.key for one in subscribed])
        await stage.morning(TUESDAY, *map(paper, FIVE))
        text = await letter(stage, room)
        assert "Summaries by tiny, checked" in text
        assert text.endswith("The day's model budget is used up: themes are counted, not written.")
        later = await digest_now(stage.desk, chinese, subscribed)
        assert list(engine_lines(later, Lang.ZH)) == [
            "当日的模型预算已用完，其中 5 篇由内置引擎从原文摘取，未经翻译。"
        ]
        assert len(server.asked) == 2
        await stage.clock.sleep(24 * 3600)
        tomorrow = await digest_now(stage.desk, chinese, subscribed)
        assert not any(one.fallback for one in tomorrow.summaries.values())


async def test_without_a_need_for_a_model_the_budget_is_no_matter(tmp_path: Path) -> None:
    async with newsroom(tmp_path, Limits(tokens=140)) as (stage, _):
        (room,) = await readers(stage, 1)
        await stage.morning(TUESDAY, paper(1), paper(2))
        assert "budget" not in await letter(stage, room)


async def test_an_overview_by_another_model_than_the_summaries_is_named(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as (stage, _):
        (room,) = await readers(stage, 1)
        stage.source.announce(TUESDAY, *map(paper, FIVE))
        await stage.collect()
        wanted = await stage.db.read(subscriptions.of_chat, room.key)
        morning = await digest_now(stage.desk, room, wanted)
        assert morning.overview is not None
        other = replace(morning, overview=replace(morning.overview, engine="openai:big#p4"))
        (line,) = engine_lines(other, Lang.EN)
        assert line.startswith("Summaries and overview by big, tiny,")


async def test_a_part_that_the_model_left_out_is_counted_instead(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as (stage, _):
        (room,) = await readers(stage, 1)
        stage.source.announce(TUESDAY, *map(paper, FIVE))
        await stage.collect()
        wanted = await stage.db.read(subscriptions.of_chat, room.key)
        morning = await digest_now(stage.desk, room, wanted)
        assert morning.overview is not None
        frame = Frame(Lang.EN, "https://arxiv.org")
        counted = Highlights(themes=(("moss cover", (paper(5).id,)),))
        morning = replace(morning, highlights=counted)

        def text(**left_out: tuple[()]) -> str:
            overview = replace(morning.overview, **left_out)
            return str(pages(replace(morning, overview=overview), frame).overview)

        assert ("moss cover" in text(), "Strongest match" in text()) == (False, False)
        assert "moss cover" in text(themes=())
        assert "Strongest match" in text(reads=())
        assert "New directions" not in text(directions=())
