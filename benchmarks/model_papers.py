"""Invented papers on twenty subjects, and what a good model says of them in both languages.

The texts are templates around names and numbers of each paper's own: as long as real ones,
and true to their paper, so that the checks on a model's answers pass them.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.llm.overviewing import MOST_PAPERS
from storage.models import Lang, Paper, PaperId


@dataclass(frozen=True, slots=True)
class Term:
    """Something in both languages."""

    en: str
    zh: str

    def said(self, lang: Lang) -> str:
        return self.zh if lang is Lang.ZH else self.en


@dataclass(frozen=True, slots=True)
class Subject:
    """What some of the papers are about."""

    term: Term
    category: str

    @property
    def topic(self) -> str:
        """As a chat subscribes to it."""
        return f'"{self.term.en}"'


SUBJECTS = tuple(
    Subject(Term(en, zh), category)
    for en, zh, category in (
        ("object detection", "目标检测", "cs.CV"),
        ("code generation", "代码生成", "cs.CL"),
        ("continual learning", "持续学习", "cs.LG"),
        ("video generation", "视频生成", "cs.CV"),
        ("mathematical reasoning", "数学推理", "cs.CL"),
        ("imitation learning", "模仿学习", "cs.RO"),
        ("semantic segmentation", "语义分割", "cs.CV"),
        ("model merging", "模型合并", "cs.LG"),
        ("image editing", "图像编辑", "cs.CV"),
        ("machine translation", "机器翻译", "cs.CL"),
        ("federated learning", "联邦学习", "cs.LG"),
        ("medical imaging", "医学影像", "cs.CV"),
        ("knowledge editing", "知识编辑", "cs.CL"),
        ("depth estimation", "深度估计", "cs.CV"),
        ("anomaly detection", "异常检测", "cs.LG"),
        ("speech recognition", "语音识别", "cs.CL"),
        ("image restoration", "图像复原", "cs.CV"),
        ("domain adaptation", "域适应", "cs.LG"),
        ("remote sensing", "遥感", "cs.CV"),
        ("experience replay", "经验回放", "cs.AI"),
    )
)
"""From what most people want to hear of to what the fewest do."""
IDEAS = tuple(
    Term(en, zh)
    for en, zh in (
        ("sparse updates", "稀疏更新"),
        ("shared subspaces", "共享子空间"),
        ("adaptive sampling", "自适应采样"),
        ("hierarchical routing", "分层路由"),
        ("uncertainty weighting", "不确定性加权"),
        ("progressive distillation", "渐进式蒸馏"),
        ("frequency masking", "频率掩码"),
        ("prototype alignment", "原型对齐"),
        ("gradient projection", "梯度投影"),
        ("contrastive memory", "对比记忆"),
    )
)
MOST = len(SUBJECTS) * len(IDEAS)
"""So many papers have a name of their own."""
ALSO = 0.25
"""The share of papers that speak of a second subject."""
_BEGINNINGS = ("Luma", "Vela", "Orin", "Tarn", "Sable", "Quill", "Ember", "Fathom", "Lark", "Moss")
_ENDINGS = (
    "Trace", "Forge", "Weave", "Lens", "Mark", "Gate", "Path", "Link", "Fold", "Drift",
    "Cast", "Loom", "Ray", "Nest", "Tide", "Spark", "Stone", "Wing", "Leaf", "Crest",
)  # fmt: skip
_ABSTRACT = """\
{Subject} is part of many systems in daily use, yet current methods still depend on large amounts \
of annotated data and on long training schedules. Their quality drops as soon as the conditions of \
deployment differ from those of training, and little is known about why this happens. We propose \
{name}, which brings {idea} to {subject}. At its core, a lightweight module estimates which parts \
of the input matter and applies {idea} only to them, so that the rest of the computation is shared \
between examples. A second stage corrects the errors of the first one without additional labels, \
and both stages are trained jointly with a single objective. We evaluate {name} on {bench}, on \
{other} and on five smaller data sets against strong baselines. On {bench} it raises accuracy from \
{low}% to {high}%, and on {other} it reduces the error by {less}% while training is {faster} times \
faster. Ablations show that {idea} accounts for most of the gain, that the second stage matters \
most when labels are scarce, and that the results hold for models from 1B to 13B parameters.{also} \
We also examine where {name} fails: under strong noise and on very long inputs its gain shrinks to \
{rest} percentage points, and a larger module does not help. Code and checkpoints will be \
released."""
_ALSO = " Without any change, the same module is of use for {subject}."


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a model says in one language, with places for what differs."""

    title: str
    """Empty where none is wanted."""
    tldr: str
    findings: tuple[str, ...]
    theme: str
    direction: str
    reason: str


