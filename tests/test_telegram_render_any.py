"""Any document as Telegram's messages, and any command behind a button."""

from dataclasses import replace
from itertools import pairwise

import documents
from documents import any_document, cards, inline, phrases
from hypothesis import given
from hypothesis import strategies as st
from telegram_form import bare, shown

from formatters.document import Button, Buttons, Document, Lead, PaperCard
from formatters.telegram import callback_data, long_commands, messages, read_callback
from formatters.text import strip_controls
from storage.models import Lang

COMMANDS = st.text(max_size=80) | st.sampled_from(
    ["", "=x", "~x", "/p" + "x" * 62, "/" + "值" * 21]
)


@given(COMMANDS, st.booleans())
def test_every_button_finds_its_command_again(command, turns):
    button = Button("x", command, turns=turns)
    data = callback_data(button)
    assert 1 <= len(data.encode()) <= 64
    back = read_callback(data)
    kept = long_commands(Document((Buttons((button,)),)))
    assert back.turns is turns
    assert (kept[back.text] if back.is_short else back.text) == command


WORD = st.sampled_from(
    [
        "word", "模态，", "（注）", "@durov", "#tag", "$TON", "/start", "cs.CV", "<b>", "&amp;",
        "e\u0301", "👩‍🔬", "𝔸𝔹", "שלום", "مرحبا", "\u202e", "\x1b[2J", "\n", "  ", "tg://x", "a.io",
        "https://a.org/x_(y)?z=1#q", "x" * 90, "4111111111111111", "end.", "Then, so;",
    ]
)  # fmt: skip
WORDS = phrases(WORD)
HREFS = st.sampled_from([None, "https://a.org/x?a=1&b=2", "http://a.org/" + "p" * 300, "nowhere"])
CARDS = cards(WORDS, ["2602.00103", "hep-th/9901001", ""]).map(
    lambda card: replace(card, label=card.label.replace(", ", "，"))
)
BUTTONS = st.builds(Button, WORDS, COMMANDS)
DOCUMENTS = any_document(WORDS, HREFS, CARDS, BUTTONS)


def lead_told(lead: Lead) -> list[str]:
    said = inline(lead.text) + strip_controls(lead.why or "")
    return [f"{lead.number}. {said}"] * bool(said.strip())


def items_told(items, start: int | None) -> list[str]:
    said = enumerate(map(inline, items))
    marks = "• " if start is None else "{}. "
    return [marks.format(number + (start or 0)) + item for number, item in said if item.strip()]


def card_told(card: PaperCard, lead: Lead | None) -> list[str]:
    title, tldr = strip_controls(card.title).strip(), strip_controls(card.tldr).strip()
    above = [title or card.paper or "…", card.translated_title or ""]
    notice = f"⚠️ {card.notice}" if strip_controls(card.notice or "").strip() else ""
    links = "".join(label for label, _ in card.links)
    if lead:
        beneath = [inline(lead.text), card.byline, card.label]
        return [f"{lead.number}. ", *above, *beneath, notice, tldr, links]
    findings = [f"• {found}" for found in card.findings if strip_controls(found).strip()]
    summary = card.tldr_label + tldr if tldr else ""
    said = [*above, card.byline, card.label, notice, summary, *findings, card.abstract or "", links]
    return [strip_controls(part) for part in said]


def told(document: Document) -> str:
    return bare(documents.told(document, lead=lead_told, items=items_told, card=card_told))


@given(DOCUMENTS)
def test_every_document_is_told_whole_within_telegrams_limits(document):
    made = messages(document)
    said = "".join(shown(message).plain for message in made)
    assert bare(said) == told(document) or (said == "…" and not told(document))


@given(DOCUMENTS, st.integers(1, 3), st.sampled_from(Lang))
def test_every_document_fits_into_the_messages_that_it_is_given(document, most, lang):
    made = messages(document, most, lang)
    assert len(made) <= most
    assert bool(made) == bool(messages(document))
    for message in made:
        shown(message)
    numbers = sum(
        isinstance(b, PaperCard) and isinstance(a, Lead) for a, b in pairwise(document.blocks)
    )
    opening = [key for m in made for row in m.rows for key in row if key.data.startswith("/paper ")]
    assert len(opening) >= numbers
