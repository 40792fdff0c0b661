"""Invented papers with summaries, and what can be said of all of them together."""

import copy
import json
from collections.abc import Sequence

from model_server import Asked, Say, saying, summary_of

from storage.models import Lang, Paper, PaperId, Summary

TEXTS = {
    1: (
        "TokenTrim: Pruning Visual Tokens by Attention Entropy",
        (
            "Multimodal models spend most of their time on visual tokens. We propose TokenTrim, "
            "which prunes visual tokens by the entropy of their attention and needs no trained "
            "scorer. With 12% of the visual tokens it keeps 97.1% of the accuracy on DocVQA."
        ),
    ),
    2: (
        "GlanceBack: Dropping Visual Tokens after a First Answer",
        (
            "We present GlanceBack, which answers once, sees which visual tokens mattered, and "
            "drops the others by pruning. Decoding becomes 2.4 times faster on ChartQA at equal "
            "accuracy."
        ),
    ),
    3: (
        "ForgetLess: LoRA Subspaces for Continual Learning",
        (
            "Continual learning of language models forgets earlier tasks. ForgetLess keeps one "
            "shared LoRA subspace for all tasks. On SplitBench, forgetting falls from 18.3% to "
            "4.9%."
        ),
    ),
    4: (
        "SlowSteps: Continual Learning of Robot Skills without Replay",
        (
            "Robots should learn new skills without forgetting earlier ones. We study continual "
            "learning of 14 skills without replay and release the demonstrations."
        ),
    ),
    5: (
        "MossCount: Estimating Moss Cover from the Air",
        (
            "Moss cover tells how wet a forest is. MossCount estimates it from drone images with "
            "an error of 3.7 percentage points."
        ),
    ),
}
CHINESE = {
    1: (
        "TokenTrim：按注意力熵剪枝视觉 token",
        "TokenTrim 按注意力熵对视觉 token 做剪枝，只留 12% 仍保持 97.1% 的准确率。",
        ("不需要训练打分器。", "在 DocVQA 上只用 12% 的视觉 token，保持 97.1% 的准确率。"),
    ),
    2: (
        "GlanceBack：首次回答之后丢弃视觉 token",
        "GlanceBack 先回答一次，再剪去未起作用的视觉 token，解码加速 2.4 倍。",
        ("在 ChartQA 上准确率不变。", "剪枝依据首次回答用到的视觉 token。"),
    ),
    3: (
        "ForgetLess：用于持续学习的 LoRA 子空间",
        "ForgetLess 让所有任务共用一个 LoRA 子空间，减轻语言模型持续学习中的遗忘。",
        ("在 SplitBench 上遗忘从 18.3% 降到 4.9%。", "所有任务共用一个 LoRA 子空间。"),
    ),
    4: (
        "SlowSteps：无需回放的机器人技能持续学习",
        "SlowSteps 研究机器人在无回放条件下持续学习 14 项技能，不遗忘已学内容。",
        ("研究覆盖 14 项技能。", "发布了演示数据。"),
    ),
    5: (
        "MossCount：从空中估计苔藓覆盖率",
        "MossCount 由无人机图像估计苔藓覆盖率，误差为 3.7 个百分点。",
        ("由无人机图像估计苔藓覆盖率。", "误差为 3.7 个百分点。"),
    ),
}
ENGLISH = {
    1: (
        "TokenTrim prunes visual tokens by attention entropy and keeps 97.1% of the accuracy.",
        ("Only 12% of the visual tokens are left on DocVQA.", "No trained scorer is needed."),
    ),
    2: (
        "GlanceBack drops visual tokens that a first answer had no use for.",
        ("Decoding is 2.4 times faster on ChartQA.", "Accuracy stays equal after the pruning."),
    ),
    3: (
        "ForgetLess shares one LoRA subspace between tasks, so continual learning forgets less.",
        ("Forgetting falls from 18.3% to 4.9% on SplitBench.", "All tasks share one subspace."),
    ),
    4: (
        "SlowSteps studies how robots keep 14 skills in continual learning without replay.",
        ("No replay is needed for 14 skills.", "The demonstrations are released."),
    ),
    5: (
        "MossCount estimates moss cover from drone images.",
        ("Its error is 3.7 percentage points.", "Moss cover is estimated from drone images."),
    ),
}
GOOD = {
    Lang.EN: {
        "themes": [
            {
                "name": "Visual token pruning",
                "text": "Both drop visual tokens that an answer doesn't need, at equal accuracy.",
                "papers": [1, 2],
            },
            {
                "name": "Continual learning",
                "text": "Both learn new tasks or skills without forgetting earlier ones.",
                "papers": [3, 4],
            },
        ],
        "directions": [
            {
                "text": "The entropy of attention takes the place of a trained scorer of tokens.",
                "papers": [1],
            }
        ],
        "reads": [
            {
                "paper": 3,
                "reason": "One LoRA subspace brings forgetting on SplitBench down to 4.9%.",
            }
        ],
    },
    Lang.ZH: {
        "themes": [
            {
                "name": "视觉 token 剪枝",
                "text": "两项工作都剪去回答用不到的视觉 token，准确率基本不变。",
                "papers": [1, 2],
            },
            {
                "name": "持续学习",
                "text": "都研究在学习新任务或新技能时不遗忘已学内容。",
                "papers": [3, 4],
            },
        ],
        "directions": [{"text": "以注意力熵代替训练得到的 token 打分器。", "papers": [1]}],
        "reads": [{"paper": 3, "reason": "共用一个 LoRA 子空间，SplitBench 上的遗忘降到 4.9%。"}],
    },
}


