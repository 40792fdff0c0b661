"""What the model engine decides without a model: prompts, drafts, the breaker, the budget."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llm_stage import chinese, english, paper

from jobs.llm import budget, prompts
from jobs.llm.analysis import questions
from jobs.llm.breaker import LONGEST, SHORTEST, Breaker
from jobs.llm.choice import Limits, ModelChoice, Price
from jobs.llm.failure import Trouble
from jobs.llm.forms import FORMS
from jobs.llm.judging import Answer, Draft, judged
from jobs.verify import FaultKind
from storage.models import Lang

NOW = datetime(2026, 2, 6, 9, 30, tzinfo=UTC)
PROMPTS = {
    prompts.SUMMARIES: (2, "2bc9"),
    tuple(prompts.OVERVIEW.values()): (1, "298c"),
    questions.PROMPTS: (3, "4936"),
}
"""Each family's version and how the fingerprint of its files begins: a change needs both."""

EXAMPLE = re.compile(r'<paper number="(\d)">\nTitle: (.*)\nAbstract: (.*)\n</paper>')


def answer(entry: dict, **fields: object) -> Answer:
    said = {**entry, **fields}
    return Answer(said["tldr"], said["findings"], said.get("title"))


@pytest.mark.parametrize("family", PROMPTS)
def test_changed_prompts_have_a_new_version(family: tuple[str, ...]) -> None:
    folder = files("jobs.llm").joinpath("prompts")
    texts = [folder.joinpath(f"{name}.md").read_bytes() for name in sorted(family)]
    found = sha256(b"".join(texts)).hexdigest()
    assert (prompts.version(family), found[:4]) == PROMPTS[family]


@pytest.mark.parametrize("name", [*prompts.SUMMARIES, *prompts.OVERVIEW.values()])
def test_every_prompt_says_that_papers_are_data_and_names_its_form(name: str) -> None:
    said = prompts.instructions(name)
    assert "<paper number=" in said
    assert "JSON" in said
    assert "version:" not in said


@pytest.mark.parametrize("lang", Lang)
def test_the_worked_examples_pass_every_check(lang: Lang) -> None:
    said = prompts.instructions(prompts.PAPERS[lang])
    answers = json.loads(
        next(line for line in said.splitlines() if line.startswith('{"papers": [{"'))
    )
    assert len(answers["papers"]) == 2
    for entry, (number, title, abstract) in zip(
        answers["papers"], EXAMPLE.findall(said), strict=True
    ):
        draft = judged(Draft.of(paper(title=title, abstract=abstract), lang), answer(entry))
        assert (str(entry["number"]), draft.kinds, draft.missing) == (number, (), ())
        assert draft.findings == tuple(entry["findings"])


@pytest.mark.parametrize("lang", Lang)
def test_the_constant_part_is_long_enough_to_be_cached(lang: Lang) -> None:
    """Providers keep prefixes of 1,024 tokens. Counted low: tokenizers were seen to need more."""
    said = prompts.instructions(prompts.PAPERS[lang])
    said += json.dumps(FORMS[lang].model_json_schema())
    chinese_signs = len(re.findall("[\u4e00-\u9fff]", said))
    assert (len(said) - chinese_signs) / 4.5 + chinese_signs / 1.5 >= 1024


def test_chinese_questions_have_the_terms_that_occur_and_no_others() -> None:
    one = paper(abstract="We study flow matching for embodied agents.", title="Invented")
    said = prompts.question({1: one}, Lang.ZH)
    assert "flow matching = 流匹配" in said
    assert "diffusion" not in said
    assert said.index("</paper>") < said.index("术语表")
    assert "术语表" not in prompts.question({1: one}, Lang.EN)


def test_a_term_inside_a_longer_one_is_not_listed_beside_it() -> None:
    found = [term.en for term in prompts.terms_in("We like large language models.")]
    assert "large language model" in found
    assert "language model" not in found


@given(st.text(alphabet=st.sampled_from('</>paper \nPAPER="1'), max_size=60))
def test_no_text_closes_or_opens_the_fence(text: str) -> None:
    said = prompts.question({3: paper(title=text, abstract=text)}, Lang.EN)
    assert said.casefold().count("<paper") == 1
    assert said.casefold().count("</paper") == 1


def test_a_good_answer_leaves_nothing_missing() -> None:
    for lang, said in ((Lang.EN, english()), (Lang.ZH, chinese())):
        draft = judged(Draft.of(paper(), lang), answer(said))
        assert (draft.missing, draft.faults, draft.kinds) == ((), (), ())


def test_what_can_be_mended_by_cutting_is_mended() -> None:
    said = answer(chinese(), title="好的，标题如下：《GlanceNet1：回答之前再看一眼》（注：意译）")
    draft = judged(Draft.of(paper(), Lang.ZH), said)
    assert draft.title is not None
    assert "注" not in draft.title
    assert "好的" not in draft.title


