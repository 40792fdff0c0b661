"""What a model can say of the invented paper of `analysis_stage`, and what is made of its words."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from analysis_stage import PAGE, PAPER
from llm_stage import LlmStage
from model_server import Asked, Reply, Say

from jobs.fulltext.html import read
from jobs.llm.analysis import questions
from jobs.llm.analysis.forms import NOTED, Task
from jobs.ports import Progress
from storage.models import Analysis, FullText, Lang, Origin, Paragraph, Section

ABSTRACT_ZH = (
    "河流水位计在洪水中恰恰在最需要时失灵。我们提出 GaugeNet，利用上游的相邻水位计补全失灵的"
    "水位计。在 RiverBench 上，它把误差减半至 4.1 cm，并且只用一个核运行。"
)
SMALL = 3_600
"""Tokens of context: the paper's own four sections fit with little to spare."""


@cache
def text() -> FullText:
    """The paper, read."""
    return read(PAGE, PAPER.id, PAPER.version, base_url="https://arxiv.org/html/x")


def long_text(sections: int = 10, *, appendices: int = 0) -> FullText:
    """The same paper with so many sections more, of some 1,700 characters each."""
    ending = tuple(_filling(f"{n}", f"Rivers of Region {n}") for n in range(5, 5 + sections))
    behind = tuple(
        replace(_filling("ABCDEFGH"[n], f"More Gauges {n}"), appendix=True)
        for n in range(appendices)
    )
    return replace(text(), sections=(*text().sections, *ending, *behind))


def abstract_alone() -> FullText:
    """What is read where nothing but the abstract is to be had."""
    return FullText(PAPER.id, PAPER.version, Origin.ABSTRACT, (), PAPER.abstract, lacks="no_text")


def task_of(asked: Asked) -> Task | None:
    """What a question asks; None: it is a reader's question, or for a translation."""
    said = asked.users[0]
    tasks = {
        questions.instructions(f"analysis_{task}", lang): task for task in Task for lang in Lang
    }
    return next((task for prompt, task in tasks.items() if said.endswith(prompt)), None)


def said(task: Task, lang: Lang = Lang.EN, **parts: object) -> dict:
    """A good answer, or one with other parts."""
    return copy.deepcopy(GOOD[lang][task]) | parts


def saying(answer: dict, **how: object) -> Say:
    return Say(json.dumps(answer, ensure_ascii=False), **how)


def well(asked: Asked) -> Say:
    """A good answer to whatever is asked."""
    lang = Lang.ZH if "简体中文" in asked.system or "译成" in asked.system else Lang.EN
    task = task_of(asked)
    if task is not None:
        return saying(said(task, lang))
    return (
        saying(REPLY[lang]) if "<question>" in asked.users[0] else saying({"abstract": ABSTRACT_ZH})
    )


def but(**answers: dict | Reply) -> Callable[[Asked], Reply]:
    """Good answers, but for these tasks others."""

    def reply(asked: Asked) -> Reply:
        task = task_of(asked)
        other = answers.get(task.value) if task else None
        if isinstance(other, dict):
            return saying(other)
        return other or well(asked)

    return reply


def point(words: str, section: str = "", quote: str = "", **more: str) -> dict:
    """One entry of an answer."""
    return {"text": words, "section": section, "quote": quote, **more}


async def analyzed(
    stage: LlmStage, of: FullText | None = None, lang: Lang = Lang.EN
) -> tuple[Analysis, list[Progress]]:
    """What the engine makes of the paper, or of that text, and what it told on the way."""
    told: list[Progress] = []
    made = await stage.engine.analyze(PAPER, of or text(), lang, told.append)
    return made, told


def tasks(stage: LlmStage) -> list[Task | None]:
    """What each question to the server asked, in their order."""
    return [task_of(asked) for asked in stage.server.asked]


def _filling(number: str, title: str) -> Section:
    words = f"The gauges of {title.lower()} are read every ten minutes and kept as they are. " * 21
    return Section(title, number, passages=(Paragraph(words.strip()),))


_INTRO, _METHOD, _TESTS, _LIMITS = (
    "1 Introduction",
    "2 Method",
    "3 Experiments",
    "4 Limitations",
)
_UPSTREAM = "takes the readings of all gauges upstream and gives the level at the silent one"
_EDGE = "Each edge of the graph carries the time that water needs between two gauges"
_RATE = "with a learning rate of 0.001 and a batch size of 64 for 20 epochs"
_FAIL = "Existing methods fail when more than one gauge is silent"
_FILLS = "fills in silent gauges from their neighbours upstream"
_RESULT = "reaches an error of 4.1 cm, where linear interpolation reaches 8.3 cm"
_BENCH = "We release RiverBench with readings of 240 gauges over 12 years"
_NEEDS = "GaugeNet needs at least one reading upstream"
_ONE = "it was tried on the rivers of one country alone"
_CORE = "Training takes 3 hours on one core"

