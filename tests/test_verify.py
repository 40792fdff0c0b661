"""What a language model writes is refused for what is wrong with it, and only for that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.verify import FaultKind, Field, Kind, Source, Verdict, check, omitted
from storage.models import Lang

TIDES = Source(
    "TideNet: Flow Matching for Camera Pose Estimation on Moving Boats",
    "Estimating camera pose on a moving boat is notoriously difficult because the horizon sways. "
    "We propose TideNet, a flow-matching model that learns surjective maps from waves to poses "
    "with embodied agents. Its tokens come from a Transformer backbone, and 3D Gaussian splatting "
    "renders each frame. We collect HarbourSet, with 1,200 videos and 3.5 million frames from six "
    "harbours. Experiments on six datasets show that TideNet lowers the error by 12.5\\% and runs "
    "2.4 times faster than WaveFormer-2, at 48.3 FPS on a single GPU. Training takes 36 hours. We "
    "hope that this work inspires safer boats. Code is at https://example.org/tidenet.",
    ("Marla Quindry", "Tobin Ashgrove"),
)
PLAIN = Source(
    "Learning to Fold Paper Cranes from Few Demonstrations",
    "Robots fold paper badly. We train a policy with reinforcement learning on 40 "
    "demonstrations and fold cranes in 9 of 10 trials.",
)
ZH_TITLE, EN_TITLE = Field(Kind.TITLE, Lang.ZH), Field(Kind.TITLE, Lang.EN)
ZH_TLDR, EN_TLDR = Field(Kind.TLDR, Lang.ZH), Field(Kind.TLDR, Lang.EN)
ZH_FINDING, EN_FINDING = Field(Kind.FINDING, Lang.ZH), Field(Kind.FINDING, Lang.EN)
ZH_ABSTRACT = Field(Kind.ABSTRACT, Lang.ZH)
ZH_TEXT = Field(Kind.TEXT, Lang.ZH)
GOOD_TITLE = "TideNet：面向移动船只相机位姿估计的流匹配"


def kinds(verdict: Verdict) -> set[FaultKind]:
    return {fault.kind for fault in verdict.faults}


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [
        # The language
        (FaultKind.LANGUAGE, ZH_TITLE, "TideNet: Flow Matching for Camera Pose Estimation"),
        (FaultKind.LANGUAGE, ZH_TLDR, "TideNet estimates camera poses on boats by flow matching."),
        (FaultKind.LANGUAGE, EN_TLDR, "TideNet用流匹配估计船上的相机位姿。"),
        (FaultKind.LANGUAGE, ZH_TLDR, "TideNetは船のカメラの位姿を推定する方法です。"),
        (FaultKind.LANGUAGE, ZH_TLDR, "TideNet以流匹配估計移動船隻上的相機位姿，誤差降低12.5%。"),
        (FaultKind.LANGUAGE, EN_TLDR, "TideNet оценивает camera poses on moving boats."),
        # Talk and notes
        (FaultKind.CHATTER, ZH_TLDR, "请提供论文内容，我才能写出总结。"),
        (FaultKind.CHATTER, ZH_TEXT, "TideNet很有意思。请您提供论文全文，以便继续分析。"),
        (FaultKind.CHATTER, EN_TLDR, "Please provide the abstract of the paper."),
        (FaultKind.CHATTER, EN_TLDR, "As an AI language model, I cannot read the paper."),
        (FaultKind.CHATTER, ZH_TLDR, "抱歉，这篇论文超出了能力范围。"),
        (FaultKind.CHATTER, ZH_TEXT, "我将以研究生的视角深入分析TideNet的方法。"),
        (FaultKind.CHATTER, EN_TLDR, "The provided abstract describes TideNet for boats."),
        (FaultKind.NOTE, ZH_TITLE, "注：标题采用意译，以保留学术风格"),
        (FaultKind.NOTE, ZH_TEXT, "“Moving Boats”译为“移动船只”，更加准确。"),
        # Form
        (FaultKind.LINES, ZH_TITLE, "TideNet：船上的流匹配\n兼谈相机位姿"),
        (FaultKind.LINES, ZH_TITLE, "TideNet：流匹配。该标题突出了方法的核心"),
        (FaultKind.LINES, EN_TLDR, "TideNet estimates poses.\nIt is fast."),
        (
            FaultKind.LENGTH,
            ZH_TLDR,
            "TideNet在移动的船只上估计相机位姿" * 2 + "，" + "又快又好" * 9,
        ),
        (FaultKind.LENGTH, EN_FINDING, "Surjective maps"),
        (FaultKind.LENGTH, ZH_FINDING, "TideNet将海浪映射到相机位姿，"),
        (FaultKind.CHATTER, ZH_TLDR, "TideNet这个标题有误，原文的标题没有。"),
        (FaultKind.CHATTER, ZH_FINDING, "没有提供任何结果或贡献。"),
        (FaultKind.LENGTH, EN_TLDR, " ".join(f"word{n}" for n in range(40))),
        (FaultKind.REPETITION, ZH_TLDR, "TideNet" + "估计位姿，" * 6),
        (FaultKind.REPETITION, EN_TLDR, "poses are " * 8),
        (FaultKind.REPETITION, ZH_TEXT, "该方法在船上表现稳定，误差明显更低。" * 2),
        (FaultKind.MARKUP, ZH_TLDR, "TideNet以$\\ell_2$损失估计位姿。"),
        (FaultKind.MARKUP, EN_TLDR, "\\textbf{TideNet} estimates poses on boats."),
        (FaultKind.MARKUP, ZH_TLDR, '{"tldr": "TideNet估计位姿"}'),
        (FaultKind.MARKUP, ZH_TLDR, "TideNet确定${更新时机}$并估计位姿。"),
        # Numbers and units
        (FaultKind.NUMBER, ZH_TLDR, "TideNet使误差降低97.3%。"),
        (FaultKind.NUMBER, EN_TLDR, "TideNet lowers the error on 7 million frames."),
        (FaultKind.NUMBER, ZH_TLDR, "在八个数据集上，TideNet更快。"),
        (FaultKind.NUMBER, EN_TLDR, "On eight datasets TideNet is faster."),
        (FaultKind.NUMBER, ZH_TLDR, "HarbourSet含350万帧、1.2万段视频。"),
        (FaultKind.NUMBER, Field(Kind.LINE, Lang.ZH), "2026年2月4日的TideNet值得一读。"),
        (FaultKind.UNIT, ZH_TLDR, "TideNet快2.4%。"),
        (FaultKind.UNIT, EN_TLDR, "TideNet reaches 48.3% with one GPU."),
        (FaultKind.UNIT, ZH_TLDR, "训练耗时36天。"),
        # Names and links
        (FaultKind.NAME, ZH_TLDR, "TideNat用流匹配估计相机位姿。"),
        (FaultKind.NAME, EN_TLDR, "TideNet is faster than WaveFormer-3."),
        (FaultKind.NAME, ZH_TLDR, "TideNet优于SwellFormer。"),
        (FaultKind.NAME, EN_TLDR, "TideNet trains its policy with GRPO."),
        (FaultKind.LOST_NAME, ZH_TITLE, "潮汐网络：面向移动船只相机位姿估计的流匹配"),
        (FaultKind.LINK, ZH_TLDR, "TideNet的代码见https://example.org/tidenets。"),
        # Terms
        (FaultKind.TERM, ZH_TITLE, "TideNet：面向移动船只相机位姿估计的流形匹配"),
        (FaultKind.TERM, ZH_TITLE, "TideNet：面向移动船只相机姿势估计的流匹配"),
        (FaultKind.TERM, ZH_TLDR, "TideNet让具身代理学习位姿。"),
        (FaultKind.TERM, ZH_TLDR, "TideNet的令牌来自Transformer。"),
        (FaultKind.TERM, ZH_TLDR, "TideNet用三维高斯喷洒渲染每一帧。"),
        (FaultKind.UNTRANSLATED, ZH_TLDR, "船上的位姿 notoriously 难以估计。"),
        (FaultKind.UNTRANSLATED, ZH_TITLE, "TideNet：面向moving boats的流匹配"),
        (FaultKind.UNTRANSLATED, ZH_TLDR, "TideNet在六个benchmark上更快。"),
        (FaultKind.ADDED, ZH_TITLE, "TideNet：面向移动船只相机位姿估计的流匹配系统"),
        (
            FaultKind.ADDED,
            ZH_TITLE,
            GOOD_TITLE + "，兼论海上各种天气条件之下船只摇摆对成像造成的影响",
        ),
        (FaultKind.OMITTED, ZH_ABSTRACT, "TideNet用流匹配估计船上的相机位姿。"),
        # Findings
        (FaultKind.NO_FINDING, EN_FINDING, "We hope that TideNet inspires safer boats."),
        (FaultKind.NO_FINDING, ZH_FINDING, "我们希望TideNet能带来更安全的船只。"),
        (FaultKind.NO_FINDING, ZH_FINDING, "近年来，船上的位姿估计受到广泛关注。"),
        (FaultKind.NO_FINDING, EN_FINDING, "Pose estimation on boats is crucial."),
        (FaultKind.PRAISE, ZH_TLDR, "TideNet为位姿估计带来颠覆性的进展。"),
        # Nothing
        (FaultKind.EMPTY, ZH_TLDR, "<think>先想一想"),
        (FaultKind.EMPTY, EN_TLDR, " \n\t"),
    ],
)
def test_a_fault_is_found(kind: FaultKind, field: Field, text: str) -> None:
    assert kind in kinds(check(text, field, TIDES))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (ZH_TITLE, GOOD_TITLE),
        (ZH_TLDR, "TideNet以流匹配估计船上的相机位姿，误差降低12.5%，速度是WaveFormer-2的2.4倍。"),
        (ZH_TLDR, "HarbourSet含1200段视频、350万帧，来自六个港口。"),
        (ZH_TLDR, "TideNet的token来自Transformer backbone，三维高斯泼溅（splatting）渲染每一帧。"),
        (ZH_TLDR, "在6个数据集上，TideNet单GPU达48.3 FPS，训练需36小时。"),
        (ZH_TLDR, "具身智能体学习从波浪到位姿的满射，误差降低百分之12.5。"),
        (ZH_TLDR, "首个面向船只的位姿估计，唯一的一种做法；十分稳定，数十小时内训完。"),
        (EN_TLDR, "TideNet estimates camera poses on boats, 12.5 percent better and 2.4x faster."),
        (
            EN_TLDR,
            "A new set of 1.2k videos and 3,500,000 frames lets TideNet see straight at sea.",
        ),
        (EN_TLDR, "On 6 datasets and one GPU, TideNet beats WaveFormer 2 at 48.3 FPS."),
        (ZH_FINDING, "TideNet在六个数据集上把误差降低了12.5%。"),
        (EN_FINDING, "The error falls by 12.5% while TideNet runs 2.4 times as fast as before."),
        (
            Field(Kind.LINE, Lang.ZH),
            "位姿估计：TideNet（Marla Quindry等）把误差降低12.5%，值得通读。",
        ),
        (ZH_TEXT, "代码见https://example.org/tidenet。\n\n训练耗时36小时，在单个GPU上运行。"),
    ],
)
def test_a_good_text_passes_as_it_is(field: Field, text: str) -> None:
    verdict = check(text, field, TIDES)
    assert verdict.good, verdict.faults
    assert verdict.text == text
    assert not verdict.mended


def test_a_fault_tells_the_model_what_to_change() -> None:
    faults = check("TideNet使误差降低97.3%。", ZH_TLDR, TIDES).faults
    assert [fault.detail for fault in faults] == ["The number “97.3%” is not in the source."]


def test_the_abstract_passed_off_as_a_summary_is_a_copy() -> None:
    sentence = TIDES.plain.partition(". ")[0] + "."
    assert kinds(check(sentence, EN_TLDR, TIDES)) == {FaultKind.COPY}
    assert check(sentence, Field(Kind.FINDING, Lang.EN, quotation=True), TIDES).good


def test_the_title_passed_off_as_a_summary_is_a_copy() -> None:
    assert kinds(check(f"{PLAIN.title}.", EN_TLDR, PLAIN)) == {FaultKind.COPY}
    assert FaultKind.COPY in kinds(check("Flow Matching for Camera Pose", EN_TLDR, TIDES))


@pytest.mark.parametrize(
    ("texts", "source", "lacks"),
    [
        (["TideNet明显优于WaveFormer-2。", "TideNet有三个阶段。"], TIDES, True),
        (["TideNet is better.", "The error falls by 12.5%."], TIDES, False),
        (["TideNet快两倍。"], TIDES, False),
        (["强化学习的策略能折好纸鹤。"], PLAIN, False),
        (
            ["We sort all shells."],
            Source("Shells", "We sort all shells, half of them twice."),
            False,
        ),
    ],
)
def test_results_that_are_left_out_are_seen(texts: list[str], source: Source, lacks: bool) -> None:
    assert omitted(texts, source) is lacks


@pytest.mark.parametrize("term", ["强化学习", "RL"])
def test_a_title_keeps_the_terms_of_the_glossary(term: str) -> None:
    source = Source("Reinforcement Learning for Kites", "Kites fly by reinforcement learning.")
    verdict = check(f"面向风筝的{term}", ZH_TITLE, source)
    assert (FaultKind.TERM in kinds(verdict)) is (term == "RL")


@pytest.mark.parametrize(
    ("title", "abstract", "translated"),
    [
        (
            "Large Language Models: A Story",
            "Large Language Models (LLMs) tell stories.",
            "大语言模型：一个故事",
        ),
        ("Zero-Shot: Sorting Shells", "We sort shells.", "零样本：给贝壳分类"),
        ("Beyond Sand: Sorting Shells", "We go beyond sand.", "超越沙子：给贝壳分类"),
        ("3D Maps of Reefs with UAVs", "Drones map reefs.", "用无人机绘制礁石的三维地图"),
    ],
)
def test_what_is_no_name_may_be_translated(title: str, abstract: str, translated: str) -> None:
    assert check(translated, ZH_TITLE, Source(title, abstract)).good


def test_a_coined_name_of_plain_words_stays() -> None:
    source = Source(
        "Glass Ladder: Sorting Shells", "We introduce Glass Ladder, which sorts shells."
    )
    assert kinds(check("玻璃梯：给贝壳分类", ZH_TITLE, source)) == {FaultKind.LOST_NAME}
    assert check("Glass Ladder：给贝壳分类", ZH_TITLE, source).good


@pytest.mark.parametrize("said", ["RLVR", "GRPO", "VLMs", "MoE", "LoRA", "KV"])
def test_short_forms_of_what_the_source_says_are_known(said: str) -> None:
    source = Source(
        "Shells",
        "Reinforcement learning with verifiable rewards, group relative policy optimization,"
        " vision-language models, a mixture of experts, low-rank adaptation, key-value caches.",
    )
    assert check(f"用{said}给贝壳分类。", ZH_TLDR, source).good


def test_a_paper_about_refusals_may_quote_them() -> None:
    source = Source("Refusals", 'Models that say "I cannot help" refuse too often.')
    assert check('Models say "I cannot help" far too often.', EN_TLDR, source).good


def test_a_chinese_paper_is_read_too() -> None:
    source = Source("潮汐网络", "本文提出潮汐网络TideNet，在六个数据集上误差降低12.5%。")
    assert check("TideNet在六个数据集上误差降低12.5%。", ZH_TLDR, source).good
    assert not check("TideNet在六个数据集上误差降低13.5%。", ZH_TLDR, source).good


@given(st.text(max_size=200), st.sampled_from(list(Kind)), st.sampled_from(list(Lang)))
def test_no_text_breaks_the_checks(text: str, kind: Kind, lang: Lang) -> None:
    verdict = check(text, Field(kind, lang), TIDES)
    assert verdict.text or verdict.faults


@given(st.text(max_size=200))
def test_no_source_breaks_the_checks(text: str) -> None:
    check(GOOD_TITLE, ZH_TITLE, Source(text, text, (text,)))


def test_of_a_text_in_the_wrong_language_its_english_and_length_are_not_told_besides() -> None:
    long = "TideNet estimates poses on moving boats with 7,000 videos, faster than ever, " * 4
    found = kinds(check(long, ZH_FINDING, TIDES))
    assert found >= {FaultKind.LANGUAGE, FaultKind.NUMBER}
    assert found.isdisjoint({FaultKind.LENGTH, FaultKind.UNTRANSLATED})