@pytest.mark.parametrize(
    ("fields", "kind"),
    [({"tldr": "GlanceNet1 looks twice and reaches 93.4% on DocVQA."}, FaultKind.NUMBER),
     ({"tldr": "GlanceNet1 beats DocThinker by looking twice."}, FaultKind.NAME),
     ({"tldr": "GlanceNet1 先看再答。"}, FaultKind.LANGUAGE)],
)  # fmt: skip
def test_a_fault_is_told_by_its_field_and_the_good_fields_stay(fields, kind) -> None:
    draft = judged(Draft.of(paper(), Lang.EN), answer(english(), **fields))
    assert draft.missing == ("tldr",)
    assert kind in draft.kinds
    assert all(fault.startswith("tldr: ") for fault in draft.faults)
    assert draft.summary("model") is None
    later = judged(draft, Answer(english()["tldr"]))
    assert later.missing == ()
    assert later.findings == tuple(english()["findings"])


def test_a_summary_can_do_without_a_title_and_without_bad_findings() -> None:
    said = answer(chinese(), title="系统平台", findings=["准确率提升 55%。"])
    summary = judged(Draft.of(paper(), Lang.ZH), said).summary("model")
    assert summary is not None
    assert (summary.title, summary.findings) == (None, ())


def test_one_bad_finding_of_three_is_dropped_without_asking_again() -> None:
    said = answer(english(), findings=[*english()["findings"], "It wins 55% more often."])
    draft = judged(Draft.of(paper(), Lang.EN), said)
    assert (draft.missing, draft.faults) == ((), ())
    assert draft.findings == tuple(english()["findings"])


def test_findings_without_the_papers_numbers_are_asked_for_anew_and_serve_in_the_end() -> None:
    vague = ["It looks again before it answers.", "Fewer visual tokens are needed."]
    draft = judged(Draft.of(paper(), Lang.EN), answer(english(), findings=vague))
    assert draft.missing == ("findings",)
    assert draft.faults == ("findings: give the numbers of the paper's results as it states them.",)
    assert judged(draft, Answer("", vague[:1])).findings == tuple(vague)
    exact = judged(draft, Answer("", english()["findings"]))
    assert (exact.missing, exact.findings) == ((), tuple(english()["findings"]))
    told = judged(draft, Answer("", [*vague, "Accuracy on DocVQA is 78.9%."]))
    assert told.missing == ()


def test_numbers_in_the_tldr_are_enough() -> None:
    vague = ["It looks again before it answers.", "Fewer visual tokens are needed."]
    tldr = "GlanceNet1 revisits image regions and lifts DocVQA accuracy to 78.9%."
    assert (
        judged(Draft.of(paper(), Lang.EN), answer(english(), tldr=tldr, findings=vague)).missing
        == ()
    )


def test_a_finding_that_repeats_the_tldr_is_dropped() -> None:
    said = answer(english(), findings=[english()["tldr"], *english()["findings"]])
    assert judged(Draft.of(paper(), Lang.EN), said).findings == tuple(english()["findings"])


def test_a_chinese_paper_needs_no_translated_title() -> None:
    one = paper(title="再看一眼", abstract="我们提出一种先看再答的方法。它在文档问答上更准。")
    assert "title" not in Draft.of(one, Lang.ZH).missing


def test_the_breaker_opens_longer_each_time_and_forgets_with_a_success() -> None:
    breaker, now, pauses = Breaker(), NOW, []
    for _ in range(7):
        breaker = breaker.failed(now, fatal=True)
        assert breaker.open_until is not None
        assert not breaker.allows(now)
        pauses.append(breaker.open_until - now)
        now = breaker.open_until
        assert breaker.allows(now)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (SHORTEST, LONGEST)
    assert breaker.succeeded() == Breaker()


def test_single_failures_between_successes_do_not_open_it() -> None:
    breaker = Breaker()
    for _ in range(9):
        breaker = breaker.failed(NOW).failed(NOW).succeeded()
    assert breaker.allows(NOW)


def test_a_failure_of_a_call_that_was_under_way_does_not_prolong_the_pause() -> None:
    opened = Breaker().failed(NOW, fatal=True)
    assert opened.failed(NOW + timedelta(seconds=1), fatal=True) == opened


def test_the_budget_is_a_days() -> None:
    assert budget.day_start(NOW) == datetime(2026, 2, 6, tzinfo=UTC)
    assert not budget.reached(1000, 0.5, Limits())
    assert budget.reached(1000, 0.5, Limits(tokens=1000))
    assert not budget.reached(1000, 0.5, Limits(tokens=1001, cost=Decimal("0.51")))
    assert budget.reached(1000, 0.5, Limits(cost=Decimal("0.5")))


def test_a_price_is_for_a_million_tokens() -> None:
    assert Price(Decimal("0.25"), Decimal(2)).of(1_000_000, 500_000) == Decimal("1.25")


def test_a_choice_prints_no_key() -> None:
    assert "invented-key" not in repr(ModelChoice("openai:x", "invented-key"))


def test_every_trouble_is_of_one_kind() -> None:
    for trouble in Trouble:
        assert [trouble.fatal, trouble.passing, trouble.of_the_papers].count(True) == 1
