"""A configured model in the whole: settings, digests, /status, check, summarize."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from arxiv_server import ArxivServer
from digest_stage import TUESDAY, staged, study
from fakes import FakeClock, invented_paper
from llm_stage import NOW, answering, chinese, english, paper
from model_server import Fail, ModelServer, Say, model_server, saying

from bot.app import App, opened
from bot.local import request
from bot.once.checking import _look_at_models
from bot.once.summarizing import _show_summary, show_summaries
from bot.settings import Settings
from formatters.compose.cards import Frame, card, card_name, engine_name
from formatters.compose.digest import engine_lines
from formatters.compose.morning import Highlights, Morning
from jobs.llm.choice import Limits, ModelChoice
from jobs.llm.ledger import Ledger
from jobs.llm.opening import engines
from jobs.ports import SummaryError
from storage.errors import UserError
from storage.models import (
    AnnounceType,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    Lang,
    RunState,
    Summary,
)

ROOT = Path(__file__).resolve().parents[1]
ABSTRACT = (
    "视觉语言模型常常还没看清就作答。我们提出 GlanceNet1，它先重新查看图像区域，再给出回答。"
    "在 DocVQA 上，它将准确率从 71.2% 提升到 78.9%，所用视觉 token 减少为三分之一。代码已公开。"
)
FRAME = Frame(Lang.EN, "https://arxiv.org")


def settings(folder: Path, server: ModelServer, **fields: object) -> Settings:
    known = {
        "PAPERROUND_DATABASE": str(folder / "paperround.db"),
        "LLM_MODEL": "tiny:7b",
        "LLM_BASE_URL": server.url,
        "LLM_API_KEY": "sk-invented-for-this-test",
    }
    return Settings(_env_file=None, **{**known, **fields})


class Library:
    """A source that knows one paper."""

    requests = 0

    async def papers(self, ids):
        return [paper()]


@asynccontextmanager
async def app_with_model(folder: Path, **fields: object) -> AsyncIterator[tuple[App, ModelServer]]:
    async with model_server() as server:
        chosen = settings(folder, server, **fields)
        async with opened(chosen, clock=FakeClock(NOW), source=Library(), columns=100) as app:
            yield app, server


async def asked(app: App, line: str, lang: Lang, capsys: pytest.CaptureFixture[str]) -> str:
    """What the terminal shows for a command."""
    reply = await app.commands.dispatch(request(line, lang, "UTC"))
    assert reply is not None
    app.terminal.show(reply.document)
    return capsys.readouterr().out


async def test_without_a_model_the_built_in_engine_is_alone_and_nothing_heavy_is_loaded() -> None:
    code = (
        "import bot.app, bot.once.checking, bot.once.summarizing, sys; "
        "print({'pydantic_ai', 'openai'} & {*sys.modules})"
    )
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert (await run.communicate())[0] == b"set()\n"


async def test_a_model_comes_before_the_built_in_engine(tmp_path: Path) -> None:
    async with app_with_model(tmp_path, LLM_FALLBACK_MODEL="tinier") as (app, _):
        names = [engine_name(engine.name) for engine in app.desk.engines]
        assert names == ["tiny:7b", "tinier", "built-in"]


async def test_a_package_that_is_missing_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"settings\.model"):
        async with app_with_model(tmp_path, LLM_FALLBACK_MODEL="google:invented"):
            pass


async def test_the_paper_command_shows_what_the_model_said(tmp_path: Path, capsys) -> None:
    async with app_with_model(tmp_path) as (app, server):
        server.says(saying(chinese()), Say(json.dumps({"abstract": ABSTRACT})))
        said = await asked(app, f"/paper {paper().id}", Lang.ZH, capsys)
        assert chinese()["title"] in said
        assert "速读 · tiny:7b" in said
        assert "先重新查看图像区域" in said
        assert "revisits the image regions" not in said


async def test_status_tells_what_models_used_and_how_the_last_calls_went(
    tmp_path: Path, capsys
) -> None:
    async with app_with_model(tmp_path, LLM_DAILY_TOKENS="140") as (app, server):
        server.says(Fail(404), answering)
        engine = app.desk.engines[0]
        with pytest.raises(SummaryError):
            await engine.summarize([paper()], Lang.EN)
        await app.clock.sleep(600)
        await engine.summarize([paper()], Lang.EN)
        capsys.readouterr()
        said = await asked(app, "/status", Lang.EN, capsys)
        for words in (
            "2 calls, 1 failed",
            "140 / 140",
            "$0.00, 1 call without a known price",
            "until midnight UTC",
            "tiny:7b: no such model there",
            "tiny:7b: answered",
        ):
            assert words in " ".join(said.split())
        assert "没有这个模型" in await asked(app, "/status", Lang.ZH, capsys)


async def test_check_tells_the_model_its_speed_and_its_typed_output(tmp_path: Path) -> None:
    async with app_with_model(tmp_path) as (app, server):
        server.says(Say('{"ready": true}'))
        (finding,) = await _look_at_models(app)
        assert finding.passed
        assert finding.detail == "tiny:7b, 0.0 s, native"
        server.says(Fail(401))
        (finding,) = await _look_at_models(app)
        assert not finding.passed
        assert "the key is not accepted" in finding.detail
        assert "sk-invented" not in finding.detail


async def test_summarize_prints_the_result_and_its_checks(tmp_path: Path, capsys) -> None:
    async with app_with_model(tmp_path) as (app, server):
        bad = english() | {"tldr": "GlanceNet1 gains 42.5 points."}
        server.says(saying(bad), saying(english()))
        await _show_summary(app, paper(), Lang.EN)
        said = capsys.readouterr().out
        assert "TL;DR · tiny:7b" in said
        assert "number 1" in said


@pytest.mark.parametrize("engine", ["tiny:7b", "built-in"])
async def test_the_command_line_summarizes_by_the_engine_that_is_named(
    tmp_path: Path, capsys, engine: str
) -> None:
    entry = invented_paper(paper().id, title=paper().title, abstract=paper().abstract)
    async with model_server() as server:
        server.says(saying(chinese()))
        with ArxivServer([entry], {}, day=date(2026, 2, 6)) as arxiv:
            chosen = settings(
                tmp_path,
                server,
                LLM_MODEL="another",
                PAPERROUND_ARXIV_API_URL=arxiv.api_url,
                PAPERROUND_ARXIV_FEED_URL=arxiv.feed_url,
                PAPERROUND_ARXIV_INTERVAL=0,
            )
            await show_summaries(chosen, [f"arXiv:{paper().id}v1"], Lang.ZH, engine)
            said = capsys.readouterr().out
            with pytest.raises(UserError, match=r"paper\.unknown"):
                await show_summaries(chosen, ["2602.09999"], Lang.ZH, engine)
            with pytest.raises(UserError, match=r"once\.no_id"):
                await show_summaries(chosen, ["nonsense"], Lang.ZH, engine)
    shown = {"tiny:7b": ("速读 · tiny:7b", "首次回答即全部通过"), "built-in": ("原文摘句",)}
    assert all(words in said for words in shown[engine])
    assert [asked.body["model"] for asked in server.asked] == ["tiny:7b"][: engine != "built-in"]


def test_a_card_names_the_engine_and_marks_what_is_second_best() -> None:
    labels = {
        card(
            paper(), Summary(paper().id, 1, Lang.EN, engine, "Short.", fallback=fallback), FRAME
        ).tldr_label
        for engine in ("built-in", "openai:gpt-x#p3")
        for fallback in (False, True)
    }
    assert labels == {
        "TL;DR",
        "TL;DR · built-in engine, in place of the model",
        "TL;DR · gpt-x",
        "TL;DR · gpt-x, in place of another model",
    }


def test_a_card_shows_the_translations() -> None:
    summary = Summary(paper().id, 1, Lang.ZH, "m#p1", "短。", title="再看一眼", abstract="全文。")
    shown = card(paper(), summary, Frame(Lang.ZH, FRAME.site), with_abstract=True)
    assert (shown.translated_title, shown.abstract) == ("再看一眼", "全文。")


def test_cards_of_another_prompt_version_are_rendered_anew() -> None:
    names = {
        card_name(paper(), Summary(paper().id, 1, Lang.EN, engine, "Short."), FRAME, "slack")
        for engine in ("m#p1", "m#p2", "built-in")
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    ("engine", "shown"),
    [("openai:gpt-x#p3", "gpt-x"), ("qwen2.5:7b#p1", "qwen2.5:7b"), ("org/model#p12", "org/model"),
     ("built-in", "built-in")],
)  # fmt: skip
def test_a_models_name_is_shown_without_provider_and_version(engine: str, shown: str) -> None:
    assert engine_name(engine) == shown


def engine_lines_of(lang: Lang, *made: Summary, **fields: object) -> list[str]:
    """What the end of a digest of these says."""
    items = tuple(DigestItem(one.paper, 1, AnnounceType.NEW, section=0, shown=True) for one in made)
    digest = Digest(
        ChatKey(1), "fresh", date(2026, 2, 6), (), Counts(shown=len(made)), RunState.FRESH,
        "announced", (), items=items,
    )  # fmt: skip
    said = {one.paper: one for one in made}
    return list(engine_lines(Morning(digest, (), {}, said, Highlights(), **fields), lang))


def test_a_digest_says_which_engine_wrote_how_much() -> None:
    by_model = Summary(paper(1).id, 1, Lang.EN, "m#p1", "Short.")
    instead = Summary(paper(2).id, 1, Lang.EN, "built-in", "Short.", fallback=True)
    first, second = engine_lines_of(Lang.EN, by_model, instead)
    assert first.startswith("Summaries by m,")
    assert second.startswith("1 summary is a sentence")
    (_, spent) = engine_lines_of(Lang.EN, by_model, instead, budget_used_up=True)
    assert spent.startswith("The day's model budget is used up: 1 summary is a sentence")
    assert len(engine_lines_of(Lang.ZH, by_model)) == 1


async def test_a_morning_with_a_model_is_chinese_and_marks_what_the_model_failed_at(
    tmp_path: Path,
) -> None:
    papers = [paper(1), paper(2)]
    async with staged(tmp_path) as stage, model_server() as server:
        ledger = Ledger(stage.db, stage.clock, Limits())
        choices = [ModelChoice("tiny", "", server.url)]
        chinese_chat = await stage.chat(lang=Lang.ZH)
        await stage.subscribe(chinese_chat, "cs.CV")
        made_up = chinese(2) | {"tldr": "GlanceNet2 把 DocVQA 准确率提升到 93.4%。"}
        server.otherwise = saying(chinese(1), made_up)
        async with engines(choices, db=stage.db, clock=stage.clock, ledger=ledger) as models:
            object.__setattr__(stage.desk, "engines", (*models, *stage.desk.engines))
            assert await stage.morning(TUESDAY, *papers) == 1
        said = "".join(await stage.parts(chinese_chat))
        assert chinese(1)["title"] in said
        assert chinese(1)["tldr"] in said
        assert said.count("速读 · tiny") == 1
        assert "摘要由 tiny 撰写" in said
        assert "93.4%" not in said
        assert said.count("内置引擎（模型未能给出）") == 1
        assert [sorted(asked.papers) for asked in server.asked] == [[1, 2]] * 3


async def test_a_stage_without_a_model_says_what_it_always_said(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        chat = await stage.chat()
        await stage.subscribe(chat, "gaussian splatting")
        await stage.morning(TUESDAY, study(1))
        said = "".join(await stage.parts(chat))
        assert "chosen by the built-in engine" in " ".join(said.split())