_SAID = {
    Lang.EN: Phrases(
        title="",
        tldr="{name} brings {idea} to {subject} and raises accuracy on {bench} from {low}% to"
        " {high}%.",
        findings=(
            "The error on {other} is reduced by {less}%, and training is {faster} times faster.",
            "Ablations attribute most of the gain to {idea}.",
            "The gain shrinks to {rest} percentage points under strong noise.",
        ),
        theme="These papers apply a lightweight module to the parts of the input that matter for"
        " {subject}.",
        direction="{name} applies {idea} to {subject}, and only to parts of the input.",
        reason="Accuracy on {bench} rises from {low}% to {high}% with {idea}.",
    ),
    Lang.ZH: Phrases(
        title="{name}：用于{subject}的{idea}",
        tldr="{name} 将{idea}用于{subject}，使 {bench} 上的准确率从 {low}% 提高到 {high}%。",
        findings=(
            "在 {other} 上误差降低 {less}%，训练速度达到 {faster} 倍。",
            "消融实验表明，大部分提升来自{idea}。",
            "在强噪声和很长的输入下，提升缩小到 {rest} 个百分点。",
        ),
        theme="这些论文都面向{subject}，并以消融实验说明准确率提升的来源。",
        direction="{name} 将{idea}引入{subject}，只作用于部分输入。",
        reason="{idea}使 {bench} 上的准确率从 {low}% 提高到 {high}%。",
    ),
}


@dataclass(frozen=True, slots=True)
class Invented:
    """A paper with what can be said of it."""

    paper: Paper
    subject: Subject
    idea: Term
    facts: Mapping[str, str]

    def entry(self, number: int, lang: Lang) -> dict[str, Any]:
        """A good summary, as an answer has it."""
        said = _SAID[lang]
        title = {"title": self._say(said.title, lang)} if said.title else {}
        findings = [self._say(text, lang) for text in said.findings]
        return {"number": number, **title, "tldr": self._say(said.tldr, lang), "findings": findings}

    def theme(self, numbers: Sequence[int], lang: Lang) -> dict[str, Any]:
        """What it shares with others on its subject."""
        text = self._say(_SAID[lang].theme, lang)
        return {"name": self.subject.term.said(lang), "text": text, "papers": list(numbers)}

    def direction(self, number: int, lang: Lang) -> dict[str, Any]:
        """What is new in it."""
        return {"text": self._say(_SAID[lang].direction, lang), "papers": [number]}

    def read(self, number: int, lang: Lang) -> dict[str, Any]:
        """Why it is worth reading."""
        return {"paper": number, "reason": self._say(_SAID[lang].reason, lang)}

    def _say(self, text: str, lang: Lang) -> str:
        subject, idea = self.subject.term.said(lang), self.idea.said(lang)
        return text.format(subject=subject, idea=idea, **self.facts)


def invented(count: int, seed: int) -> dict[str, Invented]:
    """So many papers, at most `MOST`, by their names; as many on one subject as on another."""
    chosen = random.Random(seed)
    made = [_invent(number, chosen) for number in range(count)]
    return {one.facts["name"]: one for one in made}


def summaries(papers: Mapping[int, Invented], lang: Lang) -> dict[str, Any]:
    """A good answer about these papers, by the numbers that the question gives them."""
    return {"papers": [one.entry(number, lang) for number, one in papers.items()]}


def overview(papers: Mapping[int, Invented], lang: Lang) -> dict[str, Any]:
    """A good overview: a theme of each subject, one new direction, two papers to read."""
    numbers: dict[Subject, list[int]] = {}
    for number, one in papers.items():
        numbers.setdefault(one.subject, []).append(number)
    shared = [found for found in numbers.values() if len(found) > 1]
    first, *others = papers
    return {
        "themes": [papers[found[0]].theme(found[:MOST_PAPERS], lang) for found in shared],
        "directions": [papers[first].direction(first, lang)],
        "reads": [papers[number].read(number, lang) for number in (first, *others[:1])],
    }


def _invent(number: int, chosen: random.Random) -> Invented:
    at, place = number % len(SUBJECTS), number // len(SUBJECTS)
    subject, idea = SUBJECTS[at], IDEAS[place]
    low = chosen.randrange(520, 800)
    gain = chosen.randrange(30, 120)
    facts = {
        "name": _BEGINNINGS[place] + _ENDINGS[at],
        "bench": f"{_ENDINGS[at]}Bench",
        "other": f"{_ENDINGS[at]}Eval",
        "low": f"{low / 10}",
        "high": f"{(low + gain) / 10}",
        "less": f"{chosen.randrange(140, 390) / 10}",
        "faster": f"{chosen.randrange(15, 49) / 10}",
        "rest": f"{chosen.randrange(3, 19) / 10}",
    }
    also = ""
    if chosen.random() < ALSO:
        second = chosen.choice([other for other in SUBJECTS if other is not subject])
        also = _ALSO.format(subject=second.term.en)
    words = {"subject": subject.term.en, "Subject": subject.term.en.capitalize(), "idea": idea.en}
    paper = Paper(
        id=PaperId(f"2604.{number + 1:05}"),
        version=1,
        title=f"{facts['name']}: {idea.en.title()} for {subject.term.en.title()}",
        abstract=_ABSTRACT.format(also=also, **facts, **words),
        authors=("Imena Vorga", "Tolan Brisk"),
        primary_category=subject.category,
        categories=(subject.category,),
    )
    return Invented(paper, subject, idea, facts)
