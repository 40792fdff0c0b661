"""Documents as Telegram's messages: papers alone and in lists, their text and links."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest
from documents import CARD, JOINER, entries, in_chinese, left_over
from telegram_form import bare, covered, kinds, shown

from formatters.document import (
    Bullets,
    Button,
    Buttons,
    Code,
    Document,
    Facts,
    Heading,
    Lead,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.telegram import Key, Message, from_payload, messages, one_message, to_payload, toast
from formatters.text import strip_controls

CHINESE = in_chinese(CARD)


def test_a_paper_alone_is_told_whole_with_its_abstract_folded():
    [message] = messages(Document((CARD,)))
    assert message.text.replace(JOINER, "") == (
        '<b><a href="https://arxiv.org/abs/2602.00103">'
        "Looking Twice: Models That Re-read &lt;Their&gt; Own R&amp;D Evidence</a></b>\n"
        "<i>Ada Lindqvist, Boris Okonjo, Carla Weng +4</i>\n"
        "<i>arXiv:2602.00103v1 · cs.CV, cs.LG · 2026-02-06</i>\n\n"
        "<b>TL;DR</b>: A second look, guided by the first answer, needs only 38% of the tokens.\n\n"
        "• Accuracy rises by 4.1 points.\n"
        "• It costs 0.7× as much.\n\n"
        "<blockquote expandable>We look twice. Accuracy rises by 4.1 points. "
        "The rest is told in the paper.</blockquote>\n\n"
        '<a href="https://arxiv.org/pdf/2602.00103v1">PDF</a> · '
        '<a href="https://github.com/made-up/two">Code</a>'
    )
    assert "url" not in kinds(shown(message))


def test_a_withdrawn_paper_says_so_in_bold_in_chinese():
    [message] = messages(Document((CHINESE,)))
    text = shown(message).plain
    assert "<b>⚠️ 作者已撤稿</b>\n\n<b>速读</b>：第二次" in message.text
    assert text.splitlines()[1] == "再看一眼：回答之前重新审视证据的模型"


def test_a_paper_in_a_list_is_short_and_its_number_opens_it():
    [message] = messages(Document((*entries(2), Buttons((Button("More", "/more"),)))))
    first, second = message.text.replace(JOINER, "").split("\n\n")
    assert first == (
        '1. <b><a href="https://arxiv.org/abs/2602.00001">'
        "Looking Twice: Models That Re-read &lt;Their&gt; Own R&amp;D Evidence</a></b>\n"
        "<i>new · Ada Lindqvist, Boris Okonjo, Carla Weng +4 · cs.CV, cs.LG</i>\n"
        "A second look, guided by the first answer, needs only 38% of the tokens.\n"
        '<a href="https://arxiv.org/pdf/2602.00103v1">PDF</a> · '
        '<a href="https://github.com/made-up/two">Code</a>'
    )
    assert second.startswith("2. <b>")
    numbers = (Key("1", "/paper 2602.00001"), Key("2", "/paper 2602.00002"))
    assert message.rows == (numbers, (Key("More", "/more"),))
    assert "abstract" not in message.text
    assert "matched" not in message.text


def test_a_document_is_set_airily():
    document = Document(
        (
            Title(plain("Status")),
            Text((Span("as of today", Style.FAINT),)),
            Text(plain("Try /subscribe multimodal")),
            Heading(plain("Service")),
            Facts((("Queue", plain("0 waiting")), ("/help", plain("全部命令")))),
            Bullets((plain("one"), plain("two")), start=4),
            Code("multimodal AND (\n               ^"),
            Code("/pause 7d"),
            Buttons((Button("Help", "/help"),)),
        )
    )
    [message] = messages(document)
    assert message.text == (
        "<b>Status</b>\n<i>as of today</i>\nTry /subscribe multimodal\n\n"
        "<b>Service</b>\nQueue: 0 waiting\n/help：全部命令\n\n"
        "4. one\n5. two\n\n"
        "<pre>multimodal AND (\n               ^</pre>\n\n"
        "<code>/pause 7d</code>"
    )
    assert [e["type"] for e in shown(message).entities] == [
        "bold", "italic", "bot_command", "bold", "bot_command", "pre", "code",
    ]  # fmt: skip


def test_left_over_titles_are_folded_and_numbered_on():
    [message] = messages(Document((left_over(2), Text((Span("/more", Style.FAINT),)))))
    assert message.text == (
        "<b>2 more papers</b>\n<blockquote expandable>"
        '9. <a href="https://arxiv.org/abs/2602.00000">A Title among Many, Number 0</a>\n'
        '10. <a href="https://arxiv.org/abs/2602.00001">A Title among Many, Number 1</a>'
        "</blockquote>\n<i>/more</i>"
    )


HOSTILE = (
    "@durov #ad $TON /start cs.CV tg://join <b>&amp; {a,b}@mail.org C# x@b.co https://a.org/@b#c"
)


@pytest.mark.parametrize("sign", ["", "。", "\u200e", "é", "(", "https://x.org/", "https://x.org,"])
def test_a_paper_mentions_nobody_and_offers_no_command(sign):
    text = " ".join(sign + word for word in HOSTILE.split())
    card = replace(
        CARD, title=text, byline=text, tldr=text, tldr_label=text, findings=(text,), abstract=text
    )
    blocks = (card, Lead(1, plain(text)), card, Titles(text, (plain(text),)), Title(plain(text)))
    for message in messages(Document(blocks)):
        found = shown(message)
        assert not kinds(found) & {"mention", "hashtag", "cashtag", "bot_command"}
        linked = {covered(found, entity) for entity in found.entities if entity["type"] == "url"}
        assert not [link for link in linked if re.match(r"\W?(?!https).*(?:cs|tg)\W", link)]


def test_two_runs_of_text_make_no_mention_together():
    for parts in (("@", "durov"), ("see #", "ad"), ("$", "TON")):
        [message] = messages(Document((Text(tuple(map(Span, parts))),)))
        assert not kinds(shown(message)) & {"mention", "hashtag", "cashtag"}


@pytest.mark.parametrize(
    "title", ["שלום עולם: כותרת", "𝔸𝔹 𝒞 of 👩‍🔬", "<b>x</b> & y", "", "\u202e"]
)
def test_odd_titles_and_five_hundred_authors_are_taken_as_they_are(title):
    byline = ", ".join(f"Ada Nordholm-{n} 𝔸" for n in range(500))
    card = replace(CARD, title=title, byline=byline)
    parts = messages(Document((card, Lead(1, plain("new")), card)))
    said = bare("".join(shown(part).plain for part in parts))
    name = strip_controls(title) or CARD.paper
    assert said.startswith(bare(name + byline))
    assert bare("1. " + name + "new" + byline) in said
    shown(one_message(Document((card,))))


def test_a_link_to_nowhere_stays_text():
    spans = tuple(
        Span(f"word{n} ", href=href)
        for n, href in enumerate(("javascript:x", "tg://user?id=5", "https://a.org/" + "x" * 2000))
    )
    [message] = messages(Document((Text(spans),)))
    assert message.text == "word0 word1 word2"


def test_an_address_may_hold_every_sign():
    href = 'https://a.org/it\'s?q="<x>"&r=1#(y)'
    [message] = messages(Document((Text((Span("here", href=href),)),)))
    [entity] = shown(message).entities
    shown_as = re.search('href="(.*)"', unescape(message.text))
    assert shown_as
    assert unquote(shown_as[1]) == href
    assert entity["url"] == shown_as[1]


def test_a_bare_ring_is_not_lost():
    [message] = messages(Document((Text(plain("A\u030angstro\u0308m")),)))
    assert message.text == "\u00c5ngstr\u00f6m"


@pytest.mark.parametrize(
    "message",
    [
        Message("<b>多模态</b> 𝔸"),
        Message("x", ((Key("1", "/paper 1"), Key("🔗", href="https://t.me/x")), (Key("a"),)), True),
    ],
)
def test_a_payload_is_the_message(message):
    assert from_payload(to_payload(message)) == message
    assert ": " not in to_payload(message)


def test_a_short_answer_can_be_a_toast():
    link = Span("A Title", href="https://arxiv.org/abs/2602.00001")
    saved = Document((Text((Span("Saved: "), link)), Buttons((Button("Undo", "/unsave"),))))
    assert toast(saved) == "Saved: A Title"
    assert toast(Document((Text(plain("wrong")), Code("a (\n  ^")))) == "wrong\na (\n  ^"
    assert toast(Document((Text(plain("x" * 201)),))) is None
    assert toast(Document((CARD,))) is None
    assert toast(Document(())) is None
