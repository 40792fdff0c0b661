"""Digests as Slack's messages: a root, a thread of papers, and notices."""

from dataclasses import replace

from documents import ENGINE, in_digest, left_over
from fakes import chat_at
from slack_form import read
from slack_sketch import CARD, READ_ON, TITLE, entries, shown

from formatters.compose.digest import Pages, Shared
from formatters.document import Bullets, Document, Lead, Span, Style, Text, Title, plain
from formatters.slack import Post, SlackRenderer, from_payload, merged
from storage.models import DraftPart, Lang, PaperId, Platform

OVERVIEW = Document(
    (
        Title(plain("paperround · Friday 6 February 2026")),
        Text((Span("announced 812 → matched 14", Style.FAINT),)),
        Bullets((plain("A theme of the day."),)),
    )
)
CHAT = chat_at("C0123", Platform.SLACK)
HINT = Text((Span("/more shows them", Style.FAINT),))


def digest(count: int, *tail, lang: Lang = Lang.EN, thread: bool = True) -> list[Post]:
    leads, shared = in_digest(entries(count))
    more = PaperId("2602.00099") if tail[1:] else None
    pages = Pages(OVERVIEW, leads, Document(tail), lang, more)
    renderer = SlackRenderer()
    root, *rest = renderer.digest(pages, shared, replace(CHAT, thread=thread))
    assert root == DraftPart(root.payload)
    assert [(part.parent, part.card) for part in rest] == [
        (0, shared[paper].name) for _, paper in leads[: len(rest)]
    ]
    bodies = [renderer.card(shared[paper].card) for _, paper in leads[: len(rest)]]
    replies = [merged(part.payload, body) for part, body in zip(rest, bodies, strict=True)]
    return [from_payload(root.payload), *replies]


def test_a_digest_is_one_message_and_a_thread_of_its_papers():
    root, first, second = digest(2, left_over(3), HINT, ENGINE)
    title = "Looking Twice: Models That Re-read <Their> *Own* R&D Evidence"
    assert shown(root) == (
        "# paperround · Friday 6 February 2026\n\n~ announced 812 → matched 14\n\n"
        "• A theme of the day.\n\n"
        "**2 papers, summarized in the thread**\n"
        f"1. [{title}](https://arxiv.org/abs/2602.00001)\n"
        f"2. [{title}](https://arxiv.org/abs/2602.00002)\n\n"
        "~ 3 more papers\nSummaries are quoted.\n\n[More]"
    )
    assert root.blocks[-1]["elements"][0]["value"] == "/more 2602.00099"
    assert root.text.startswith("paperround · Friday 6 February 2026\nannounced 812 → matched 14\n")
    said = shown(first)
    assert said.startswith(f"~ 1. new · matched ti: evidence\n\n[{TITLE}]")
    assert said.endswith(f"{READ_ON}\n\n[Save] [👍] [👎] [Abstract]")
    assert first.text.startswith("1. Looking Twice: ")
    assert second.blocks[-1]["elements"][3]["value"] == "/paper 2602.00002"


def test_a_chat_without_threads_gets_the_one_message():
    [root] = digest(1, ENGINE, lang=Lang.ZH, thread=False)
    assert "\n\n**本期 1 篇**\n1. [Looking Twice" in shown(root)
    assert shown(root).endswith("~ Summaries are quoted.")


def test_fifty_papers_fit_into_the_root():
    root, *replies = digest(50, left_over(20), HINT, ENGINE)
    assert "50. [Looking Twice" in shown(root)
    assert shown(root).endswith("[More]")
    assert len(replies) == 50


def test_a_lead_without_end_leaves_room_for_its_card():
    lead = Lead(1, plain("new " * 4_000), "why " * 4_000)
    card = Shared("card", replace(CARD, abstract="word " * 4_000))
    pages = Pages(OVERVIEW, ((lead, PaperId("x")),), Document(()), Lang.EN)
    renderer = SlackRenderer()
    _, reply = renderer.digest(pages, {PaperId("x"): card}, CHAT)
    read(merged(reply.payload, renderer.card(card.card)))


def test_a_notice_is_finished_posts():
    renderer = SlackRenderer()
    assert renderer.name == "slack"
    [part] = renderer.notice(Document((Text(plain("arXiv is late.")),)))
    assert from_payload(part.payload).text == "arXiv is late."
    assert shown(merged(part.payload, None)) == "arXiv is late."
