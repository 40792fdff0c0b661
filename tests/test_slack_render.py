"""Documents as Slack's blocks: papers alone and in lists, their text, links and buttons."""

from dataclasses import replace
from urllib.parse import unquote

import documents
import pytest
from documents import JOINER, in_chinese, left_over
from slack_form import read
from slack_sketch import CARD, READ_ON, TITLE, entries, one, shown, sketched
from slack_texts import mrkdwn

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
from formatters.slack import Post, from_payload, one_post, posts, read_tap, tap_value, to_payload
from storage.models import Lang

CHINESE = in_chinese(CARD)
ABSTRACT = documents.CARD.abstract


def test_a_paper_alone_is_told_whole_and_links_where_it_should():
    assert shown(one(replace(CARD, abstract=ABSTRACT))) == (
        f"[{TITLE}](https://arxiv.org/abs/2602.00103)\n\n"
        "~ Ada Lindqvist, Boris Okonjo, Carla Weng +4"
        " · arXiv:2602.00103v1 · cs.CV, cs.LG · 2026-02-06\n\n"
        "**TL;DR**: A second look, guided by the first answer, needs only 38% of the tokens.\n"
        "• Accuracy rises by 4.1 points.\n"
        "• It costs 0.7× as much.\n"
        f"> {ABSTRACT}\n"
        f"{READ_ON}"
    )


def test_a_withdrawn_paper_says_so_in_bold_in_chinese():
    said = shown(one(CHINESE))
    assert f"\n{CHINESE.translated_title}\n**⚠️ 作者已撤稿**\n\n" in said
    assert "\n\n**速读**：第二次" in said


def test_a_paper_in_a_list_stands_under_its_number_above_its_buttons():
    first, *_ = posts(Document((*entries(2), Buttons((Button("More", "/more"),)))), Lang.ZH)
    head, *_ = shown(first).split("\n\n[收藏]")
    assert head.startswith("**1. **[**Looking Twice")
    assert "\n\n~ new · matched ti: evidence · Ada Lindqvist" in head
    assert head.endswith(READ_ON)
    actions = [block for block in first.blocks if block["type"] == "actions"]
    assert [sketched(row) for row in actions] == ["[收藏] [👍] [👎] [论文摘要]"] * 2 + ["[More]"]
    values = [tap["value"] for tap in actions[0]["elements"]]
    ident = "2602.00001"
    assert values == [f"/save {ident}", f"/up {ident}", f"/down {ident}", f"/paper {ident}"]
    names = [tap["action_id"] for row in actions for tap in row["elements"]]
    assert names == [f"command-{n}" for n in range(9)]


def test_a_document_is_set_airily():
    document = (
        Title(plain("Status")),
        Text((Span("as of today", Style.FAINT),)),
        Text((Span("arXiv was late", Style.FAINT),)),
        Text(plain("Try /subscribe multimodal")),
        Heading(plain("Service")),
        Facts((("Queue", plain("0 waiting")), ("帮助", plain("全部命令")))),
        Text((Span("Peft", Style.STRONG),)),
        Bullets((plain("one"), plain("two")), start=4),
        Code("multimodal AND (\n               ^"),
        Text(plain("For example")),
        Code("/pause 7d"),
        left_over(2),
        Text((Span("/more", Style.FAINT),)),
        Buttons((Button("Help", "/help"), Button("Back", "/start", turns=True))),
    )
    link = "[A Title among Many, Number {0}](https://arxiv.org/abs/2602.0000{0})"
    assert shown(one(*document)) == (
        "# Status\n\n~ as of today\narXiv was late\n\nTry /subscribe multimodal\n\n"
        "**Service**\n**Queue**: 0 waiting\n**帮助**：全部命令\n\n"
        "**Peft**\n4. one\n5. two\n\n"
        "```multimodal AND (\n               ^```\n\n"
        "For example\n`/pause 7d`\n\n"
        f"**2 more papers**\n9. {link.format(0)}\n10. {link.format(1)}\n\n~ /more\n\n[Help] [Back]"
    )


HOSTILE = (
    "<!channel> <!here|x> <@U0123> <#C0123|x> <!subteam^S1> <https://evil.example|PDF> </x> "
    "*bold* _italic_ ~gone~ `code` ```box``` :smile: &lt;!here&gt; &amp; @channel @here @ada "
    "http://evil.example > quote - item node.js | #general"
)


