"""What surrounds a model's text is cut away, and nothing is rewritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatters.text import strip_controls
from jobs.verify import FaultKind, Field, Kind, Source, check
from storage.models import Lang

BUOYS = Source(
    "BuoyMap: Charting Currents",
    "We propose BuoyMap, which charts currents with 12 buoys.",
)
TITLE = "BuoyMap：绘制洋流"
TLDR = "BuoyMap用12个浮标绘制洋流。"
ENGLISH = "BuoyMap charts where the water goes with 12 buoys."
FIELDS = {TITLE: Field(Kind.TITLE, Lang.ZH), TLDR: Field(Kind.TLDR, Lang.ZH),
          ENGLISH: Field(Kind.TLDR, Lang.EN)}  # fmt: skip


def is_cut_from(text: str, original: str) -> bool:
    signs = iter(original)
    return all(sign in signs for sign in text)


@pytest.mark.parametrize(
    ("kept", "around"),
    [
        (TLDR, "好的，我将为您总结这篇论文。{}"),
        (TLDR, "好的，以下是这篇论文的一句话总结：\n\n{}"),
        (TLDR, "以下是论文摘要的概括：{}"),
        (TLDR, "当然可以！下面是总结：\n{}"),
        (TLDR, "根据您提供的摘要，{}"),
        (TLDR, "<think>用户要一句话。\n先看摘要。</think>\n{}"),
        (TLDR, "先看摘要，再写。</think>{}"),
        (TLDR, "```\n{}\n```"),
        (TLDR, "```text\n{}```"),
        (TLDR, "**{}**"),
        (TLDR, "**一句话总结**：{}"),
        (TLDR, "【TL;DR】{}"),
        (TLDR, "“{}”"),
        (TLDR, "- {}"),
        (TLDR, "1. {}"),
        (TLDR, "{}（19字）"),
        (TLDR, "{} (共18个字)"),
        (TLDR, "{}\n字数：18"),
        (TLDR, "{}\n\n（注：保留了方法名（BuoyMap），其余意译。）"),
        (TLDR, "{}（译者注：浮标指海上的标志。"),
        (TLDR, "{}\n\n解析：\n1. 保留方法名\n2. 数字来自摘要"),
        (TLDR, "{}\n翻译说明：方法名不译。"),
        (TLDR, "{} 希望这个总结对您有帮助！"),
        (TLDR, "{}\n如需进一步修改，请随时告诉我。"),
        (TLDR, "{}<|im_end|>"),
        (TITLE, "标题：{}"),
        (TITLE, "《{}》"),
        (TITLE, "{}\n\n（解析说明：“Charting”译为“绘制”）"),
        (TITLE, "{}（注 保留原名）"),
        (TITLE, "{}【注】BuoyMap不译"),
        (TITLE, "BuoyMap: Charting Currents\n{}"),
        (TITLE, "{}（BuoyMap: Charting Currents）"),
        (TITLE, "{}。"),
        (TITLE, "### {}"),
        (ENGLISH, "Sure! Here is a one-sentence summary: {}"),
        (ENGLISH, "Here's the TL;DR:\n\n{}"),
        (ENGLISH, "Certainly. {}"),
        (ENGLISH, "TL;DR: {}"),
        (ENGLISH, '"{}"'),
        (ENGLISH, "{}\n\nNote: I kept the number from the abstract."),
        (ENGLISH, "{} (Note: 12 is from the abstract.)"),
        (ENGLISH, "{} (9 words)"),
        (ENGLISH, "{}\n\nI hope this helps! Let me know if you need more."),
        (ENGLISH, "<reasoning>short</reasoning>{}"),
        (ENGLISH, "---\n{}\n---"),
    ],
)
def test_what_surrounds_a_text_is_cut_away(kept: str, around: str) -> None:
    raw = around.format(kept)
    verdict = check(raw, FIELDS[kept], BUOYS)
    assert verdict.text == kept
    assert verdict.good, verdict.faults
    assert verdict.mended
    assert is_cut_from("".join(verdict.mended), raw) or len(verdict.mended) > 1


@pytest.mark.parametrize(
    ("kind", "lang", "text"),
    [
        (Kind.TLDR, Lang.EN, "A* finds BuoyMap routes, B* does not."),
        (Kind.TLDR, Lang.EN, "“Currents” and “buoys” mean different things to BuoyMap."),
        (Kind.TLDR, Lang.EN, "BuoyMap listens (10 words a buoy) to currents."),
        (Kind.TLDR, Lang.ZH, "以下两点最重要：浮标要少，洋流要准。"),
        (Kind.TLDR, Lang.ZH, "关注：洋流如何随浮标变化。"),
        (Kind.TEXT, Lang.ZH, "BuoyMap分三步。\n注意：浮标须先校准。"),
        (Kind.TEXT, Lang.EN, "- buoys\n- currents"),
    ],
)
def test_what_only_looks_like_it_stays(kind: Kind, lang: Lang, text: str) -> None:
    verdict = check(text, Field(kind, lang), BUOYS)
    assert verdict.text == text
    assert not verdict.mended


CHATTY = (
    "浮标先要校准，再要放到海上，最后由船只收回，这一过程重复进行，"
    "直到整片海域的洋流都记录在图上为止，每一只浮标都有自己的编号。"
)


SHOWN = "BuoyMap shows where the water goes with 12 buoys."
GOES_ON = " Each is set out and taken back" + " by a boat of the same harbour" * 5 + "."


@pytest.mark.parametrize(
    ("lang", "kept", "more"),
    [(Lang.ZH, "提出BuoyMap，用12个浮标绘制洋流。", CHATTY), (Lang.EN, SHOWN, GOES_ON)],
)
def test_an_overlong_tldr_keeps_the_first_sentences_that_fit(
    lang: Lang, kept: str, more: str
) -> None:
    verdict = check(kept + more, Field(Kind.TLDR, lang), BUOYS)
    assert (verdict.text, verdict.good) == (kept, True), verdict.faults
    assert verdict.mended == (more.strip(),)


@pytest.mark.parametrize("raw", [CHATTY + TLDR, "洋流对航运至关重要。" + CHATTY])
def test_an_overlong_tldr_that_begins_with_something_else_is_too_long(raw: str) -> None:
    faults = check(raw, FIELDS[TLDR], BUOYS).faults
    assert FaultKind.LENGTH in {fault.kind for fault in faults}


PIECES = st.sampled_from([
    "好的， ", " 以下是总结： ", "<think>", "</think>", "```", "**", "（注：", "）", "(19字)", "“",
    "”", "\n", "解析：", "Sure! ", "Here is the summary: ", "Note: ", "BuoyMap", "绘制洋流", "。",
    "12", "%", " ", "- ", "# ", "《", "》", "TL;DR: ", "[", "]", "{", "}", "$x$", "\\alpha", "http://a.b",
    "希望对您有帮助",
])  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(list(FIELDS.values())))
def test_mending_only_cuts_and_is_done_at_once(raw: str, field: Field) -> None:
    verdict = check(raw, field, BUOYS)
    assert is_cut_from(verdict.text, strip_controls(raw))
    again = check(verdict.text, field, BUOYS)
    assert again.text == verdict.text
    assert not again.mended
