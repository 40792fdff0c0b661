"""Telegram's messages where there is much to say: split, told shorter, or cut."""

import re
from dataclasses import replace

import pytest
from documents import CARD, entries, left_over
from telegram_form import shown

from formatters.catalogue import say
from formatters.document import Document, Text, Title, plain
from formatters.telegram import messages, one_message
from formatters.text.clauses import cut_at_clause
from storage.models import Lang


def test_a_long_document_is_split_between_papers():
    parts = messages(Document((Title(plain("Many")), *entries(30))))
    assert len(parts) > 1
    assert [part.silent for part in parts] == [False] + [True] * (len(parts) - 1)
    for part in parts[1:]:
        assert re.match(r"\d+\. <b>", part.text)
        shown(part)
    assert all(part.text.endswith("Code</a>") for part in parts)
    assert [part.rows != () for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [len(row) for row in parts[-1].rows] == [8, 8, 8, 6]


def test_a_long_paragraph_is_split_between_sentences():
    text = " ".join(f"This is sentence number {n} of a long story." for n in range(300))
    parts = messages(Document((Text(plain(text)),)))
    assert len(parts) == 4
    assert all(shown(part).plain.endswith("story.") for part in parts)
    assert " ".join(shown(part).plain for part in parts) == text


# In a given number of messages


def test_room_is_made_by_cutting_summaries_first():
    long = "A clause that says something, and another clause of about the same length. " * 3
    document = Document(entries(12, tldr=long))
    whole, short = messages(document), messages(document, 1)
    assert len(whole) == 2
    assert len(short) == 1
    said = shown(short[0]).plain
    assert said.count("about the same length.\n") == 12
    assert [len(row) for row in short[0].rows] == [8, 4]


@pytest.mark.parametrize("lang", Lang)
def test_then_titles_alone_and_then_fewer_of_the_left_over_ones(lang):
    document = Document((*entries(16), left_over(60), Text(plain("The end."))))
    message = one_message(document, lang)
    said = shown(message).plain
    assert "16. Looking Twice" in said
    assert "second look" not in said
    listed = re.findall(r"A Title among Many", said)
    assert 0 < len(listed) < 60
    assert say("telegram.left_out", lang, n=60 - len(listed)) in said
    assert said.endswith("The end.")
    assert [len(row) for row in message.rows] == [8, 8]
    assert len(shown(messages(document, 2, lang)[0]).plain) > 2_000


def test_at_last_papers_are_left_out_but_their_keys_stay():
    message = one_message(Document(entries(90)))
    said = shown(message).plain
    listed = said.count("Looking Twice")
    assert said.endswith(f"… and {90 - listed} more")
    assert sum(map(len, message.rows)) == 90


def test_a_card_that_is_too_long_loses_what_its_abstract_says_too_and_then_the_abstracts_end():
    told = [f"Sentence {n} of the abstract tells a little more." for n in range(70)]
    card = replace(CARD, findings=(*told[:8], "In other words."), abstract=" ".join(told))
    once = shown(one_message(Document((card,)))).plain
    assert "• Sentence" not in once
    assert "• In other words." in once
    assert "Sentence 69" in once
    card = replace(card, abstract=card.abstract * 3)
    cut = shown(one_message(Document((card,)))).plain
    assert re.search(r"a little more\. …\n\nPDF · Code\Z", cut)
    assert len(cut) > 3_600


def test_what_has_no_list_to_cut_ends_early():
    message = one_message(Document(tuple(Text(plain("word " * 99)) for _ in range(50))))
    assert shown(message).plain.endswith("word\n…")
    assert len(shown(message).plain) > 3_000


def test_a_clause_is_cut_where_it_may_end():
    text = "One short claim. Then a longer one, which goes on; and on without an end in sight"
    assert cut_at_clause(text, 100) == text
    assert cut_at_clause(text, 40) == "One short claim."
    assert cut_at_clause(text[17:], 45) == "Then a longer one, which goes on…"
    assert cut_at_clause("没有句号的一句话，后面还有很长很长的半句", 12) == "没有句号的一句话…"
    assert cut_at_clause("no mark anywhere in these words", 12) == "no mark…"