def test_a_paper_mentions_nobody_links_nothing_and_formats_nothing():
    text = HOSTILE
    card = replace(
        CARD, title=text, byline=text, label=text, tldr=text, tldr_label=text, notice=text,
        translated_title=text, findings=(text,), abstract=text, links=((text, CARD.href),),
    )  # fmt: skip
    blocks = (
        card, Lead(1, plain(text), text), card, Titles(text, (plain(text),)), Title(plain(text)),
        Lead(2, plain(text), text), Bullets((plain(text),)), Facts(((text, plain(text)),)),
        Text((Span(text, Style.FAINT),)), Heading(plain(text)), Buttons((Button(text, "/x"),)),
    )  # fmt: skip
    made = posts(Document(blocks))
    for post in made:
        found = read(post)
        assert not found.mentions
        assert {link.url for link in found.links} <= {CARD.href}
        assert {name for name, _ in found.styles} == {"bold"}
        assert ":smile:" not in found.plain + mrkdwn(post.text).plain
    assert sum(read(post).plain.count("<!channel>") for post in made) > 15


def test_code_is_copied_as_it_was_written():
    found = read(one(Code("ti::smile: AND <b>\n\n  ^"), Text((Span(":x:", Style.CODE),))))
    assert found.plain.split("\n", 1)[0] == "ti::smile: AND <b>"
    assert JOINER not in found.plain


def test_a_headline_that_is_too_long_or_leads_elsewhere_is_a_bold_line():
    assert shown(one(Title(plain("x" * 150)))) == "# " + "x" * 150
    assert shown(one(Title(plain("x" * 151)))) == f"**{'x' * 151}**"
    linked = Title((Span("here", href="https://a.org"),))
    assert shown(one(linked)) == "[**here**](https://a.org)"


@pytest.mark.parametrize(
    "href",
    ["javascript:x", "slack://x", "https://", "https:///x", "https://a.org/" + "x" * 1000, "/abs"],
)
def test_a_link_to_nowhere_stays_text(href):
    assert shown(one(Text((Span("word", href=href),)))) == "word"


def test_an_address_may_hold_every_sign():
    href = 'https://a.org:8080/it\'s?q="<x>|y"&r=1#(y)[模]'
    [link] = read(one(Text((Span("here", href=href),)))).links
    assert unquote(link.url) == href
    assert not set('<>|" ') & set(link.url)


def test_buttons_stand_five_in_a_row_under_what_is_before_them():
    document = (
        Text(plain("one")),
        Buttons(tuple(Button(str(n), f"/x {n}") for n in range(7))),
        Text(plain("two")),
        Buttons((Button("y" * 80, "/y"), Button("", "/z"))),
    )
    assert shown(one(*document)) == (
        f"one\n\n[0] [1] [2] [3] [4]\n\n[5] [6]\n\ntwo\n\n[{'y' * 74}…] [/z]"
    )


def test_a_button_that_slack_can_not_keep_is_left_out():
    novel, empty = Button("long", "/" + "x" * 2000), Button("none", "")
    assert shown(one(Text(plain("x")), Buttons((novel, empty)))) == "x"


def test_nothing_makes_no_post():
    assert posts(Document(())) == []
    assert posts(Document((Text(plain(" \n")), Bullets((plain(""),)), Code("\n")))) == []
    assert shown(one_post(Document(()))) == "~ …"


def test_the_plain_text_says_what_the_post_says():
    post = one(Title(plain("R&D")), Bullets((plain("a <b>"), plain("c")), 3), replace(CARD))
    assert post.text.startswith("R&amp;D\n3. a &lt;b&gt;\n4. c\nLooking Twice: Models")
    assert mrkdwn(post.text).plain.endswith("• It costs 0.7× as much.\nPDF · Code")


def test_a_payload_is_the_post():
    post = one(*entries(2), Text(plain("模态")))
    assert from_payload(to_payload(post)) == post
    assert "模态" in to_payload(post)
    assert to_payload(Post("x", ({"type": "divider"},))) == (
        '{"text":"x","blocks":[{"type":"divider"}]}'
    )


def test_a_button_says_its_command_and_whether_it_turns():
    assert tap_value(Button("3", "/paper 2602.06043")) == "/paper 2602.06043"
    assert tap_value(Button("▶", "/more 2602.1", turns=True)) == "=/more 2602.1"
    back = read_tap("=/more 2602.1")
    assert (back.command, back.turns) == ("/more 2602.1", True)
    assert read_tap("/more").turns is False
