"""Real papers as Slack's posts: in threads of digests, and alone, each in one of two languages."""

import json
import lzma
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import pytest
from slack_form import read
from slack_texts import Reading

from formatters.compose.cards import Frame, card
from formatters.compose.digest import Pages, Shared, pages
from formatters.compose.morning import Highlights, Morning
from formatters.compose.replies.reading import paper as answer
from formatters.document import Document, PaperCard
from formatters.slack import Post, SlackRenderer, from_payload, merged, one_post, posts
from formatters.text import sentences
from storage.models import (
    AnnounceType,
    Chat,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    Lang,
    Paper,
    PaperId,
    Platform,
    RunState,
    Summary,
)

pytestmark = pytest.mark.real_data
SITE = "https://arxiv.org"
SHOWN, LEFT_OVER = 8, 12
SHARES = 2
"""The papers are judged in so many tests, side by side."""
THOROUGHLY = 16
"""One of so many posts is judged by the Slack server of the tests as well."""


@pytest.fixture(scope="module")
def papers(real_data) -> list[Paper]:
    path = real_data / "papers" / "papers-2026-q1.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [stored(json.loads(line)) for line in file]


def stored(raw: dict) -> Paper:
    published = raw["published"]
    return Paper(
        id=PaperId(raw["id"]),
        version=raw["version"] or 1,
        title=raw["title"],
        abstract=raw["abstract"],
        authors=tuple(raw["authors"]),
        primary_category=raw["primary_category"],
        categories=tuple(raw["categories"]),
        published=datetime.fromisoformat(published).astimezone(UTC) if published else None,
        comment=raw["comment"],
    )


def summary(paper: Paper, lang: Lang) -> Summary:
    """The abstract's first sentences: here it only matters that they fit."""
    told = sentences(paper.abstract[:600])
    return Summary(paper.id, paper.version, lang, "built-in", told[0], tuple(told[1:3]))


def chat(lang: Lang, *, thread: bool = True) -> Chat:
    return Chat(ChatKey(1), Platform.SLACK, "C0123", lang, "UTC", thread=thread)


def morning(batch: Sequence[Paper], lang: Lang) -> tuple[Pages, dict[PaperId, Shared]]:
    """A morning that shows the first papers of a batch and leaves over the others."""
    kinds = (AnnounceType.NEW, AnnounceType.CROSS, AnnounceType.REPLACE)
    items = tuple(
        DigestItem(
            paper.id, paper.version, kinds[n % 3], section=n % 2, shown=n < SHOWN,
            reasons=("ti: *_~`<!here>",) if n % 4 == 0 else (),
        )
        for n, paper in enumerate(batch)
    )  # fmt: skip
    left = max(len(batch) - SHOWN, 0)
    made = Digest(
        chat=ChatKey(1),
        slot="fresh",
        local_date=date(2026, 2, 6),
        days=(date(2026, 2, 5),),
        counts=Counts(812, len(batch), 0, len(batch) - left, left),
        state=RunState.FRESH,
        cause="announced",
        sections=("one", "two"),
        items=items,
    )
    themes = tuple((f"theme {n}", tuple(paper.id for paper in batch[n : n + 4])) for n in range(4))
    said = {paper.id: summary(paper, lang) for paper in batch[:SHOWN]}
    frame = Frame(lang, SITE)
    found = Morning(
        digest=made,
        sections=("Multimodal", "多模态"),
        papers={paper.id: paper for paper in batch},
        summaries=said,
        highlights=Highlights(themes, ("world models",)),
    )
    cards = {p.id: Shared(f"card {p.id}", card(p, said[p.id], frame)) for p in batch[:SHOWN]}
    return pages(found, frame), cards


def delivered(made: Pages, cards: dict[PaperId, Shared], lang: Lang) -> list[Post]:
    """The digest's posts, each with its shared card, as they arrive."""
    renderer = SlackRenderer()
    bodies = {shared.name: renderer.card(shared.card) for shared in cards.values()}
    parts = renderer.digest(made, cards, chat(lang))
    assert [part.parent for part in parts] == [None] + [0] * len(made.leads)
    return [merged(part.payload, bodies[part.card] if part.card else None) for part in parts]


