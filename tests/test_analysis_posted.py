"""An analysis on every platform: what is posted where, and within all limits at any length."""

import pytest
from analyses import PAPER, SITE, analyses, chat, paged
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_form import read
from slack_sketch import sketch
from telegram_form import labels, shown

from formatters import slack, telegram
from formatters.compose.analysis import ChapterName, html_file, markdown_file, pages
from formatters.compose.cards import Frame
from formatters.file import from_file_payload
from formatters.parts import TerminalRenderer
from formatters.slack import SlackRenderer
from formatters.telegram import TelegramRenderer, messages
from formatters.text import display_width
from storage.models import Lang, Operation, Platform

GROUP, PRIVATE = "-100200", "7001"
ABOUT = f"{PAPER.id}v1"


def test_a_telegram_group_gets_one_message_with_the_ways_to_the_rest():
    [part] = TelegramRenderer().analysis(paged(), chat(Platform.TELEGRAM, GROUP))
    message = telegram.from_payload(part.payload)
    assert part.about == ABOUT
    assert shown(message).plain.startswith("Looking Twice")
    assert labels(message) == [
        ["Abstract", "Motivation", "Method"],
        ["Comparison", "Experiments", "Practical guide"],
        ["Limitations", "Key findings", "Links"],
        ["File"],
        ["Ask", "Similar", "Regenerate", "BibTeX"],
    ]


def test_a_private_telegram_chat_also_gets_the_page():
    brief, file = TelegramRenderer().analysis(paged(), chat(Platform.TELEGRAM, PRIVATE))
    assert (brief.operation, file.operation) == (Operation.POST, Operation.FILE)
    assert (brief.about, file.about, file.parent) == (ABOUT, ABOUT, 0)
    assert from_file_payload(file.payload) == html_file(paged())


def test_a_slack_channel_gets_the_brief_and_in_its_thread_the_file_and_all_chapters():
    root, file, *posts = SlackRenderer().analysis(paged(), chat(Platform.SLACK, "C1"))
    assert root.parent is None
    assert {part.parent for part in (file, *posts)} == {0}
    assert {part.about for part in (root, file, *posts)} == {ABOUT}
    assert from_file_payload(file.payload) == markdown_file(paged())
    looks = sketch(slack.from_payload(root.payload).blocks)
    assert looks.endswith("[Ask] [Similar] [Regenerate] [BibTeX]")
    assert "[Method]" not in looks
    told = "\n".join(read(slack.from_payload(post.payload)).plain for post in posts)
    assert all(chapter.label in told for chapter in paged().chapters)
    assert "“a second look needs only 38% of the visual tokens”" in told


def test_a_terminal_shows_all_of_it():
    renderer = TerminalRenderer(columns=80, colour=False)
    [part] = renderer.analysis(paged(Lang.ZH), chat(Platform.TERMINAL, "local"))
    assert part.about == ABOUT
    page = part.payload
    heads = [line for line in page.split("\n") if line.startswith("── ")]
    assert [head.split()[1] for head in heads] == [c.label for c in paged(Lang.ZH).chapters]
    assert "Table 2. Accuracy and cost on six benchmarks; higher is better.\nMethod " in page
    assert "/analyze 2602.00103v1 zh again" in page


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("name", ChapterName)
def test_every_chapter_is_one_message_that_telegram_takes(lang, name):
    chapter = paged(lang).chapter(name)
    [message] = messages(chapter)
    assert shown(message).plain.startswith(chapter.blocks[0].text[0].text)


@given(analyses(), st.sampled_from([GROUP, PRIVATE]))
@settings(max_examples=30)
def test_telegram_takes_every_analysis(found, address):
    made = pages(found, PAPER, Frame(found.lang, SITE))
    brief, *files = TelegramRenderer().analysis(made, chat(Platform.TELEGRAM, address))
    shown(telegram.from_payload(brief.payload))
    assert len(files) == (address == PRIVATE)
    for chapter in made.chapters:
        for message in messages(made.chapter(chapter.name)):
            shown(message)


@given(analyses())
@settings(max_examples=15)
def test_slack_takes_every_analysis(found):
    made = pages(found, PAPER, Frame(found.lang, SITE))
    root, _, *posts = SlackRenderer().analysis(made, chat(Platform.SLACK, "C1"))
    for part in (root, *posts):
        reading = read(slack.from_payload(part.payload))
        assert not reading.mentions
        assert all(link.url.startswith("http") for link in reading.links)


@given(analyses(), st.integers(40, 120))
@settings(max_examples=30)
def test_a_terminal_keeps_every_analysis_within_its_columns(found, columns):
    made = pages(found, PAPER, Frame(found.lang, SITE))
    renderer = TerminalRenderer(columns=columns, colour=False)
    [part] = renderer.analysis(made, chat(Platform.TERMINAL, "local"))
    assert "\x1b" not in part.payload
    wide = [line for line in part.payload.split("\n") if display_width(line) > columns]
    assert all("://" in line for line in wide)
