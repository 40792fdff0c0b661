"""Topic syntax: what people type becomes the tree that they mean, or an error that points."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatters.catalogue import Term, say, texts
from jobs.categories import taxonomy
from jobs.presets import Preset, Presets, find_presets, presets, suggest
from jobs.topics import TopicError, asked_node, kind_for, parse, pointer, topic_categories
from jobs.topics.lines import normalized
from jobs.topics.translate import Vocabulary
from storage.models import AnnounceType, Lang, Paper, PaperId, Topic
from storage.syntax import And, Author, Category, Field, Node, Not, Or, PaperRef, Text

DEFAULTS = ("cs.CV", "cs.LG")
CONFIGURED = Or((Category("cs.CV"), Category("cs.LG")))

VOCABULARY = Vocabulary(
    Presets(
        (
            Preset(
                slug="lifelong",
                en="Lifelong learning",
                zh="终身学习",
                aliases=("持续学习", "LL"),
                query='ti:"lifelong learning" OR "continual learning"',
                categories=("cs.LG", "stat.ML"),
                group="learning",
            ),
            Preset(
                slug="bridges",
                en="Bridges",
                zh="桥梁检测",
                aliases=(),
                query="bridge NOT dental",
                categories=("cs.CV",),
                group="applications",
            ),
        )
    ),
    (
        Term("diffusion model", "扩散模型"),
        Term("diffusion", "扩散"),
        Term("survey", "综述"),
        Term("agent", "智能体"),
        Term("3D reconstruction", "三维重建", also=("3D重建",)),
        Term("LLM", "LLM", keep=True, also=("大模型",)),
    ),
)


def topic(text: str, defaults: tuple[str, ...] = DEFAULTS) -> Topic:
    return parse(text, default_categories=defaults, vocabulary=VOCABULARY)


def asked(text: str) -> Node:
    """What the text itself asks for, without the configured categories."""
    return asked_node(topic(text))


def error(text: str) -> TopicError:
    with pytest.raises(TopicError) as raised:
        topic(text)
    return raised.value


def either(*words: str) -> Node:
    return Or(tuple(map(Text, words)))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("LoRA", Text("LoRA")),
        ("low rank", And((Text("low"), Text("rank")))),
        ('"low rank"', Text("low rank", phrase=True)),
        ("'low rank' LoRA", And((Text("low rank", phrase=True), Text("LoRA")))),
        ("a AND (b OR c)", And((Text("a"), either("b", "c")))),
        ("a OR b c", And((either("a", "b"), Text("c")))),
        ("a NOT b", And((Text("a"), Not(Text("b"))))),
        ("a -b", And((Text("a"), Not(Text("b"))))),
        ("a !b", And((Text("a"), Not(Text("b"))))),
        ("+a b", And((Text("a"), Text("b")))),
        ("NOT a", Not(Text("a"))),
        ("NOT NOT a", Text("a")),
        ("a AND a", Text("a")),
        ("learning and reasoning", And((Text("learning"), Text("reasoning")))),
        ("ti:(a OR abs:b)", Or((Text("a", Field.TITLE), Text("b", Field.ABSTRACT)))),
        ('title:"a b"', Text("a b", Field.TITLE, phrase=True)),
        ("abstract:x", Text("x", Field.ABSTRACT)),
        ("TI: x", Text("x", Field.TITLE)),
        ("adapt*", Text("adapt", prefix=True)),
        ("GPT-4*", Text("GPT-4", phrase=True, prefix=True)),
        ('"A* search"', Text("A* search", phrase=True)),
        ("diffusion, editing; video", And((Text("diffusion"), Text("editing"), Text("video")))),
        ('author:"Ada Example"', Author("Ada Example")),
        ("au:'A. Example'", Author("A. Example")),
        ("author:(Ada Example)", Author("Ada Example")),
        ("author:Example", Author("Example")),
        ("id:2602.06043v3", PaperRef("2602.06043")),
        ("2602.06043", PaperRef("2602.06043")),
        ("id:math.GT/0309136", PaperRef("math/0309136")),
        ("https://arxiv.org/abs/2602.06043v2", PaperRef("2602.06043")),
        ("cs.CV", Category("cs.CV")),
        ("CS.cv", Category("cs.CV")),
        ("cs.*", Category("cs.*")),
        ("quant-ph", Category("quant-ph")),
        ("cat:math", Category("math.*")),
        ("cat:cs.SY", Category("eess.SY")),
        ("cs.CV cs.LG", Or((Category("cs.CV"), Category("cs.LG")))),
        ("cs.CV,cs.LG", Or((Category("cs.CV"), Category("cs.LG")))),
        ("cs.CV AND cs.LG", And((Category("cs.CV"), Category("cs.LG")))),
        ("cs.CV a cat:cs.LG", And((Or((Category("cs.CV"), Category("cs.LG"))), Text("a")))),
        ("cs.CV -cs.RO", And((Category("cs.CV"), Not(Category("cs.RO"))))),
    ],
)
def test_a_query_means_what_it_says(text, node):
    assert asked(text) == node


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("C++", False),
        ("C#", False),
        ("text-to-image", True),
        ("3D-GS", True),
        ("GPT-4o", True),
        ("don't", True),
        ("https://example.org/~x?a=(1)", True),
        ("10:30", True),
    ],
)
def test_signs_within_a_word_are_part_of_it(text, phrase):
    first = asked(f"{text} LoRA")
    assert isinstance(first, And)
    assert first.children[0] == Text(text.partition("(")[0], phrase=phrase)


def test_full_width_and_curly_input_is_read_like_plain_input():
    wide = topic("ｃａｔ：ｃｓ．ＣＶ　（“flow  matching”　OR　『LoRA』）−survey")
    assert wide.text == 'cat:cs.CV ("flow matching" OR "LoRA")-survey'
    assert wide.node == topic('cat:cs.CV ("flow matching" OR "LoRA") -survey').node


def test_a_topic_without_a_category_gets_the_configured_ones():
    found = topic("LoRA")
    assert found.default_categories
    assert found.node == And((Text("LoRA"), CONFIGURED))
    assert asked_node(found) == Text("LoRA")


@pytest.mark.parametrize("text", ["-cs.RO LoRA", "NOT cs.RO", 'NOT author:"Ada Example"'])
def test_what_is_only_excluded_still_needs_the_configured_categories(text):
    assert topic(text).default_categories


@pytest.mark.parametrize(
    "text", ['author:"Ada Example"', "id:2602.06043", "cs.CV", "cs.CV LoRA", "LoRA OR cs.RO"]
)
def test_authors_papers_and_named_categories_need_no_configured_ones(text):
    found = topic(text)
    assert not found.default_categories
    assert asked_node(found) == found.node


def test_without_configured_categories_a_topic_looks_everywhere():
    assert topic("LoRA", defaults=()).node == Text("LoRA")


@pytest.mark.parametrize(
    "name", ["lifelong", "Lifelong learning", "LIFELONG-LEARNING", "终身学习", "終身學習", "ＬＬ"]
)
def test_a_preset_is_found_by_each_of_its_names(name):
    found = topic(name)
    assert (found.text, found.preset) == ("lifelong", "lifelong")
    assert topic_categories(found.node) == ("cs.LG", "stat.ML")
    assert asked_node(found) == Or(
        (
            Text("lifelong learning", Field.TITLE, phrase=True),
            Text("continual learning", phrase=True),
        )
    )


def test_quotes_turn_a_presets_name_into_a_query():
    assert topic('"lifelong learning"').preset is None


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("扩散模型 AND cat:cs.CV", '"diffusion model" AND cat:cs.CV'),
        ("擴散模型", '"diffusion model"'),
        ("扩散", "diffusion"),
        ("基于LLM的智能体", "LLM agent"),
        ("ti:大模型智能体 -综述", "ti:(LLM agent) -survey"),
        ('"扩散模型 benchmark"', '"diffusion model benchmark"'),
        ("扩散模型或智能体", '"diffusion model" OR agent'),
        ("3D重建 LoRA", '"3D reconstruction" LoRA'),
        ("标题：扩散", "ti:diffusion"),
        ("扩散 AND a", "diffusion AND a"),
    ],
)
def test_chinese_words_are_searched_in_english_and_it_is_said(text, english):
    found = topic(text)
    assert found.english == english
    assert found.text == normalized(text)
    assert found.node == topic(english).node


def test_an_english_query_says_nothing_of_english():
    assert topic("LoRA").english is None


def test_an_unknown_chinese_word_offers_presets_and_points_by_display_width():
    found = error("扩散 量子桥梁")
    assert found.key == "topic.unknown-chinese"
    assert found.values["what"] == "量子桥梁"
    assert (found.values["column"], found.values["length"]) == (5, 8)
    assert "bridges" in found.values["slugs"]
    assert pointer(found) == "扩散 量子桥梁\n     ^^^^^^^^"


MISTAKES = {
    "": ("empty", "", "cs.CV"),
    "x" * 1001: ("too-long", "x", '"continual learning" AND LoRA'),
    'LoRA "flow matching': ("quote-open", '"', '"continual learning"'),
    "(LoRA OR adapter": ("group-open", "(", "(LoRA OR adapter)"),
    "LoRA) adapter": ("group-close", ")", "(LoRA OR adapter)"),
    "LoRA ()": ("group-empty", "()", "(LoRA OR adapter)"),
    "LoRA AND": ("operator", "AND", "diffusion AND editing"),
    "OR LoRA": ("operator", "OR", "diffusion AND editing"),
    "a AND OR b": ("operator", "OR", "diffusion AND editing"),
    "LoRA or adapter": ("small-operator", "or", "LoRA OR adapter"),
    "LoRA && vision": ("symbol", "&&", "LoRA AND (vision OR video)"),
    "vision - language": ("sign", "-", "diffusion -survey"),
    "++": ("sign", "++", "diffusion -survey"),
    "--survey": ("sign", "--", "diffusion -survey"),
    "LoRA ...?": ("no-word", "...?", "text-to-image"),
    '"?!"': ("no-word", '"?!"', "text-to-image"),
    "(" * 40 + "a" + ")" * 40: ("too-deep", "a", "(LoRA OR adapter) NOT survey"),
    "adaptr~2": ("fuzzy", "~2", "adapt*"),
    "LoRA^2": ("boost", "^2", '"O(n^2)"'),
    "[2024 TO 2026]": ("range", "[2024 TO 2026]", '"[MASK]"'),
    "year >2024": ("range", ">", '"[MASK]"'),
    "/adapt(er|ation)/": ("regex", "/adapt(er|ation)/", "(adapter OR adaptation)"),
    "*former": ("wildcard", "*former", "adapt*"),
    "A* search": ("prefix-short", "A*", '"A* search"'),
    "LoRA ti:": ("field-empty", "ti:", "ti:benchmark"),
    "titel:LoRA": ("unknown-field", "titel", '"Alpha: a survey"'),
    "cs.XX": ("unknown-category", "cs.XX", "cat:cs.CV"),
    "cat:vision": ("unknown-category", "vision", "cs.CV"),
    "author:Ada Example": ("author-quotes", "author:Ada Example", 'author:"Ada Example"'),
    "author:王小明": ("chinese-author", "王小明", 'author:"K. He"'),
    "id:26.1": ("bad-id", "26.1", "id:2602.06043"),
    "桥": ("unknown-chinese", "桥", '"continual learning" AND LoRA'),
}


@pytest.mark.parametrize(
    "text", MISTAKES, ids=[f"{key}{i}" for i, (key, *_) in enumerate(MISTAKES.values())]
)
def test_a_mistake_is_named_pointed_at_and_answered_with_a_valid_form(text):
    key, what, valid = MISTAKES[text]
    found = error(text)
    assert found.key == f"topic.{key}"
    assert found.values["what"].startswith(what)
    shown, marks = pointer(found).splitlines()
    if len(text) <= 72:
        assert shown == normalized(text)
    else:
        assert shown[marks.index("^")] == found.values["what"][0]
    topic(valid)
    for lang in Lang:
        assert valid in say(found.key, lang, **found.values)


def test_each_error_text_belongs_to_an_error():
    raised = {f"topic.{key}" for key, *_ in MISTAKES.values()} | {"topic.syntax"}
    assert {key for key in texts() if key.startswith("topic.")} >= raised


def test_the_mark_stands_under_the_mistake():
    assert pointer(error("扩散 AND titel:x")) == "扩散 AND titel:x\n         ^^^^^"
    assert pointer(error("LoRA “flow")) == 'LoRA "flow\n     ^'


def test_a_mistake_behind_translated_words_is_pointed_at_where_it_was_typed():
    found = error("大模型智能体 AND titel:x")
    assert pointer(found).splitlines()[1].index("^") == len("大模型智能体") * 2 + len(" AND ")


def test_an_unknown_category_is_answered_with_its_neighbours():
    assert "cs.CV" in error("cs.CVV").values["near"].split(", ")
    assert error("cat:robotics").values["near"].split(", ")[0] == "cs.RO"


def paper(primary: str) -> Paper:
    return Paper(PaperId("2602.00001"), 1, "t", "a", (), primary, (primary, "cs.LG"))


@pytest.mark.parametrize(
    ("primary", "announced", "categories", "kind"),
    [
        ("cs.CV", "new", ("cs.CV",), "new"),
        ("cs.CV", "cross", ("cs.CV",), "new"),
        ("cs.CV", "new", ("cs.LG",), "cross"),
        ("cs.CV", "new", ("cs.*",), "new"),
        ("math.CO", "new", ("cs.*",), "cross"),
        ("cs.CV", "cross", (), "cross"),
        ("cs.CV", "replace", ("cs.LG",), "replace"),
        ("cs.CV", "replace-cross", ("cs.CV",), "replace-cross"),
    ],
)
def test_new_or_cross_list_is_relative_to_the_topic(primary, announced, categories, kind):
    assert kind_for(paper(primary), AnnounceType(announced), categories) == kind


def test_the_categories_of_a_topic_are_those_it_asks_for():
    node = topic("(cs.CV OR cat:stat.*) LoRA -cs.RO cs.CV").node
    assert topic_categories(node) == ("cs.CV", "stat.*")


def test_the_taxonomy_has_all_of_arxivs_categories():
    known = taxonomy()
    assert len(known.categories) + len(known.same) == 155
    assert all(code in known.categories or code in known.archives for code in known.same.values())
    assert {code.partition(".")[0] for code in known.categories} == set(known.archives)


def test_parsers_in_many_threads_do_not_disturb_each_other():
    queries = [f"word{i} AND (other{i} OR -third{i})" for i in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(topic, queries)) == [topic(query) for query in queries]


def test_presets_are_searchable_in_both_languages():
    assert "continual-learning" in [p.slug for p in find_presets("持續學習")]
    assert "continual-learning" in [p.slug for p in find_presets("Continual")]
    assert find_presets("nothing is called this") == ()


def test_a_misspelt_preset_is_suggested():
    assert suggest("多摸态", 1)[0].slug == "multimodal"
    assert suggest("continual lerning", 1)[0].slug == "continual-learning"
    assert len(suggest("zzz", 3)) == 3


@pytest.mark.parametrize("preset", presets().entries, ids=lambda p: p.slug)
def test_every_preset_parses_under_its_name(preset):
    found = parse(preset.zh, default_categories=())
    assert found.preset == preset.slug
    assert topic_categories(found.node)[-len(preset.categories) :] == preset.categories
    assert len(preset.zh) <= 8


PIECES = st.sampled_from(
    [
        *"abc()\"'+-!&|^~*?:\\/[]{}<>=,;.#@ 　，：（）“”‘’",
        *("AND", "OR", "NOT", "TO", "and", "or", "cat:", "ti:", "author:", "id:", "all:", "x:"),
        *("cs.CV", "cs.*", "cs.QQ", "2602.06043", "https://a.b/c", "扩散", "模型", "大模型", "的"),
        *("LoRA", "C++", "text-to-image", "ß", "é", "İ", "ǆ", "\u200b", "\ue022", "\x00", "\ud800"),
    ]
)
LINES = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=14).map("".join),
    st.lists(PIECES, max_size=9).map(" ".join),
)


@given(LINES)
def test_any_text_is_a_topic_or_a_topic_error_with_a_place(text):
    try:
        found = topic(text)
    except TopicError as raised:
        found, mistake = None, raised
    if found:
        again = topic(found.text)
        assert (again.node, again.text) == (found.node, found.text)
        assert found.text.isprintable()
        return
    line, mark = pointer(mistake).split("\n")
    assert line == normalized(text)
    assert mark.strip() == "^" * mistake.values["length"]
    assert all(say(mistake.key, lang, **mistake.values) for lang in Lang)


@given(LINES)
def test_normalizing_twice_changes_nothing(text):
    assert normalized(normalized(text)) == normalized(text)
