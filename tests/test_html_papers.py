"""Sections, paragraphs, formulas, tables, figures and listings of LaTeXML's pages."""

import pytest
from html_pages import SITE, WORDS, article, figure, maths, page, para, passages, reading, tabular

from jobs.ports import SourceError
from storage.models import Origin
from storage.models.fulltext import Equation, Figure, Listing, Paragraph, Table


def section(title, body="", kind="section", tag=""):
    label = f'<span class="ltx_tag ltx_tag_{kind}">{tag} </span>' if tag else ""
    return (
        f'<section class="ltx_{kind}"><h2 class="ltx_title ltx_title_{kind}">{label}{title}</h2>'
        f"{body}</section>"
    )


def test_a_page_is_read_without_its_frame():
    text = reading(page(para("One gauge stood still.")))
    assert (text.paper, text.version, text.origin) == ("2601.00001", 2, Origin.HTML)
    assert text.abstract == "We measure rivers."
    assert [each.name for each in text.sections] == ["1 Rivers"]
    assert text.sections[0].passages == (
        Paragraph("One gauge stood still."),
        Paragraph(WORDS.strip()),
    )


def test_sections_keep_number_level_and_order():
    text = reading(
        article(
            section("Start", para(WORDS) + section("Part", para("a"), "subsection", "1.1"), tag="1")
            + section("Proofs", section("Lemma", para("b"), "subsection", "A.1"), "appendix",
                      "Appendix A")
        )
    )  # fmt: skip
    told = [(each.number, each.title, each.level, each.appendix) for each in text.sections]
    assert told == [
        ("1", "Start", 1, False),
        ("1.1", "Part", 2, False),
        ("A", "Proofs", 1, True),
        ("A.1", "Lemma", 2, True),
    ]


@pytest.mark.parametrize(
    ("title", "number", "rest"),
    [
        ("1.  Background", "1", "Background"),
        ("II. Background", "II", "Background"),
        ("3.2 Data", "3.2", "Data"),
        ("A Survey of Rivers", "", "A Survey of Rivers"),
        ("3D Rivers", "", "3D Rivers"),
    ],
)
def test_a_typed_number_is_told_from_the_title(title, number, rest):
    found = reading(article(section(title, para(WORDS)))).sections[0]
    assert (found.number, found.title) == (number, rest)


def test_what_follows_the_references_is_an_appendix():
    bibliography = (
        '<section class="ltx_bibliography"><h2 class="ltx_title ltx_title_bibliography">References'
        '</h2><ul><li class="ltx_bibitem"><span class="ltx_tag ltx_tag_bibitem">[1]</span>'
        '<span class="ltx_bibblock">An Author. A Title.</span></li></ul></section>'
    )
    text = reading(article(section("One", para(WORDS)) + bibliography + section("More", para("x"))))
    assert text.references == ("[1] An Author. A Title.",)
    assert [each.appendix for each in text.sections] == [False, True]


def test_references_typed_as_a_section_are_no_section():
    text = reading(article(section("One", para(WORDS)) + section("References", para("[1] A."))))
    assert text.references == ("[1] A.",)
    assert [each.title for each in text.sections] == ["One"]


def test_inline_formulas_stand_as_tex():
    old = (
        '<math class="ltx_Math"><semantics><mi>x</mi><annotation encoding="application/x-tex">'
        "x^{2}</annotation></semantics></math>"
    )
    broken = maths("a%\nb\\%")
    assert passages(para(f"with {maths('d_{k}')} and {old} , {broken} at $5")) == [
        Paragraph(r"with $d_{k}$ and $x^{2}$, $a b\%$ at \$5")
    ]


def test_raised_numbers_are_not_glued_to_what_they_hang_on():
    assert passages(para("10<sup>5</sup> steps, 19<sup>th</sup>, H<sub>2</sub>O<sup></sup>")) == [
        Paragraph("10^5 steps, 19th, H2O")
    ]


def row(*cells, number=""):
    told = "".join(f'<td class="ltx_eqn_cell">{each}</td>' for each in cells)
    tag = f'<td class="ltx_eqn_cell ltx_eqn_eqno"><span class="ltx_tag ltx_tag_equation">({number})'
    end = f"{tag}</span></td>" if number else ""
    return f'<tbody><tr class="ltx_equation ltx_eqn_row">{told}{end}</tr></tbody>'


def display(*rows):
    return f'<table class="ltx_equationgroup ltx_eqn_table">{"".join(rows)}</table>'


def test_a_displayed_formula_splits_its_paragraph():
    body = (
        '<div class="ltx_para"><p class="ltx_p">We set</p>'
        + display(row(maths(r"\displaystyle a"), maths(r"\displaystyle=b"), number="3"))
        + '<p class="ltx_p">where b is large.</p></div>'
    )
    assert passages(body) == [
        Paragraph("We set"),
        Equation("a =b", "3"),
        Paragraph("where b is large."),
    ]


