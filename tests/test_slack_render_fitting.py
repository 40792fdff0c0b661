"""Slack's posts where there is much to say: split, told shorter, or cut."""

import pytest
from documents import left_over
from slack_blocks import in_view
from slack_form import read
from slack_sketch import entries, one, shown, sketch

from formatters.catalogue import say
from formatters.document import Bullets, Button, Buttons, Document, Text, Title, plain
from formatters.slack import home, one_post, posts
from storage.models import Lang


def test_a_long_document_is_split_between_papers():
    made = posts(Document((Title(plain("Many")), *entries(30))))
    assert len(made) > 2
    for post in made:
        assert shown(post).removeprefix("# Many\n\n").startswith("**")
        assert post.blocks[-1]["type"] == "actions"
    listed = [line for post in made for line in shown(post).split("\n") if ". **[**" in line]
    assert [line.split(".")[0] for line in listed] == [f"**{n}" for n in range(1, 31)]


def test_a_long_paragraph_is_split_between_sentences():
    text = " ".join(f"This is sentence number {n} of a long story." for n in range(300))
    made = posts(Document((Text(plain(text)),)))
    assert len(made) == 2
    told = [block for post in made for block in shown(post).split("\n\n")]
    assert all(block.endswith("story.") for block in told)
    assert " ".join(told) == text


def test_an_item_that_goes_on_in_another_block_keeps_its_number():
    long = plain("word " * 700)
    found = shown(one(Bullets((plain("short"), long, plain("last")), start=3)))
    assert [line[:8] for line in found.split("\n") if line] == [
        "3. short", "4. word ", "word wor", "5. last",
    ]  # fmt: skip


def test_the_plain_text_ends_where_slack_would_cut_it():
    rows = tuple(plain(f"第 {n} 行，很长很长很长很长很长的一行") for n in range(200))
    post = one(Bullets(rows))
    assert read(post).plain.count("很长的") == 200
    assert post.text.endswith("行\n…")
    assert 2_800 < len(post.text.encode()) < 2_910
    long = one(Text(plain("<" * 2_000)))
    assert long.text == "&lt;" * 449 + "…"


# In one post


def test_papers_are_told_shorter_before_any_is_left_out():
    document = Document((*entries(9, findings=("A finding of some length. " * 24,)),))
    assert len(posts(document)) == 2
    said = shown(one_post(document))
    assert "A finding" not in said
    assert said.count("**TL;DR**") == said.count("[Abstract]") == 9


def test_then_they_are_titles_with_the_other_buttons_together():
    blocks = tuple(
        block
        for n in range(40)
        for block in (Text(plain(f"Room {n}")), Buttons((Button(f"Deny {n}", f"/deny {n}"),)))
    )
    post = one_post(Document((*entries(12), *blocks)))
    said = shown(post)
    assert "**12. **" in said
    assert "TL;DR" not in said
    assert "Room 39" in said
    assert [len(b["elements"]) for b in post.blocks if b["type"] == "actions"] == [25, 15]


@pytest.mark.parametrize("lang", Lang)
def test_at_last_the_end_is_left_out_and_that_is_said(lang):
    more = Buttons((Button("More", "/more"),))
    said = shown(one_post(Document((left_over(300), more)), lang))
    assert said.endswith(f"\n\n~ {say('slack.cut', lang)}\n\n[More]")
    assert 90 < said.count("A Title among") < 300


def test_a_home_tab_has_room_for_more():
    rows = tuple(Text(plain(f"Row {n}")) for n in range(90))
    assert len(home(Document(rows))) == 90
    assert len(one_post(Document(rows)).blocks) < 40
    cut = home(Document(tuple(Text(plain("word " * 500)) for _ in range(50))))
    assert sketch(cut[-1:]) == f"~ {say('slack.cut', Lang.EN)}"
    for blocks in (cut, home(Document(rows))):
        assert in_view({"type": "home", "blocks": list(blocks)}, "home") == []
