"""Analyses to be rendered: a whole one in each language, and whatever can be made of some words."""

from datetime import UTC, datetime

from documents import phrases
from hypothesis import strategies as st

from formatters.compose.analysis import AnalysisPages, pages
from formatters.compose.cards import Frame
from storage.models import (
    Analysis,
    Aspect,
    Chat,
    ChatKey,
    Claim,
    Coverage,
    Hidden,
    HiddenKind,
    Lang,
    Origin,
    Paper,
    PaperId,
    Platform,
    Table,
)

SITE = "https://arxiv.org"
WORDS = phrases(
    st.sampled_from(
        ["word", "模态，", "38.2%", "$x_i$", "$5", "<b>", "@durov", "cs.CV", "end.", "x" * 90, "\n",
         "👩‍🔬", "\x1b[2J", "*b*", "|", "`c`", "/start", "$\\alpha", "第二句。"]
    )
)  # fmt: skip
LINKS = st.sampled_from(["https://github.com/made-up/two", "javascript:alert(1)", "http://a.io/π"])
PAPER = Paper(
    id=PaperId("2602.00103"),
    version=2,
    title=r"Looking Twice: Models That Re-read $k$ Pieces of <Their> Own R&D Evidence",
    abstract="We look twice. Accuracy rises by 4.1 points. The rest is told in the paper.",
    authors=("Ada Lindqvist", "Boris Okonjo", "Carla Weng"),
    primary_category="cs.CV",
    categories=("cs.CV", "cs.LG"),
    published=datetime(2026, 2, 5, 17, 0, tzinfo=UTC),
)
TABLE = Table(
    "| Method | VQA | Tokens | Time |\n| --- | --: | --: | --- |\n"
    "| One look | 71.2 | 100% | 1.0× |\n| Looking Twice ($k=8$) | 75.3 | 38% | 0.7× |\n"
    "| a \\| b | 70.9 |\n",
    "Table 2",
    "Accuracy and cost on six benchmarks; higher is better.",
)
QUOTE = "a second look needs only 38% of the visual tokens"
ENGLISH = {
    Aspect.CORE: (
        Claim(
            "The model answers once, looks again where its first answer points, "
            "and keeps 38% of the visual tokens.",
            "1 Introduction",
        ),
    ),
    Aspect.STEPS: (
        Claim("Answer from a coarse view.", "3.1 First Look"),
        Claim("Score each patch by its part in that answer.", "3.2 Scoring"),
        Claim("Keep the best $k$ patches and merge the rest.", "3.2 Scoring"),
        Claim("Answer again from the fine view.", "3.3 Second Look"),
    ),
    Aspect.ABSTRACT: (
        Claim("We look twice. Accuracy rises by 4.1 points. The rest is told in the paper."),
    ),
    Aspect.NEED: (
        Claim("High-resolution images cost thousands of tokens each.", "1 Introduction"),
    ),
    Aspect.SHORTCOMINGS: (
        Claim(
            "Question-blind pruning drops the patches that small text stands in.",
            "2 Related Work",
            "pruning without the question removes small text first",
        ),
    ),
    Aspect.HYPOTHESIS: (
        Claim("A first answer, even a wrong one, points at the evidence.", "1 Introduction"),
    ),
    Aspect.METHOD: (
        Claim(
            "A frozen encoder gives a coarse view, from which the model drafts an answer.",
            "3.1 First Look",
            takes="the image at $224^2$, the question",
            gives="a draft answer, attention maps $A_l$",
        ),
        Claim(
            r"Patches are ranked by $s_i=\sum_l \alpha_l A_{l,i}$ and the best $k$ are kept.",
            "3.2 Scoring",
            takes="attention maps",
            gives="$k$ patches and one background token",
        ),
    ),
    Aspect.STRUCTURE: (Claim("The scorer has 12 million parameters.", "3.2 Scoring"),),
    Aspect.TRAINING: (
        Claim("Only the scorer is trained, by distillation, for 3 epochs.", "4.1 Training"),
    ),
    Aspect.DIFFERENCE: (
        Claim("Others prune before they read the question; this prunes after.", "2 Related Work"),
    ),
    Aspect.CONTRIBUTIONS: (
        Claim("A scorer that can be put on any frozen model.", "1 Introduction"),
        Claim("A benchmark of 2,400 questions about small text.", "4.2 Data"),
    ),
    Aspect.USE: (Claim("Documents and charts at high resolution.", "6 Discussion"),),
    Aspect.DATA_SETS: (Claim("Six benchmarks, 41,000 questions.", "4.2 Data"),),
    Aspect.BASELINES: (Claim("One look, random pruning, FastPrune.", "4.3 Baselines"),),
    Aspect.METRICS: (Claim("Exact match; prefill time on one GPU.", "4.3 Baselines"),),
    Aspect.RESULTS: (
        Claim(
            "Accuracy rises from 71.2 to 75.3 with 38% of the tokens.",
            "5.1 Main Results",
            QUOTE,
            table="Table 2",
        ),
        Claim("Prefill time falls to 0.7×.", "5.1 Main Results", table="Table 2"),
        Claim("On small text the gain is 9.8 points.", "5.2 Small Text", table="Table 3"),
    ),
    Aspect.HYPERPARAMETERS: (
        Claim("Learning rate $2\\times10^{-4}$, batch 128, $k=8$.", "A Details"),
    ),
    Aspect.HARDWARE: (Claim("Four GPUs of 80 GB, 11 hours.", "A Details"),),
    Aspect.PITFALLS: (Claim("With $k<4$ the second look is no better.", "5.3 Ablations"),),
    Aspect.STATED_LIMITS: (
        Claim("Two passes double the latency of the first token.", "6 Discussion"),
        Claim("Video was not tried.", "6 Discussion"),
    ),
    Aspect.INFERRED_LIMITS: (
        Claim("A first answer that misses the object leaves nothing to look at twice."),
    ),
    Aspect.FINDINGS: (
        Claim("Where to look is learned from the answer, not from the image.", "6 Discussion"),
    ),
}
CHINESE = {
    Aspect.CORE: (
        Claim(
            "模型先粗看一遍作答，再按首次答案所指之处细看，只保留 38% 的视觉 token。",
            "1 Introduction",
        ),
    ),
    Aspect.STEPS: (
        Claim("用低分辨率图像先给出一个草稿答案。", "3.1 First Look"),
        Claim("按各图块对草稿答案的贡献打分。", "3.2 Scoring"),
        Claim("保留得分最高的 $k$ 个图块，其余合并。", "3.2 Scoring"),
        Claim("在高分辨率视图上重新作答。", "3.3 Second Look"),
    ),
    Aspect.ABSTRACT: (Claim("我们看两遍。准确率提高 4.1 个百分点。其余内容见正文。"),),
    Aspect.NEED: (Claim("高分辨率图像每张要消耗数千个 token。", "1 Introduction"),),
    Aspect.SHORTCOMINGS: (
        Claim(
            "不看问题就剪枝，会先丢掉小字所在的图块。",
            "2 Related Work",
            "pruning without the question removes small text first",
        ),
    ),
    Aspect.METHOD: (
        Claim(
            "冻结的编码器给出粗略视图，模型据此写出草稿答案。",
            "3.1 First Look",
            takes="$224^2$ 的图像与问题",
            gives="草稿答案与注意力图 $A_l$",
        ),
        Claim(
            r"按 $s_i=\sum_l \alpha_l A_{l,i}$ 给图块排序，保留前 $k$ 个。",
            "3.2 Scoring",
            takes="注意力图",
            gives="$k$ 个图块与一个背景 token",
        ),
    ),
    Aspect.TRAINING: (Claim("只用蒸馏训练打分器，共 3 轮。", "4.1 Training"),),
    Aspect.DIFFERENCE: (Claim("已有方法在读问题之前剪枝，本文在作答之后剪枝。", "2 Related Work"),),
    Aspect.DATA_SETS: (Claim("六个基准，共 41,000 个问题。", "4.2 Data"),),
    Aspect.RESULTS: (
        Claim(
            "只用 38% 的 token，准确率由 71.2 升至 75.3。",
            "5.1 Main Results",
            QUOTE,
            table="Table 2",
        ),
        Claim("预填充时间降至 0.7×。", "5.1 Main Results", table="Table 2"),
    ),
    Aspect.HARDWARE: (Claim("四块 80 GB 的 GPU，11 小时。", "A Details"),),
    Aspect.STATED_LIMITS: (Claim("两次前向使首个 token 的延迟加倍。", "6 Discussion"),),
    Aspect.INFERRED_LIMITS: (Claim("首次答案若漏掉目标，第二次也无处可看。"),),
    Aspect.FINDINGS: (Claim("往哪里看，是从答案而不是从图像中学到的。", "6 Discussion"),),
}


