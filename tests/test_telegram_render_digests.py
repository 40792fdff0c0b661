"""Digests as Telegram's messages: in as few as a chat is to get; and notices."""

import pytest
from documents import CARD, ENGINE, entries, in_digest, left_over
from fakes import chat_at
from telegram_form import labels, shown

from formatters.compose.digest import Pages
from formatters.document import Bullets, Document, Text, Title, plain
from formatters.telegram import Key, Message, TelegramRenderer, from_payload, one_message
from storage.models import Lang, Operation, PaperId

OVERVIEW = Document((Title(plain("paperround")), Bullets((plain("A theme of the day. " * 40),))))


def digest(
    count: int, tail: Document, address: str, more: str | None = None, **fields: object
) -> list[Message]:
    leads, shared = in_digest(entries(count, **fields))
    pages = Pages(OVERVIEW, leads, tail, Lang.ZH, PaperId(more) if more else None)
    parts = TelegramRenderer().digest(pages, shared, chat_at(address))
    assert all(part.card is None and part.operation is Operation.POST for part in parts)
    made = [from_payload(part.payload) for part in parts]
    assert [message.silent for message in made] == [False] + [True] * (len(made) - 1)
    for message in made:
        shown(message)
    return made


def test_a_small_digest_is_one_message():
    [message] = digest(2, Document((left_over(3), ENGINE)), "4711", more="2602.00009")
    text = message.text
    assert text.index("paperround") < text.index("1. <b>") < text.index("<blockquote expandable>")
    assert text.endswith("<i>Summaries are quoted.</i>")
    assert message.rows[-1] == (Key("更多", "/more 2602.00009"),)
    assert labels(message)[0] == ["1", "2"]


def test_a_larger_one_begins_with_the_overview_alone():
    overview, papers = digest(14, Document((left_over(12), ENGINE)), "4711", more="2602.00099")
    assert shown(overview).plain.endswith("A theme of the day.")
    assert overview.rows == ()
    assert papers.text.startswith("1. <b>")
    assert [len(row) for row in papers.rows] == [8, 6, 1]
    assert labels(papers)[-1] == ["更多"]


@pytest.mark.parametrize(("address", "most"), [("-1004711", 2), ("4711", 3), ("-1004711/7", 2)])
def test_a_digest_costs_a_group_two_messages_and_a_private_chat_three(address, most):
    long = "A clause that says something, and another clause of about the same length. " * 4
    made = digest(20, Document((left_over(20, 21), ENGINE)), address, "2602.00100", tldr=long)
    assert len(made) == most
    opening = [key.data for row in made[-1].rows for key in row if key.label.isdigit()]
    assert len(opening) == 20 or most == 3


def test_papers_follow_the_overview_before_a_summary_is_cut():
    long = "A clause that says something, and another clause of about the same length. " * 3
    first, second = digest(14, Document((ENGINE,)), "-100", tldr=long)
    assert "1. Looking" in shown(first).plain
    assert (first.text + second.text).count("same length.\n") == 14


def test_a_remark_never_stands_alone():
    for count in range(8, 14):
        made = digest(count, Document((ENGINE,)), "4711")
        assert all("1" in shown(message).plain for message in made[1:])


def test_a_notice_and_a_card_are_finished_messages():
    renderer = TelegramRenderer()
    assert renderer.name == "telegram"
    [part] = renderer.notice(Document((Text(plain("arXiv is late.")),)))
    assert from_payload(part.payload) == Message("arXiv is late.")
    assert from_payload(renderer.card(CARD)) == one_message(Document((CARD,)))