GOOD: dict[Lang, dict[Task, dict]] = {
    Lang.EN: {
        Task.IDEA: {
            "core": point("Silent river gauges are filled in from those upstream.", _INTRO, _FILLS),
            "steps": [
                point("Link the gauges in a graph along the water.", _INTRO,
                      "a graph of gauges that follows the water"),
                point("Give the silent gauge's level from the readings upstream.", "2", _UPSTREAM),
            ],
            "method": [
                point("A graph edge holds how long water travels from gauge to gauge.", _METHOD,
                      _EDGE, takes="readings upstream", gives="the level at the silent gauge"),
            ],
            "structure": [],
            "training": [point("It learns for 20 epochs with batches of 64.", "Method", _RATE)],
        },
        Task.MOTIVE: {
            "need": [point("Gauges go silent in floods, when one needs them.", _INTRO,
                           "River gauges fall silent in floods, just when they are needed")],
            "shortcomings": [point("More than one silent gauge is too much for earlier methods.",
                                   _INTRO, _FAIL)],
            "hypothesis": [],
            "difference": [point("A silent gauge is filled in from its neighbours upstream.",
                                 _INTRO, _FILLS)],
            "contributions": [point("RiverBench holds readings of 240 gauges from 12 years.",
                                    _INTRO, _BENCH)],
            "use": [],
        },
        Task.EXPERIMENTS: {
            "data_sets": [point("RiverBench: 240 gauges, 12 years.", _INTRO, _BENCH)],
            "baselines": [point("Linear interpolation.", _TESTS,
                                "We compare on RiverBench with linear interpolation")],
            "metrics": [],
            "results": [point("The error is 4.1 cm, against 8.3 cm by linear interpolation.",
                              "Section 3", _RESULT, table="Table 1")],
            "hyperparameters": [point("The learning rate is 0.001.", _METHOD, _RATE)],
            "hardware": [point("Training needs 3 hours on one core.", _TESTS, _CORE)],
        },
        Task.LIMITS: {
            "stated_limits": [point("At least one reading upstream is needed.", _LIMITS, _NEEDS)],
            "inferred_limits": [point("Other countries' rivers may behave otherwise.", _LIMITS)],
            "pitfalls": [],
            "findings": [point("GaugeNet's error of 4.1 cm is lower than that of interpolation.",
                               _TESTS, _RESULT)],
        },
        Task.ABSTRACT: {
            "core": point("Silent river gauges are filled in from those upstream.", "Abstract",
                          _FILLS),
            "steps": [],
            "need": [],
            "shortcomings": [],
            "contributions": [],
            "results": [point("On RiverBench the error is 4.1 cm.", "Abstract",
                              "it halves the error to 4.1 cm", table="")],
            "findings": [point("One core is enough to run it.", "Abstract",
                               "and runs on one core")],
        },
    },
    Lang.ZH: {
        Task.IDEA: {
            "core": point("GaugeNet 用上游相邻的水位计补全失灵的水位计。", _INTRO, _FILLS),
            "steps": [
                point("沿水流方向把水位计连成图。", _INTRO,
                      "a graph of gauges that follows the water"),
                point("由上游读数得出失灵处的水位。", "第2节", _UPSTREAM),
            ],
            "method": [point("图的每条边记录水流经过两个水位计所需的时间。", _METHOD, _EDGE,
                             takes="上游读数", gives="失灵处的水位")],
            "structure": [],
            "training": [point("以 64 的批大小训练 20 个 epoch。", _METHOD, _RATE)],
        },
        Task.MOTIVE: {
            "need": [point("洪水中最需要水位计时，它们却失灵。", _INTRO,
                           "River gauges fall silent in floods, just when they are needed")],
            "shortcomings": [point("多于一个水位计失灵时，现有方法失效。", _INTRO, _FAIL)],
            "hypothesis": [],
            "difference": [],
            "contributions": [point("发布 RiverBench，含 240 个水位计 12 年的读数。", _INTRO,
                                    _BENCH)],
            "use": [],
        },
        Task.EXPERIMENTS: {
            "data_sets": [point("RiverBench：240 个水位计，12 年。", _INTRO, _BENCH)],
            "baselines": [],
            "metrics": [],
            "results": [point("误差为 4.1 cm，线性插值为 8.3 cm。", _TESTS, _RESULT,
                              table="表 1")],
            "hyperparameters": [point("学习率为 0.001。", _METHOD, _RATE)],
            "hardware": [point("在一个核上训练 3 小时。", _TESTS, _CORE)],
        },
        Task.LIMITS: {
            "stated_limits": [point("只在一个国家的河流上试过。", _LIMITS, _ONE)],
            "inferred_limits": [point("其他国家的河流可能不同。", _LIMITS)],
            "pitfalls": [],
            "findings": [point("GaugeNet 的误差 4.1 cm 低于线性插值。", _TESTS, _RESULT)],
        },
        Task.ABSTRACT: {
            "core": point("GaugeNet 用上游相邻的水位计补全失灵的水位计。", "Abstract", _FILLS),
            "steps": [],
            "need": [],
            "shortcomings": [],
            "contributions": [],
            "results": [point("在 RiverBench 上误差为 4.1 cm。", "Abstract",
                              "it halves the error to 4.1 cm", table="")],
            "findings": [point("只需一个核即可运行。", "Abstract", "and runs on one core")],
        },
    },
}  # fmt: skip
for _said in GOOD.values():
    _asked = {**_said[Task.MOTIVE], **_said[Task.IDEA], **_said[Task.EXPERIMENTS]}
    _asked |= _said[Task.LIMITS]
    _said[Task.NOTES] = {
        "notes": [{"about": name, **one} for name in NOTED for one in _asked[name]]
    }
REPLY = {
    Lang.EN: {
        "found": True,
        "answer": "GaugeNet trains for 3 hours on one core.",
        "quotes": [{"section": _TESTS, "quote": _CORE}],
    },
    Lang.ZH: {
        "found": True,
        "answer": "GaugeNet 在一个核上训练 3 小时。",
        "quotes": [{"section": _TESTS, "quote": _CORE}],
    },
}
