"""The longest overview that the checks let through, in every form and within its limits."""

from dataclasses import replace
from datetime import date

import pytest
from fakes import chat_at
from overview_stage import paper, summary
from slack_form import read
from telegram_texts import check_text, parse, units

from formatters.compose.cards import Frame, card
from formatters.compose.digest import Pages, Shared, pages
from formatters.compose.morning import Highlights, Morning
from formatters.parts import TerminalRenderer
from formatters.slack import SlackRenderer, merged
from formatters.telegram import TelegramRenderer, from_payload
from jobs.llm.overviewing import MOST_DIRECTIONS, MOST_PAPERS, MOST_READS, MOST_THEMES, WORDS
from storage.models import (
    AnnounceType,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    Direction,
    Lang,
    Overview,
    OverviewTheme,
    Paper,
    PaperId,
    Platform,
    Read,
    RunState,
)

SITE = "https://arxiv.org"
LONG = {Lang.EN: "<tokens> & *sum_s* " * (WORDS // 3), Lang.ZH: "压缩*视觉_表示`" * (WORDS // 3)}


def longest(lang: Lang, ids: list[PaperId]) -> Overview:
    """As many parts as there can be, each as long as it can be."""
    text = LONG[lang].strip()
    six = tuple(ids[:MOST_PAPERS])
    return Overview(
        "openai:a-model-with-quite-a-long-name#p1",
        tuple(OverviewTheme(f"{n} {text[:60]}", text, six) for n in range(MOST_THEMES)),
        tuple(Direction(f"{n} {text}", six) for n in range(MOST_DIRECTIONS)),
        tuple(Read(one, text) for one in ids[:MOST_READS]),
    )


def digest(lang: Lang, count: int) -> tuple[Pages, dict[PaperId, Shared]]:
    """A morning of so many papers with long titles."""
    title = "A Very Long Title That Goes on about <Tokens> & *Their* Many_Uses in Large Models"
    found: list[Paper] = [
        replace(paper(1), id=PaperId(f"2602.{n:05}"), title=f"{title} {n}") for n in range(count)
    ]
    said = {one.id: replace(summary(1, lang), paper=one.id) for one in found}
    frame = Frame(lang, SITE)
    made = Morning(
        digest=Digest(
            ChatKey(1), "fresh", date(2026, 2, 6), (date(2026, 2, 5),),
            Counts(800, count, 0, count, 0), RunState.FRESH, "announced", ("cs.CV",),
            items=tuple(
                DigestItem(one.id, 1, AnnounceType.NEW, section=0, shown=True) for one in found
            ),
        ),
        sections=("cs.CV",),
        papers={one.id: one for one in found},
        summaries=said,
        highlights=Highlights(rising=("world models",)),
        overview=longest(lang, [one.id for one in found]),
    )  # fmt: skip
    cards = {one.id: Shared(f"card {one.id}", card(one, said[one.id], frame)) for one in found}
    return pages(made, frame), cards


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize(("address", "most"), [("4711", 3), ("-1004711", 2)])
@pytest.mark.parametrize("count", [8, 20])
def test_telegram_takes_it_whole_within_its_messages(
    lang: Lang, address: str, most: int, count: int
) -> None:
    made, cards = digest(lang, count)
    parts = TelegramRenderer().digest(made, cards, chat_at(address))
    assert len(parts) <= most
    shown = [parse(from_payload(part.payload).text, "html") for part in parts]
    for text in shown:
        check_text(text)
        assert units(text.plain) <= 4_096
    whole = "".join(text.plain for text in shown)
    assert whole.count(LONG[lang].strip()) == MOST_THEMES + MOST_DIRECTIONS + MOST_READS
    if count == 8:
        assert whole.count(summary(1, lang).tldr) == count


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("count", [8, 50])
def test_slack_takes_it_in_one_message_with_the_papers_in_its_thread(
    lang: Lang, count: int
) -> None:
    made, cards = digest(lang, count)
    root, *replies = SlackRenderer().digest(made, cards, chat_at("C0123", Platform.SLACK))
    shown = read(merged(root.payload, None))
    assert len(replies) == count
    assert shown.plain.count(LONG[lang].strip()) == MOST_THEMES + MOST_DIRECTIONS + MOST_READS


@pytest.mark.parametrize("lang", Lang)
def test_a_terminal_shows_it_whole(lang: Lang) -> None:
    made, cards = digest(lang, 8)
    first, *_ = TerminalRenderer(columns=100, colour=False).digest(made, cards, chat_at("terminal"))
    bare = "".join(first.payload.split())
    assert bare.count("".join(LONG[lang].split())) == MOST_THEMES + MOST_DIRECTIONS + MOST_READS
