"""The presets and the glossary as data: consistent in themselves, and useful on real papers."""

import json
import lzma
import re
from collections import Counter

import pytest

from formatters.catalogue import glossary
from formatters.text import readable
from jobs.matching import evaluate
from jobs.presets import name_key, presets
from jobs.topics import preset_topic
from storage.search import DayIndex, IndexedPaper
from storage.syntax import Text, leaves

MONTH = "2026-02"
"""The month of real announcements that the presets were judged by."""

NAMED_IN_THE_DESIGN = {
    "peft": {"大模型PEFT", "参数高效微调", "LoRA微调"},
    "llm-rl": {"大模型强化学习", "RLHF", "RLVR", "GRPO"},
    "continual-learning": {"持续学习", "大模型持续学习", "终身学习", "增量学习"},
    "multimodal": {"多模态"},
    "transformer": set(),
    "generative": {"生成模型"},
}
KEPT_IN_ENGLISH = {
    "token",
    "Transformer",
    "LoRA",
    "CoT",
    "SOTA",
    "LLM",
    "VLM",
    "MLLM",
    "GRPO",
    "backbone",
}
PROPER_NAMES = {
    "3D",
    "Bayesian",
    "Carlo",
    "Gaussian",
    "KV",
    "Kullback",
    "Leibler",
    "LiDAR",
    "Markov",
    "Monte",
    "Pareto",
    "Wasserstein",
}
FIXED_TRANSLATIONS = {
    "agent": "智能体",
    "flow matching": "流匹配",
    "splatting": "泼溅",
    "embodied": "具身",
    "bootstrapping": "自举",
    "pose": "位姿",
    "camera pose": "相机位姿",
    "surjective": "满射",
}


def repeated(words):
    return [word for word, times in Counter(words).items() if times > 1]


def test_no_name_belongs_to_two_presets():
    keys = [key for preset in presets().entries for key in set(map(name_key, preset.names))]
    assert repeated(keys) == []


def test_no_alias_is_listed_in_vain():
    for preset in presets().entries:
        spoken = {name_key(preset.slug), name_key(preset.en), name_key(preset.zh)}
        keys = [*spoken, *map(name_key, preset.aliases)]
        assert repeated(keys) == [], preset.slug


def test_slugs_are_plain_and_chinese_names_are_short():
    for preset in presets().entries:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", preset.slug)
        assert 1 <= len(preset.zh) <= 8, preset.zh
        assert re.search(r"[\u4e00-\u9fff]", preset.zh), preset.zh


def test_the_presets_of_the_design_are_found_under_their_names():
    for slug, said in NAMED_IN_THE_DESIGN.items():
        assert {presets().named(name).slug for name in (slug, *said)} == {slug}


def test_what_labs_ask_for_names_a_preset():
    asked = (
        "3DGS 三维重建 视频生成 扩散模型 世界模型 具身智能 VLA 自动驾驶 目标检测 语义分割 图像复原 "
        "医学影像 遥感 数字人 智能体 推理 RAG 长上下文"
    )
    assert [word for word in asked.split() if not presets().named(word)] == []


def test_queries_are_words_alone_and_the_categories_stand_apart():
    for preset in presets().entries:
        assert "cat:" not in preset.query, preset.slug
        assert repeated(preset.categories) == []
        asked, _ = zip(*leaves(preset_topic(preset).node), strict=True)
        assert any(isinstance(leaf, Text) for leaf in asked), preset.slug
        assert {leaf.pattern for leaf in asked if not isinstance(leaf, Text)} == set(
            preset.categories
        )


def test_groups_are_few_and_none_is_a_stray():
    sizes = Counter(preset.group for preset in presets().entries)
    assert len(sizes) <= 8
    assert min(sizes.values()) >= 3


def test_english_terms_of_the_glossary_are_unique():
    assert repeated(term.en.lower() for term in glossary()) == []


def test_a_chinese_word_of_the_glossary_leads_to_one_term():
    assert repeated(word.lower() for term in glossary() for word in (term.zh, *term.also)) == []


def test_the_glossary_has_the_fixed_translations():
    by_english = {term.en: term.zh for term in glossary()}
    assert {en: by_english[en] for en in FIXED_TRANSLATIONS} == FIXED_TRANSLATIONS


def test_kept_words_stay_english_and_the_others_are_chinese():
    kept = {term.en for term in glossary() if term.keep}
    assert kept >= KEPT_IN_ENGLISH
    for term in glossary():
        assert (term.zh == term.en) == term.keep, term.en
        assert term.keep or re.search(r"[\u4e00-\u9fff]", term.zh), term.en


def test_only_names_and_kept_words_have_capitals_in_the_glossary():
    for term in glossary():
        words = set(re.split(r"[ -]", term.en)) - PROPER_NAMES
        assert term.keep or all(word == word.lower() for word in words), term.en


@pytest.fixture(scope="module")
def month(real_data):
    """A month of real announcements, one row a paper."""
    with lzma.open(
        real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt", encoding="utf-8"
    ) as file:
        papers = [json.loads(line) for line in file]
    return [paper for paper in papers if (paper["announced"] or "").startswith(MONTH)]


@pytest.fixture(scope="module")
def found(month):
    """What each preset finds in the month, under its slug."""
    with DayIndex() as index:
        index.add(
            IndexedPaper(
                row=row,
                paper_id=paper["id"],
                title=readable(paper["title"]),
                abstract=readable(paper["abstract"]),
                authors=tuple(paper["authors"]),
                categories=tuple(paper["categories"]),
            )
            for row, paper in enumerate(month)
        )
        return {
            preset.slug: evaluate(preset_topic(preset).node, index.rows, index.universe)
            for preset in presets().entries
        }


@pytest.mark.real_data
def test_each_preset_finds_papers_in_a_month_and_none_finds_most(month, found):
    for slug, rows in found.items():
        assert 4 <= len(rows) <= 0.08 * len(month), slug


@pytest.mark.real_data
def test_no_two_presets_find_the_same(found):
    slugs = sorted(found)
    for place, one in enumerate(slugs):
        for other in slugs[place + 1 :]:
            shared = len(found[one] & found[other])
            assert shared < 0.8 * len(found[one] | found[other]), (one, other)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("3dgs", r"gaussian splatting"),
        ("peft", r"\bLoRA\b"),
        ("rag", r"retrieval-augmented generation"),
        ("hallucination", r"hallucination"),
        ("multimodal", r"\bMLLMs?\b|multimodal large language"),
        ("vla", r"vision-language-action"),
        ("continual-learning", r"continual learning"),
        ("world-models", r"world models?\b"),
        ("autonomous-driving", r"autonomous driving"),
        ("remote-sensing", r"remote sensing"),
    ],
)
def test_a_paper_whose_title_says_so_is_found(month, found, slug, title):
    categories = set(next(p.categories for p in presets().entries if p.slug == slug))
    evident = {
        row
        for row, paper in enumerate(month)
        if re.search(title, paper["title"], re.IGNORECASE) and categories & set(paper["categories"])
    }
    assert len(evident) >= 3
    assert evident <= found[slug]
