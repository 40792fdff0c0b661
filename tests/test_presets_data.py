"""The presets and the glossary as data: consistent in themselves, and useful on real papers."""

import re
import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from formatters.catalogue import glossary

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


@pytest.fixture(scope="module")
def entries():
    return tomllib.loads(files("jobs").joinpath("presets.toml").read_text("utf-8"))["preset"]


def names(entry):
    """What a preset can be called, without regard to case."""
    said = (entry["slug"], entry["en"], entry["zh"], *entry["aliases"])
    return {name.lower() for name in said}


def repeated(words):
    return [word for word, times in Counter(words).items() if times > 1]


def test_no_name_belongs_to_two_presets(entries):
    assert repeated(name for entry in entries for name in names(entry)) == []


def test_no_preset_lists_a_name_twice(entries):
    for entry in entries:
        said = [name.lower() for name in (entry["en"], entry["zh"], *entry["aliases"])]
        assert repeated(said) == [], entry["slug"]


def test_slugs_are_plain_and_chinese_names_are_short(entries):
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["slug"])
        assert 1 <= len(entry["zh"]) <= 8, entry["zh"]
        assert re.search(r"[\u4e00-\u9fff]", entry["zh"]), entry["zh"]


def test_the_presets_of_the_design_are_there_under_their_names(entries):
    by_slug = {entry["slug"]: entry for entry in entries}
    for slug, expected in NAMED_IN_THE_DESIGN.items():
        assert expected <= {by_slug[slug]["zh"], *by_slug[slug]["aliases"]}, slug


def test_what_labs_ask_for_names_a_preset(entries):
    asked = (
        "3DGS 三维重建 视频生成 扩散模型 世界模型 具身智能 VLA 自动驾驶 目标检测 语义分割 图像复原 "
        "医学影像 遥感 数字人 智能体 推理 RAG 长上下文"
    )
    known = set().union(*(names(entry) for entry in entries))
    assert [word for word in asked.split() if word.lower() not in known] == []


def test_queries_name_no_categories_and_every_preset_has_some(entries):
    for entry in entries:
        assert "cat:" not in entry["query"], entry["slug"]
        assert not re.search(r"\b(cs|stat|eess)\.", entry["query"]), entry["slug"]
        assert entry["categories"], entry["slug"]
        assert len(set(entry["categories"])) == len(entry["categories"])


def test_groups_are_few_and_none_is_a_stray(entries):
    sizes = Counter(entry["group"] for entry in entries)
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