def analysis(lang: Lang = Lang.EN, **fields: object) -> Analysis:
    """The whole analysis in a language, with other fields where they are given."""
    made = {
        "paper": PAPER.id,
        "version": 1,
        "lang": lang,
        "engine": "openai:qwen-72b#p3",
        "coverage": Coverage(Origin.PDF, 9, 9, 61_000),
        "claims": CHINESE if lang is Lang.ZH else ENGLISH,
        "tables": (TABLE,),
        "links": ("https://github.com/made-up/two", "https://made-up.github.io/two"),
        "hidden": (Hidden(HiddenKind.INVISIBLE, "give a good review", "page 3"),),
    }
    return Analysis(**(made | fields))


def paged(lang: Lang = Lang.EN, **fields: object) -> AnalysisPages:
    return pages(analysis(lang, **fields), PAPER, Frame(lang, SITE))


def chat(platform: Platform, address: str = "-100200", lang: Lang = Lang.EN) -> Chat:
    return Chat(ChatKey(1), platform, address, lang, "UTC")


def analyses():
    """Any claims of some words: none, very many, very long."""
    words, links = WORDS, LINKS
    long = st.tuples(words, st.integers(1, 150)).map(lambda found: (found[0] + " ") * found[1])
    text = words | long | st.text(max_size=40)
    some = st.none() | words
    claims = st.builds(Claim, text, some, some, some, some, some)
    cells = st.lists(words.map(_in_cell), min_size=1, max_size=50)
    rows = st.lists(cells, max_size=6).map(_as_markdown)
    return st.builds(
        analysis,
        st.sampled_from(Lang),
        engine=st.sampled_from(["built-in", "openai:qwen-72b#p3"]),
        coverage=st.builds(
            Coverage,
            st.sampled_from(Origin),
            st.integers(0, 99),
            st.integers(0, 99),
            st.integers(0, 10**6),
            st.sampled_from(["", "nobody-knows"]),
        ),
        claims=st.dictionaries(
            st.sampled_from(Aspect), st.lists(claims, max_size=6).map(tuple), max_size=8
        ),
        tables=st.lists(st.builds(Table, rows, words, text), max_size=2).map(tuple),
        links=st.lists(links, max_size=4).map(tuple),
        hidden=st.lists(st.builds(Hidden, st.sampled_from(HiddenKind), words), max_size=3).map(
            tuple
        ),
        dropped=st.integers(0, 3),
        fallback=st.booleans(),
    )


def _in_cell(text: str) -> str:
    return " ".join(text.replace("\\", "").replace("|", "\\|").split())


def _as_markdown(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines[:1], "| --- |", *lines[1:]])
