import json
import lzma
import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatters.text import (
    byline,
    display_width,
    pointed,
    readable,
    sentences,
    split,
    strip_controls,
    truncate,
    wrap,
)
from storage.models import Lang

TEX = st.lists(
    st.sampled_from(
        [*"abcXY 09.,%$\\{}^_~-`'\"&<>()[]é模。", "\\frac", "\\emph", "\\H", "\\mathbb", "\\sqrt"]
    )
).map("".join)
PROSE = st.lists(
    st.sampled_from([*"ab Z.,;:()“”\n 模态，。（）《》👩‍🔬é", "e\u0301", "https://x.org/"])
).map("".join)


def papers(real_data):
    with lzma.open(
        real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt", encoding="utf-8"
    ) as file:
        return [json.loads(line) for line in file]


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"Attention in $\mathcal{O}(n^2)$", "Attention in O(n²)"),
        (r"$10^{-3}$ and $x_i$ in $\mathbb{R}^d$", "10⁻³ and xᵢ in ℝᵈ"),
        (r"$N_{\mathrm{in}}$, $T_P$, $a_{\text{max}}$, $\ell_\infty$", "Nᵢₙ, T_P, a_max, ℓ_∞"),
        (r"$2^{n \log n}$ and $O(n\log n)$", "2^(n log n) and O(n log n)"),
        (r"$\frac{1}{2}$, $\frac{a+b}{c}$, $\frac{1}{k}x$", "1/2, (a+b)/c, (1/k)x"),
        (r"$\sqrt{n}$, $\sqrt[3]{n+1}$", "√n, ∛(n+1)"),
        (r"10$\times$ faster, $2\times n$, $N \times N$", "10× faster, 2×n, N × N"),
        (r"$p<0.001$, $\approx 8.2$, $κ= 0.7$", "p < 0.001, ≈8.2, κ = 0.7"),
        (r"$f: A \to B$, $a \le b$, $\{0,1\}^n$", "f: A → B, a ≤ b, {0,1}ⁿ"),
        (r"$\tilde{O}(T)$, $\hat{y}$, $\varepsilon^*$", "Õ(T), ŷ, ε*"),
        (r"$90^\circ$, $5^{th}$, H$_2$O, R$^2$", "90°, 5th, H₂O, R²"),
        (r"$$\sum_{i=1}^n x_i$$ \(k\)-means \[ a^2 \]", "∑ᵢ₌₁ⁿ xᵢ k-means a²"),
        (r"$a \equiv b \pmod{q}$, $\binom{n}{k}$", "a ≡ b (mod q), (n choose k)"),
        (r"$\unicode{x2014}$ $\|x\|_2$ $28.3\%$", "— ‖x‖₂ 28.3%"),
        (r"calls $\texttt{build_network}$", "calls build_network"),
        (r"R^2 of 0.9, 10^-3, π_{0}, snake_case_name", "R² of 0.9, 10⁻³, π₀, snake_case_name"),
    ],
)
def test_formulas_are_readable_on_one_line(source, expected):
    assert readable(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            r"Erd\H{o}s, Fran\c{c}ois, Andr\'es, M\"uller, \v{C}ech",
            "Erdős, François, Andrés, Müller, Čech",
        ),
        (
            r"\emph{very} \textbf{\underline{A}gentic} {\it min-max} \textsc{X}",
            "very Agentic min-max X",
        ),
        (r"fifty\% \& more \_ \#1 \$5", "fifty% & more _ #1 $5"),
        (r"cats &amp; dogs &lt;3 &#233;", "cats & dogs <3 é"),
        ("``quoted'' and `single' -- a---b", "“quoted” and ‘single’ – a—b"),
        ("use `code` with --flag", "use `code` with --flag"),
        (r"Fig.~1, about ~30\%, 1~2 points", "Fig. 1, about ~30%, 1~2 points"),
        (r"see \href{https://a.org/~x_y}{here}", "see here (https://a.org/~x_y)"),
        (r"\href{https://a.org/x}{\textcolor{red}{a.org/x}}", "https://a.org/x"),
        (r"at $\href{https://a.org/b_c}{link}$", "at link (https://a.org/b_c)"),
        (r"\url{https://a.org/b\_c--d}", "https://a.org/b_c--d"),
        (r"\method{} beats \cite{lin:2020}\footnote{Barely.}", "method beats [lin:2020] (Barely.)"),
        ("x<sup>2</sup> <i>in situ</i> <think> tokens", "x² in situ <think> tokens"),
        (r"\k{appa} = 0.7, \r{ho} = 0.1", "κ = 0.7, ρ = 0.1"),
        ("{N}e{RF} over 8{,}400 of {ADD, DROP}", "NeRF over 8,400 of {ADD, DROP}"),
        ("A title\n  on two lines", "A title on two lines"),
        ("100% of $O$ % kept", "100% of O % kept"),
    ],
)
def test_prose_with_tex_is_plain_text(source, expected):
    assert readable(source) == expected


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10",
        "between $5-$10 a day",
        "$1.7 billion, then $2,000 USD in all",
        "under $50.",
    ],
)
def test_sums_of_dollars_are_no_formula(text):
    assert readable(text) == text


