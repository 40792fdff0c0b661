"""Real papers through Telegram's own parser: alone as cards, and in digests of eight."""

import json
import lzma
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from fakes import chat_at
from telegram_texts import Text as Shown
from telegram_texts import check_text, parse, units

from formatters.compose.cards import Frame, card
from formatters.compose.digest import Pages, Shared, pages
from formatters.compose.morning import Highlights, Morning
from formatters.document import Document, PaperCard
from formatters.telegram import Message, TelegramRenderer, from_payload, messages, one_message
from formatters.text import sentences
from storage.models import (
    AnnounceType,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    Lang,
    Paper,
    PaperId,
    RunState,
    Summary,
)

pytestmark = pytest.mark.real_data
SITE = "https://arxiv.org"
ALONE, DIGESTS = 6, 3
"""One of so many papers is shown alone, of so many digests made; of odd papers each."""
SHOWN, LEFT_OVER = 8, 12


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


def shown(message: Message) -> Shown:
    """The message as TDLib shows it, once it is sure that Telegram takes all of it."""
    text = parse(message.text, "html")
    check_text(text)
    assert text.plain == unescape(re.sub(r"<[^>]*>", "", message.text))
    assert units(text.plain) <= 3_800
    assert text.weight <= 90
    links = re.findall(r'href="([^"]*)"', message.text)
    taken = [entity["url"] for entity in text.entities if entity["type"] == "text_link"]
    assert [unescape(link) for link in links] == taken
    return text


def addressed(text: Shown) -> set[str]:
    """What of a text calls somebody or something."""
    kinds = {"mention", "hashtag", "cashtag", "bot_command"}
    return {
        text.plain.encode("utf-16-le")[2 * e["offset"] :][: 2 * e["length"]].decode("utf-16-le")
        for e in text.entities
        if e["type"] in kinds
    }


def bare(text: str) -> str:
    return "".join(text.replace("\u2060", "").split())


def expected(card: PaperCard, lang: Lang) -> str:
    """A card's text, in the order in which a reader expects it."""
    colon = ": " if lang is Lang.EN else "："
    said = [card.title, card.byline, card.label, f"⚠️ {card.notice}" if card.notice else ""]
    said.append(f"{card.tldr_label}{colon}{card.tldr}")
    said += [f"• {found}" for found in card.findings]
    said += [card.abstract or "", " · ".join(label for label, _ in card.links)]
    return bare("".join(said))


def alone(paper: Paper, lang: Lang) -> PaperCard:
    return card(paper, summary(paper, lang), Frame(lang, SITE), with_abstract=True)


def test_a_paper_alone_is_one_message_that_loses_nothing(papers, real_data):
    odd = json.loads((real_data / "papers" / "edge-cases.json").read_text("utf-8"))
    chosen = {ident for idents in odd.values() for ident in idents}
    chosen |= {paper.id for paper in papers[::ALONE]}
    assert len(chosen) > 4_000
    for number, paper in enumerate(paper for paper in papers if paper.id in chosen):
        lang = (Lang.EN, Lang.ZH)[number % 2]
        one = alone(paper, lang)
        [message] = messages(Document((one,)))
        text = shown(message)
        assert bare(text.plain) == expected(one, lang)
        assert not addressed(text)


def morning(batch: Sequence[Paper], lang: Lang) -> tuple[Pages, dict[PaperId, Shared]]:
    """A morning that shows the first papers of a batch and lists the others."""
    kinds = (AnnounceType.NEW, AnnounceType.CROSS, AnnounceType.REPLACE)
    items = tuple(
        DigestItem(paper.id, paper.version, kinds[n % 3], section=n % 2, shown=n < SHOWN)
        for n, paper in enumerate(batch)
    )
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


def mornings(papers: Sequence[Paper]) -> Iterator[tuple[Pages, dict[PaperId, Shared]]]:
    for number, start in enumerate(range(0, len(papers), SHOWN * DIGESTS)):
        lang = (Lang.EN, Lang.ZH)[number % 2]
        yield morning(papers[start : start + SHOWN + number % (LEFT_OVER + 1)], lang)


def test_papers_stand_in_digests_that_telegram_takes(papers):
    renderer, sizes = TelegramRenderer(), []
    for number, (made, cards) in enumerate(mornings(papers)):
        address, most = (("4711", 3), ("-1004711", 2))[number // 2 % 2]
        sent = [
            from_payload(part.payload) for part in renderer.digest(made, cards, chat_at(address))
        ]
        assert len(sent) <= most
        sizes.append(len(sent))
        texts = [shown(message) for message in sent]
        assert {name for text in texts for name in addressed(text)} <= {"/more"}
        said = bare("".join(text.plain for text in texts))
        for above, paper in made.leads:
            one = cards[paper].card
            assert bare(f"{above.number}. {one.title}") in said
            assert bare(one.tldr) in said
        opening = [key.data for key in sent[-1].rows[0]] if len(sent) == 1 else []
        assert not opening or opening == [f"/paper {paper}" for _, paper in made.leads]
    assert sum(sizes) / len(sizes) < 2.2


def test_a_card_that_does_not_fit_is_cut_and_still_taken(papers):
    for paper in papers[::500]:
        one = alone(paper, Lang.ZH)
        assert one.abstract
        long = replace(one, abstract=" ".join([one.abstract] * (1 + 4_000 // len(one.abstract))))
        text = shown(one_message(Document((long,)), Lang.ZH))
        assert bare(text.plain).startswith(bare(one.title))
        assert ". …\n\nPDF" in text.plain