def test_numbered_lines_are_formulas_of_their_own_and_others_one():
    both = display(row(maths("a"), number="1"), row(maths("b"), number="2"))
    one = display(row(maths("a")), row(maths("b")))
    assert passages(both) == [Equation("a", "1"), Equation("b", "2")]
    assert passages(one) == [Equation(r"a \\ b")]


def test_a_display_of_spans_inside_a_sentence_is_one_too():
    lines = "".join(
        f'<span class="ltx_equation ltx_eqn_row"><span class="ltx_eqn_cell">{each}</span></span>'
        for each in (
            f'{maths("a")}<span class="ltx_tag ltx_tag_equationgroup">(9)</span>',
            maths("b"),
        )
    )
    group = f'<span class="ltx_equationgroup ltx_eqn_table"><span>{lines}</span></span>'
    assert passages(para(f"Let {group} hold.")) == [
        Paragraph("Let"),
        Equation(r"a \\ b", "9"),
        Paragraph("hold."),
    ]


def test_words_between_formulas_are_kept():
    assert passages(display(row(maths("a")), row("and also"), row(maths("b")))) == [
        Equation(r"a \\ \text{and also} \\ b")
    ]


def test_a_displayed_formula_needs_no_table():
    assert passages(para(maths("a+b", "block"))) == [Equation("a+b")]


def test_a_table_keeps_its_rows():
    body = figure(tabular(("Model", "F1"), ("A | B", "0.5"), ("", "")), "Table 2: Scores.")
    assert passages(body) == [
        Table("| Model | F1 |\n| --- | --- |\n| A \\| B | 0.5 |", "Table 2", "Scores.")
    ]


def test_spans_fill_the_header_and_the_rows_below():
    body = tabular(
        ('<td rowspan="2">Model</td>', '<td colspan="2">BLEU</td>'),
        ("DE", "FR"),
        ('<td rowspan="2">Base</td>', "27.3", "38.1"),
        ("28.4", "41.8"),
        ('<td colspan="3">Larger</td>',),
        ("Big", '<td colspan="2">not run</td>'),
    )
    (table,) = passages(body)
    assert table.markdown.splitlines() == [
        "| Model | BLEU DE | BLEU FR |",
        "| --- | --- | --- |",
        "| Base | 27.3 | 38.1 |",
        "| Base | 28.4 | 41.8 |",
        "| Larger |  |  |",
        "| Big | not run |  |",
    ]


def test_a_table_of_spans_is_a_table():
    body = para(
        '<span class="ltx_tabular"><span class="ltx_tr"><span class="ltx_td">Name</span>'
        '<span class="ltx_td ltx_colspan ltx_colspan_2">Value</span></span><span class="ltx_tr">'
        '<span class="ltx_td"><span class="ltx_tabular"><span class="ltx_tr"><span class="ltx_td">'
        'Two</span></span><span class="ltx_tr"><span class="ltx_td">lines</span></span></span>'
        '</span><span class="ltx_td">1</span><span class="ltx_td">2</span></span></span>'
    )
    (table,) = passages(body)
    assert table.markdown == "| Name | Value | Value |\n| --- | --- | --- |\n| Two lines | 1 | 2 |"


def test_a_tabular_that_only_places_things_is_read_through():
    assert passages(tabular(("First box.",), ("Second box.",))) == [
        Paragraph("First box."),
        Paragraph("Second box."),
    ]


def test_monstrous_spans_stay_small():
    body = tabular(*[[f'<td colspan="1000" rowspan="1000">{n}</td>'] * 3 for n in range(200)])
    assert sum(len(each.markdown) for each in passages(body)) < 100_000


def test_a_figure_has_its_label_caption_and_whole_address():
    body = figure('<img src="x1.png" class="ltx_graphics">', "Figure 3: A river.", "figure")
    (found,) = (
        reading(page(body, head='<base href="/html/2601.00001v2/">')).sections[0].passages[:1]
    )
    assert found == Figure("A river.", "Figure 3", f"{SITE}/x1.png")


def test_parts_of_a_figure_are_told_in_its_caption():
    parts = figure("<p>axis</p>", "(a): Left.", "figure") + figure("", "(b): Right.", "figure")
    assert passages(figure(parts, "Figure 1: Both banks.", "figure")) == [
        Figure("Both banks. (a) Left. (b) Right.", "Figure 1")
    ]


def test_tables_under_one_caption_share_its_label():
    parts = figure(tabular(("a", "b"), ("1", "2")), "(a): Left.") + figure(
        tabular(("c", "d"), ("3", "4")), "(b): Right."
    )
    told = [(each.label, each.caption) for each in passages(figure(parts, "TABLE I: Both."))]
    assert told == [("Table I(a)", "Both. Left."), ("Table I(b)", "Right.")]