def paper(number: int, **fields: object) -> Paper:
    """One of five invented papers."""
    title, abstract = TEXTS[number]
    known = {
        "version": 1,
        "title": title,
        "abstract": abstract,
        "authors": ("Imena Vorga", "Tolan Brisk"),
        "primary_category": "cs.CV",
        "categories": ("cs.CV",),
    }
    return Paper(PaperId(f"2602.{number:05}"), **{**known, **fields})


def summary(number: int, lang: Lang, engine: str = "tiny#p1") -> Summary:
    """What a model said of it."""
    ident = PaperId(f"2602.{number:05}")
    if lang is Lang.EN:
        tldr, findings = ENGLISH[number]
        return Summary(ident, 1, lang, engine, tldr, findings)
    title, tldr, findings = CHINESE[number]
    return Summary(ident, 1, lang, engine, tldr, findings, title=title)


def shown(lang: Lang, numbers: Sequence[int] = (1, 2, 3, 4, 5)) -> list[tuple[Paper, Summary]]:
    """A digest's papers with their summaries."""
    return [(paper(number), summary(number, lang)) for number in numbers]


def said(lang: Lang, **parts: object) -> dict:
    """A good overview of all five, or one with other parts."""
    return copy.deepcopy(GOOD[lang]) | parts


def saying_overview(answer: dict, **how: object) -> Say:
    """It as the model's answer."""
    return Say(json.dumps(answer, ensure_ascii=False), **how)


def of_papers(asked: Asked) -> Say:
    """Good summaries of the papers that are asked for."""
    lang = Lang.ZH if "中文" in asked.system else Lang.EN
    return saying(*(_entry(number, text, lang) for number, text in asked.papers.items()))


def is_overview(asked: Asked) -> bool:
    """Whether a question is for an overview."""
    return "themes" in asked.system


def in_order(answer: dict, asked: Asked) -> dict:
    """An answer about the five papers, by the numbers that a question gives them."""
    names = {number: TEXTS[number][0].partition(":")[0] for number in TEXTS}
    places = {
        number: place
        for number, name in names.items()
        for place, text in asked.papers.items()
        if name in text.partition("\n")[0]
    }
    moved = copy.deepcopy(answer)
    for part in (*moved["themes"], *moved["directions"]):
        part["papers"] = [places.get(number, number) for number in part["papers"]]
    for part in moved["reads"]:
        part["paper"] = places.get(part["paper"], part["paper"])
    return moved


def _entry(place: int, text: str, lang: Lang) -> dict:
    number = next(n for n in TEXTS if TEXTS[n][0].partition(":")[0] in text)
    made = summary(number, lang)
    return summary_of(place, made.tldr, made.findings, made.title)