@pytest.mark.parametrize(
    "source",
    [
        r"a $\frac{1}{ open",
        r"\textbf{never closed",
        "}{",
        "$",
        "\\",
        r"$\sqrt$ $x^$ $_$",
        r"\href{x",
    ],
)
def test_broken_tex_keeps_its_words(source):
    words = set(re.findall("[a-z]{3,}", source.replace("\\frac", "").replace("\\sqrt", "")))
    assert words - {"textbf", "href"} <= set(re.findall("[a-z]{3,}", readable(source)))


def test_absurdly_deep_tex_is_passed_on():
    assert "x" in readable("$" + "{" * 5000 + "x" + "}" * 5000 + "$")
    assert "x" in readable(r"\emph{" * 3000 + "x" + "}" * 3000)
    assert readable("$" + r"\sqrt" * 3000 + " x$")


@given(TEX)
def test_readable_never_raises_and_gives_one_clean_line(source):
    text = readable(source)
    assert text == " ".join(strip_controls(text).split())


@given(st.text())
def test_text_without_tex_keeps_every_letter(source):
    if not set(source) & set("$\\{}^_&~`<"):
        kept = [sign for sign in strip_controls(source) if sign.isalnum()]
        assert [sign for sign in readable(source) if sign.isalnum()] == kept


@pytest.mark.real_data
def test_no_real_abstract_or_title_loses_a_word(real_data):
    unsaid = re.compile(
        r"\\(?:textcolor|color|label|begin|end|unicode|href|[cbkrtdvuH])\s*\{[^{}]*\}"
        r"|\\[A-Za-z]+\*?|<a href=|</a>"
    )
    lost = []
    for paper in papers(real_data):
        for source in (paper["title"], paper["abstract"]):
            text = readable(source)
            for word, count in Counter(re.findall("[A-Za-z]{3,}", unsaid.sub(" ", source))).items():
                linked = "\\href" in source  # an address and its words may be one
                if text.count(word) < (1 if linked else count):
                    lost.append((paper["id"], word))
    assert lost == []


@pytest.mark.real_data
def test_real_titles_keep_no_tex(real_data):
    left = [
        title
        for title in (readable(paper["title"]) for paper in papers(real_data))
        if re.search(r"\\[A-Za-z]|\$[^$\d]*\$|``|&\w+;", title)
    ]
    assert left == []


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "link"),
        ("\x9b2Jcleared \x1bcreset", "cleared reset"),
        ("abc\u202edef\u202c \u2066x\u2069", "abcdef x"),
        ("pa\u200bss\u2060wo\u200drd\ufeff", "password"),
        ("a\x00b\x07c\x7f", "abc"),
        ("zalgo" + "\u0301" * 50, "zalgo" + "\u0301" * 3),
        ("line\r\nnext\ttab", "line\nnext\ttab"),
        ("family 👩‍👩‍👧 and می‌خواهم", "family 👩‍👩‍👧 and می‌خواهم"),
        ("half \ud83d a pair", "half  a pair"),
    ],
)
def test_signs_that_steer_a_screen_are_removed(hostile, harmless):
    assert strip_controls(hostile) == harmless


@given(st.text())
def test_stripped_text_can_be_encoded_and_has_no_controls(text):
    stripped = strip_controls(text)
    stripped.encode()
    assert not [
        sign for sign in stripped if unicodedata.category(sign) == "Cc" and sign not in "\n\t"
    ]
    assert strip_controls(stripped) == stripped


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("plain", 5),
        ("多模态", 6),
        ("（ＡＢ）", 8),
        ("e\u0301té", 3),
        ("👩‍🔬", 2),
        ("a多b", 4),
        ("", 0),
    ],
)
def test_display_width_counts_columns(text, width):
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("one, two three", 6, "one…"),
        ("unbreakableword", 6, "unbre…"),
        ("大模型持续学习，综述", 6, "大模型持续…"),
        ("大模型持续，学习", 6, "大模型持…"),
        ("cafe\u0301cafe", 5, "caf…"),
        ("x", 0, ""),
        ("xy", 1, "…"),
    ],
)
def test_truncation_cuts_at_a_boundary(text, limit, cut):
    assert truncate(text, limit) == cut


def test_truncation_counts_columns_on_request():
    assert truncate("大模型持续学习", 7, width=True) == "大模型…"