def batches(papers: Sequence[Paper]) -> Iterator[Sequence[Paper]]:
    """Every paper is shown once; a few of the next ones are left over."""
    for number, start in enumerate(range(0, len(papers), SHOWN)):
        yield papers[start : start + SHOWN + number % (LEFT_OVER + 1)]


def bare(text: str) -> str:
    return "".join(text.replace("\u2060", "").split())


def expected(card: PaperCard, lang: Lang, above: str = "") -> str:
    """A card's text, in the order in which a reader expects it."""
    colon = ": " if lang is Lang.EN else "："
    notice = f"⚠️ {card.notice}" if card.notice else ""
    about = " · ".join(part for part in (card.byline, card.label) if part)
    said = [above, card.title, notice, about, f"{card.tldr_label}{colon}{card.tldr}"]
    said += [*card.findings, card.abstract or "", " · ".join(label for label, _ in card.links)]
    return bare("".join(said))


def links(card: PaperCard) -> list[str]:
    return [card.href, *(href for _, href in card.links)]


def is_clean(read: Reading, card: PaperCard) -> bool:
    """Nothing but the card's own links, and bold for its title and what its parts are called."""
    bold = {card.title, card.tldr_label, f"⚠️ {card.notice}"}
    styled = {(name, text.replace("\u2060", "")) for name, text in read.styles}
    own = [link.url for link in read.links] == links(card)
    return own and not read.mentions and styled <= {("bold", text) for text in bold}


@pytest.mark.parametrize("share", range(SHARES))
def test_every_paper_stands_whole_and_clean_in_the_thread_of_a_digest(papers, share):
    judged = 0
    for number, batch in enumerate(batches(papers[share::SHARES])):
        lang = (Lang.EN, Lang.ZH)[number % 2]
        made, cards = morning(batch, lang)
        root, *replies = delivered(made, cards, lang)
        front = read(root, thoroughly=number % THOROUGHLY == 0)
        assert len(root.blocks) <= 6
        assert not front.mentions
        for (above, paper), post in zip(made.leads, replies, strict=True):
            one = cards[paper].card
            found = read(post, thoroughly=judged % THOROUGHLY == 0)
            why = f" · {above.why}" if above.why else ""
            line = f"{above.number}. {above.text[0].text}{why}"
            assert bare(found.plain) == expected(one, lang, line)
            assert is_clean(found, one)
            assert bare(one.title) in bare(front.plain)
            judged += 1
    assert judged == len(papers[share::SHARES])


def test_a_paper_that_was_asked_for_is_one_post_with_its_whole_abstract(papers, real_data):
    odd = json.loads((real_data / "papers" / "edge-cases.json").read_text("utf-8"))
    chosen = {ident for idents in odd.values() for ident in idents[:50]}
    chosen |= {paper.id for paper in papers[::50]}
    for number, paper in enumerate(paper for paper in papers if paper.id in chosen):
        lang = (Lang.EN, Lang.ZH)[number % 2]
        document = answer(paper, summary(paper, lang), None, Frame(lang, SITE))
        one = document.blocks[0]
        [post] = posts(document, lang)
        found = read(post, thoroughly=number % THOROUGHLY == 0)
        assert one.abstract
        assert bare(found.plain) == expected(one, lang)
        assert is_clean(found, one)
        assert [block["type"] for block in post.blocks][-1] == "actions"


@pytest.mark.parametrize("lang", Lang)
def test_eight_papers_fit_into_the_one_post_that_turns_its_pages(papers, lang):
    for start in range(0, len(papers), 8 * 160):
        made, cards = morning(papers[start : start + SHOWN], lang)
        shown = [(above, cards[paper].card) for above, paper in made.leads]
        listed = Document(tuple(block for pair in shown for block in pair))
        found = bare(read(one_post(listed, lang)).plain)
        for above, one in shown:
            assert bare(f"{above.number}. {one.title}") in found
            assert bare(one.tldr) in found


def test_a_root_is_told_first_by_its_date_and_counts(papers):
    made, cards = morning(papers[: SHOWN + LEFT_OVER], Lang.ZH)
    root = from_payload(SlackRenderer().digest(made, cards, chat(Lang.ZH))[0].payload)
    assert root.text.startswith("paperround 晨报 · 2026年2月6日 星期五\n公布 812 → 命中 20")
