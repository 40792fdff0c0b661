"""Any document as Slack's posts: told whole, harmless, and within all limits."""

import documents
from documents import any_document, bare, cards, inline, phrases
from hypothesis import given
from hypothesis import strategies as st
from slack_form import judge, read
from slack_sketch import CARD
from slack_texts import Reading

from formatters.document import Button, Buttons, Document, Lead, PaperCard
from formatters.slack import Post, home, one_post, posts, tap_value
from formatters.text import strip_controls
from storage.models import Lang

WORD = st.sampled_from(
    [
        "word", "模态，", "（注）", "<!channel>", "<@U0123>", "<#C1|x>", "<https://e.org|x>",
        "@here", "*b*", "_i_", "~s~", "`c`", "```", ":smile:", ":", "::", "&lt;", "&", "<", ">",
        "|", "> q", "- item", "e\u0301", "👩‍🔬", "𝔸𝔹", "שלום", "\u202e", "\x1b[2J", "\n", "  ", "http://a.io",
        "x" * 90, "end.", "Then, so;", "\t", "\ud800",
    ]
)  # fmt: skip
WORDS = phrases(WORD)
HREFS = st.sampled_from([None, "https://a.org/x?a=1&b=<2>", "http://a.org/" + "p" * 300, "nowhere"])
CARDS = cards(WORDS, ["2602.00103", "hep-th/9901001"])
COMMANDS = st.text(max_size=80).map("/{}".format)
BUTTONS = st.builds(Button, WORDS, COMMANDS, st.booleans())
DOCUMENTS = any_document(WORDS, HREFS, CARDS, BUTTONS)
LINKS = {CARD.href, "https://a.org/x", "https://b.org/", "http://a.org/" + "p" * 300}
LINKS |= {"https://a.org/x?a=1&b=%3C2%3E"}


def lead_told(lead: Lead) -> list[str]:
    return [f"{lead.number}. {inline(lead.text)}", lead.why or ""]


def items_told(items, _start: int | None) -> list[str]:
    return [inline(item) for item in items]


def card_told(card: PaperCard, lead: Lead | None) -> list[str]:
    title = strip_controls(card.title).strip() or card.paper
    notice = f"⚠️ {card.notice}" if strip_controls(card.notice or "").strip() else ""
    above = [inline(lead.text), lead.why or ""] if lead else []
    tldr = strip_controls(card.tldr).strip()
    return [
        f"{lead.number}. " if lead else "", title, card.translated_title or "", notice, *above,
        card.byline, card.label, card.tldr_label + tldr if tldr else "", *card.findings,
        card.abstract or "", *(label for label, _ in card.links),
    ]  # fmt: skip


def told(document: Document) -> str:
    return documents.told(document, lead=lead_told, items=items_told, card=card_told)


def harmless(found: Reading) -> bool:
    """Nobody is called, and there is no link or style but those that a document has."""
    styles = {name for name, _ in found.styles}
    return (
        not found.mentions
        and {link.url for link in found.links} <= LINKS >= set()
        and (styles <= {"bold", "code"})
    )


@given(DOCUMENTS)
def test_every_document_is_told_whole_within_slacks_limits(document):
    found = [read(post) for post in posts(document)]
    assert all(map(harmless, found))
    assert bare("".join(one.plain for one in found)) == told(document)
    assert values(document) <= {tap["value"] for post in posts(document) for tap in taps(post)}


def values(document: Document) -> set[str]:
    """What the document's own buttons say."""
    rows = (block.buttons for block in document.blocks if isinstance(block, Buttons))
    return {tap_value(button) for row in rows for button in row}


def taps(post: Post) -> list[dict]:
    rows = (block["elements"] for block in post.blocks if block["type"] == "actions")
    return [tap for row in rows for tap in row]


@given(DOCUMENTS, st.sampled_from(Lang))
def test_every_document_fits_into_one_post_and_into_a_home_tab(document, lang):
    post = one_post(document, lang)
    assert harmless(read(post))
    kept = {tap["value"] for tap in taps(post)}
    assert values(document) <= kept or len(taps(post)) == 50
    blocks = home(document, lang)
    assert 0 < len(blocks) <= 100
    judge(blocks)