def test_a_float_does_not_cut_the_sentence_that_it_stands_in():
    body = para(f"The gauge {figure('', 'Figure 1: A gauge.', 'figure')}stood still.")
    assert passages(body) == [Figure("A gauge.", "Figure 1"), Paragraph("The gauge stood still.")]


def test_drawings_are_read_where_they_hold_text():
    label = (
        "<svg class='ltx_picture'><foreignObject><span class='ltx_p'>{}</span>"
        "</foreignObject></svg>"
    )
    prompt = "You are given the readings of one gauge and tell its level."
    assert passages(label.format("Encoder block here")) == []
    assert passages(para(f"Step {label.format('1')} is first.")) == [Paragraph("Step 1 is first.")]
    assert passages(label.format(prompt)) == [Paragraph(prompt)]


def test_lists_have_dashes_and_numbers():
    item = '<li class="ltx_item"><span class="ltx_tag ltx_tag_item">{}</span>{}</li>'
    body = "<ul>" + item.format("•", para("one")) + item.format("2.", para("two")) + "</ul>"
    terms = (
        '<dl><dt class="ltx_item"><span class="ltx_tag ltx_tag_item">Depth</span></dt>'
        f'<dd class="ltx_item">{para("in metres")}</dd></dl>'
    )
    assert passages(body + terms) == [
        Paragraph("- one"),
        Paragraph("2. two"),
        Paragraph("- Depth. in metres"),
    ]


def test_titles_of_theorems_and_paragraphs_run_in():
    theorem = (
        '<div class="ltx_theorem"><h6 class="ltx_title ltx_runin ltx_title_theorem">'
        f'<span class="ltx_tag">Theorem 1</span> (Fall).</h6>{para("Water falls.")}</div>'
    )
    named = (
        '<section class="ltx_paragraph"><h5 class="ltx_title ltx_title_paragraph">Data</h5>'
        f"{para('We use gauges.')}</section>"
    )
    bare = (
        f'<div class="ltx_proof"><h6 class="ltx_title">Proof.</h6>{display(row(maths("a")))}</div>'
    )
    assert passages(theorem + named + bare) == [
        Paragraph("Theorem 1 (Fall). Water falls."),
        Paragraph("Data. We use gauges."),
        Paragraph("Proof."),
        Equation("a"),
    ]


def test_a_footnote_follows_its_paragraph():
    note = (
        '<span class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span '
        'class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_mark">1</sup>'
        '<span class="ltx_tag ltx_tag_note">1</span>In spring.</span></span></span>'
    )
    assert passages(para(f"Water{note} falls.")) == [
        Paragraph("Water falls."),
        Paragraph("In spring."),
    ]


def test_an_algorithm_keeps_its_lines_and_code_its_indentation():
    line = (
        '<div class="ltx_listingline"><span class="ltx_tag ltx_tag_listingline">{}:</span>{}</div>'
    )
    algorithm = (
        '<figure class="ltx_float ltx_algorithm"><figcaption class="ltx_caption">'
        '<span class="ltx_tag">Algorithm 1</span> Fall</figcaption><div class="ltx_listing">'
        + line.format(1, f"for {maths('t')}\n do")
        + line.format(2, "&nbsp;&nbsp;fall")
        + "</div></figure>"
    )
    code = (
        '<div class="ltx_listing ltx_lstlisting"><div class="ltx_listing_data"><a href="data:x">'
        "⬇</a></div>" + line.format(1, "if x:") + line.format(2, "&nbsp;&nbsp;y()") + "</div>"
    )
    assert passages(algorithm + code + "<pre>a\n  b\n</pre>") == [
        Listing("1: for $t$ do\n2:   fall", "Algorithm 1", "Fall"),
        Listing("if x:\n  y()"),
        Listing("a\n  b"),
    ]


def test_errors_and_their_lengths_are_dropped():
    body = para('Water <span class="ltx_ERROR undefined">\\hdashline</span>[0.4pt/2pt] falls [1].')
    assert passages(body) == [Paragraph("Water falls [1].")]


def test_links_are_named_once_and_not_those_into_the_page():
    text = reading(
        page(
            para(
                '<a href="https://github.com/river/gauge">code</a> <a href="#S1">1</a>'
                f'<a href="{SITE}#bib.bib1">2</a> at https://github.com/river/gauge and '
                "https://rivers.example/data."
            )
        )
    )
    assert text.links == ("https://github.com/river/gauge", "https://rivers.example/data")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "foreign-page"),
        (b"<html><body><h1>No HTML for 2601.00001</h1></body></html>", "foreign-page"),
        (page(para("x"))[:-400], "truncated"),
        (article(section("One", para("Too short."))), "truncated"),
        (page("<div>" * 5000 + "x" + "</div>" * 5000), "truncated"),
    ],
)
def test_what_is_no_whole_paper_is_refused(content, cause):
    with pytest.raises(SourceError) as told:
        reading(content)
    assert told.value.cause == cause