@given(PROSE, st.integers(0, 30), st.booleans())
def test_truncated_text_fits_and_begins_the_same(text, limit, width):
    cut = truncate(text, limit, width=width)
    assert (display_width(cut) if width else len(cut)) <= limit
    assert text.startswith(cut.removesuffix("…"))
    if cut.endswith("…") and limit > 5:
        assert not unicodedata.combining((text + " ")[len(cut) - 1]) or cut == "…"


def test_chinese_wraps_between_characters_but_not_before_closing_marks():
    assert wrap("大模型持续学习，综述。", 14) == ["大模型持续学", "习，综述。"]
    assert wrap("见《持续学习》一文", 6) == ["见《持", "续学", "习》一", "文"]


def test_words_and_addresses_stay_whole():
    lines = wrap("see https://example.org/a/very/long/path and more", 16, "  ")
    assert lines == ["  see", "  https://example.org/a/very/long/path", "  and more"]
    assert wrap("使用 GaussianSplatting 方法", 18) == ["使用", "GaussianSplatting", "方法"]


def test_line_breaks_are_kept_when_wrapping():
    assert wrap("one\n\ntwo", 20) == ["one", "", "two"]


@given(PROSE, st.integers(2, 30))
def test_wrapping_loses_nothing_and_keeps_the_width(text, columns):
    lines = wrap(text, columns)
    assert squeezed("".join(lines)) == squeezed(text)
    for line in lines:
        assert display_width(line) <= columns or "://" in line or len(line) == 1


@given(PROSE, st.integers(1, 40))
def test_pieces_fit_and_lose_only_white_space(text, limit):
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert squeezed("".join(pieces)) == squeezed(text)


def test_pieces_end_at_a_paragraph_then_a_sentence_then_a_word():
    assert split("One para.\n\nTwo para.", 15) == ["One para.", "Two para."]
    assert split("First one. Second one here.", 20) == ["First one.", "Second one here."]
    assert split("alpha beta gamma", 12) == ["alpha beta", "gamma"]
    assert split("第一句。第二句很长。", 6) == ["第一句。", "第二句很长。"]
    assert split("", 5) == []


@pytest.mark.parametrize(
    "text",
    [
        "We follow Lin et al. (2020) here.| It works.",
        "Methods, e.g. LoRA, i.e. adapters, vs. full tuning.| All differ.",
        "See Fig. 1 and Eq. 2.| Next, Sec. 3 has 3.5 points.",
        "In cs.CV we gain 3.5 points.| 3D scenes gain more.",
        "J. R. Weng proved it.| A. Lin too.",
        "Is it fair?| We think so!| Yes.",
        "It grew by 5%.| vLLM helps.| d²Cache too.",
        "Code: see the page.| https://example.org/x",
        'He said "stop."| Then (so far.)| Nothing.',
        "We test Lin et al.| We also win.",
        "Trained on images, text, etc.| The rest is new.",
        "Wait… what?| Well.",
        "这是第一句。|第二句！|“第三句？”|完。",
        "1. First item.| 2. Second item.",
        "",
    ],
)
def test_sentences_end_where_readers_see_it(text):
    parts = [part.strip() for part in text.split("|") if part]
    assert sentences(text.replace("|", "")) == parts


@given(PROSE)
def test_sentences_give_back_the_text(text):
    assert squeezed("".join(sentences(text))) == squeezed(text)


@pytest.mark.real_data
def test_sentences_of_real_abstracts_join_to_the_abstract(real_data):
    for paper in papers(real_data)[::7]:
        abstract = readable(paper["abstract"])
        assert " ".join(sentences(abstract)) == abstract


def test_a_byline_names_the_first_authors_and_counts_all():
    names = ("Ada Lindqvist", r"Boris Erd\H{o}s", "Carla Weng", "Dora Okonjo", "Emil Tanaka")
    assert byline(names, Lang.EN) == "Ada Lindqvist, Boris Erdős, Carla Weng +2"
    assert byline(names, Lang.ZH) == "Ada Lindqvist、Boris Erdős、Carla Weng 等 5 人"
    assert byline(names[:2], Lang.EN) == "Ada Lindqvist, Boris Erdős"
    assert byline((), Lang.ZH) == ""


@given(
    st.text("ab多模态é", min_size=1, max_size=300),
    st.data(),
)
def test_a_mark_stands_under_its_place_however_long_the_text(text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    length = max(1, display_width(text[at]))
    shown, marks = pointed(text, display_width(text[:at]), length).split("\n")
    assert display_width(shown) <= 73
    column = marks.index("^")
    reached = next(n for n in range(len(shown) + 1) if display_width(shown[:n]) >= column)
    assert shown[reached] == text[at]
