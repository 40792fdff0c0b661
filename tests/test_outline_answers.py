"""Questions to a paper without a model: the passages that answer, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.outline import passages_for
from jobs.outline.asking import read_question, stem
from storage.models import FullText, Origin, PaperId, Paragraph, Section, Table

ABSTRACT = "We propose WaderNet, a two-camera model that counts birds from a moving boat."
SECTIONS = (
    Section(
        "Stereo Matching",
        "2.1",
        2,
        (
            Paragraph(
                "The encoder has six layers. Each layer matches the pictures of both cameras. "
                "The decoder has two layers."
            ),
        ),
    ),
    Section(
        "Training",
        "3",
        1,
        (
            Paragraph(
                "We use the Adam optimizer with a learning rate of 0.001. "
                "It is halved after ten epochs. All models were trained on two A100 GPUs."
            ),
            Paragraph("- Pictures were annotated by three ornithologists (Rey et al., 2019)."),
        ),
    ),
    Section(
        "Results",
        "4",
        1,
        (
            Table(
                "| Model | Error |\n| --- | --- |\n| WaderNet | 8.6 |", "Table 2", "Counting error."
            ),
            Paragraph("WaderNet lowers the counting error to 8.6 birds per picture."),
        ),
    ),
    Section("Related Work", "5", 1, (Paragraph("Others match pictures with larger encoders."),)),
)
TEXT = FullText(PaperId("2602.00001"), 1, Origin.HTML, SECTIONS, ABSTRACT)


def quotes(question: str, text: FullText = TEXT, most: int = 3) -> list[str | None]:
    return [claim.quote for claim in passages_for(question, text, most)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many layers does the encoder have?", "six layers"),
        ("Which optimizer do they use?", "Adam"),
        ("What is the learning rate?", "0.001"),
        ("What hardware was it trained on?", "A100"),
        ("Who annotated the pictures?", "ornithologists"),
        ("What is WaderNet's counting error?", "8.6"),
        ("编码器有多少层？", "six layers"),
        ("學習率是多少？", "0.001"),
        ("训练用了什么显卡？", "A100"),
        ("WaderNet 的误差 counting error 是多少", "8.6"),
    ],
)
def test_a_question_finds_its_answer_first(question: str, answer: str) -> None:
    assert answer in (quotes(question)[0] or "")


@pytest.mark.parametrize(
    "question",
    [
        "Does it evaluate on ImageNet?",
        "What is the pseudo-rank p?",
        "Which reinforcement learning reward is used?",
        "How much did the boats cost in dollars?",
        "海马体的作用是什么？",
        "奖励函数是什么？",
        "What is it?",
        "这是什么？",
        "???",
        "",
    ],
)
def test_what_the_paper_does_not_say_has_no_answer(question: str) -> None:
    assert quotes(question) == []


def test_a_passage_names_its_section_and_quotes_to_the_letter() -> None:
    (claim, *_) = passages_for("Who annotated the pictures?", TEXT, 3)
    assert claim.section == "3 Training"
    assert claim.quote == "Pictures were annotated by three ornithologists (Rey et al., 2019)."
    assert claim.text == "Pictures were annotated by three ornithologists."


def test_a_sentence_that_leans_on_another_is_quoted_with_it() -> None:
    (quote, *_) = quotes("After how many epochs is it halved?")
    assert quote is not None
    assert quote.startswith("We use the Adam optimizer")
    assert "halved after ten epochs" in quote


def test_a_caption_that_answers_names_its_table() -> None:
    claims = passages_for("What is the counting error?", TEXT, 5)
    assert "Table 2" in {claim.table for claim in claims}


def test_a_heading_counts() -> None:
    assert "pictures" in (quotes("How does stereo matching work?")[0] or "")


def test_what_the_paper_itself_did_goes_before_related_work() -> None:
    found = quotes("How are pictures matched?")
    assert "Each layer matches the pictures of both cameras." in (found[0] or "")


def test_there_are_at_most_so_many_passages() -> None:
    assert len(quotes("pictures", most=1)) == 1
    assert quotes("pictures", most=0) == []


def test_a_chinese_paper_is_asked_in_its_own_words() -> None:
    said = "编码器由六个相同的层组成。模型在两块显卡上训练。"
    text = FullText(
        PaperId("2602.00002"), 1, Origin.PDF, (Section("方法", "1", 1, (Paragraph(said),)),), ""
    )
    assert quotes("编码器有多少层？", text) == ["编码器由六个相同的层组成。"]
    assert quotes("海马体的作用是什么？", text) == []


def test_words_of_one_family_share_a_stem() -> None:
    assert len({stem(word) for word in ("train", "trains", "trained", "training")}) == 1
    assert len({stem(word) for word in ("evaluate", "evaluated", "evaluation")}) == 1
    assert stem("gpus") == "gpu"
    assert stem("loss") == "loss"
    assert stem("corpus") == "corpus"


def test_words_that_only_ask_are_no_terms() -> None:
    assert read_question("What is the batch size they use?", chinese=False).terms == (
        "batch",
        "size",
    )
    assert read_question("批大小是多少", chinese=False).terms == ("batch", "size")


@given(
    st.text(max_size=80) | st.sampled_from(["what (", "层层层", "a" * 500, "\\"]),
    st.lists(st.text(max_size=80), max_size=4),
    st.integers(0, 3),
)
def test_any_question_to_any_text_is_answered_from_it(question, paragraphs, most) -> None:
    section = Section("", "", 1, tuple(map(Paragraph, paragraphs)))
    text = FullText(PaperId("2602.00001"), 1, Origin.PDF, (section,), "")
    claims = passages_for(question, text, most)
    assert len(claims) <= most
    assert all(any((claim.quote or "") in each for each in paragraphs) for claim in claims)
