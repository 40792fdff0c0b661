"""Documents to be rendered: samples, whatever can be made of some words, and all that they say."""

from dataclasses import replace

from hypothesis import strategies as st

from formatters.compose.digest import Shared
from formatters.document import (
    Bullets,
    Buttons,
    Code,
    Document,
    Facts,
    Heading,
    Lead,
    PaperCard,
    Quote,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.text import strip_controls
from storage.models import PaperId

JOINER = "\u2060"
CARD = PaperCard(
    paper="2602.00103",
    title="Looking Twice: Models That Re-read <Their> Own R&D Evidence",
    href="https://arxiv.org/abs/2602.00103",
    translated_title=None,
    byline="Ada Lindqvist, Boris Okonjo, Carla Weng +4",
    label="arXiv:2602.00103v1 · cs.CV, cs.LG · 2026-02-06",
    tldr="A second look, guided by the first answer, needs only 38% of the tokens.",
    tldr_label="TL;DR",
    findings=("Accuracy rises by 4.1 points.", "It costs 0.7× as much."),
    links=(
        ("PDF", "https://arxiv.org/pdf/2602.00103v1"),
        ("Code", "https://github.com/made-up/two"),
    ),
    abstract="We look twice. Accuracy rises by 4.1 points. The rest is told in the paper.",
)
ENGINE = Text((Span("Summaries are quoted.", Style.FAINT),))


def in_chinese(card: PaperCard) -> PaperCard:
    """The card as a Chinese chat gets it, and withdrawn."""
    return replace(
        card,
        translated_title="再看一眼：回答之前重新审视证据的模型",
        byline="Ada Lindqvist、Boris Okonjo、Carla Weng 等 7 人",
        tldr="第二次查看图像时只用 38% 的视觉 token，准确率不变。",
        tldr_label="速读",
        findings=("平均提升 4.1 个百分点。",),
        notice="作者已撤稿",
    )


def paper(number: int, card: PaperCard = CARD, **fields: object) -> PaperCard:
    ident = f"2602.{number:05}"
    return replace(card, paper=ident, href=f"https://arxiv.org/abs/{ident}", **fields)


def entries(count: int, card: PaperCard = CARD, **fields: object) -> tuple[Lead | PaperCard, ...]:
    return tuple(
        block
        for n in range(1, count + 1)
        for block in (Lead(n, plain("new"), "matched ti: evidence"), paper(n, card, **fields))
    )


def in_digest(
    entries: tuple[Lead | PaperCard, ...],
) -> tuple[tuple[tuple[Lead, PaperId], ...], dict[PaperId, Shared]]:
    """Entries as a digest has them: the leads of its pages, and the cards that chats share."""
    cards = {PaperId(card.paper): Shared(f"card {card.paper}", card) for card in entries[1::2]}
    return tuple(zip(entries[::2], cards, strict=True)), cards


def left_over(count: int, start: int = 9) -> Titles:
    titles = tuple(
        (Span(f"A Title among Many, Number {n}", href=f"https://arxiv.org/abs/2602.{n:05}"),)
        for n in range(count)
    )
    return Titles(f"{count} more papers", titles, start)


# Any document


def phrases(word):
    return st.lists(word, max_size=12).map(" ".join)


def texts(words):
    """Words, any signs at all, or words over and over."""
    long = st.tuples(words, st.integers(1, 400)).map(lambda found: (found[0] + " ") * found[1])
    return words | st.text(max_size=30) | long


def cards(words, papers):
    text = texts(words)
    return st.builds(
        PaperCard,
        paper=st.sampled_from(papers),
        title=text,
        href=st.just(CARD.href),
        translated_title=st.none() | words,
        byline=words,
        label=words,
        tldr=text,
        tldr_label=words,
        findings=st.lists(text, max_size=3).map(tuple),
        links=st.just((("PDF", "https://a.org/x"), ("<&>", "https://b.org/"))),
        abstract=st.none() | text,
        notice=st.none() | words,
    )


def any_document(words, hrefs, cards, buttons):
    text = texts(words)
    line = st.lists(st.builds(Span, text, st.sampled_from(Style), hrefs), max_size=4).map(tuple)
    lines = st.lists(line, max_size=3) | st.tuples(line, st.integers(1, 300)).map(repeated)
    leads = st.builds(Lead, st.integers(1, 200), line, st.none() | words)
    blocks = st.one_of(
        st.builds(Title, line),
        st.builds(Heading, line),
        st.builds(Text, line),
        st.builds(Bullets, lines.map(tuple), st.none() | st.integers(1, 200)),
        st.builds(Facts, st.lists(st.tuples(words, line), max_size=3).map(tuple)),
        st.builds(Code, text),
        st.builds(Quote, line, line),
        leads,
        cards,
        st.builds(Titles, words, lines.map(tuple), st.integers(1, 200)),
        st.builds(Buttons, st.lists(buttons, max_size=20).map(tuple)),
    )
    groups = blocks.map(lambda block: (block,)) | st.tuples(leads, cards)
    return st.lists(groups, max_size=5).map(
        lambda found: Document(tuple(block for group in found for block in group))
    )


def repeated(found):
    """A line so many times, as long as that does not get out of hand."""
    line, times = found
    return [line] * min(times, 1 + 20_000 // (1 + sum(len(span.text) for span in line)))


# What a document says


def inline(text) -> str:
    return "".join(strip_controls(span.text) for span in text)


def told(document: Document, *, lead, items, card) -> str:
    """All that a document says, told once more.

    How a platform says a lead without a card, the items of a list (with what number they start)
    and a card (with the lead above it) it tells in parts.
    """
    out: list[str] = []
    blocks = (None, *document.blocks, None)
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        match block:
            case Lead() if not isinstance(after, PaperCard):
                out += lead(block)
            case Title() | Heading() | Text():
                out.append(inline(block.text))
            case Bullets():
                out += items(block.items, block.start)
            case Titles():
                out += [block.caption, *items(block.items, block.start)]
            case Facts(pairs=pairs):
                out += [name + inline(value) for name, value in pairs]
            case Code(text=text):
                out.append(text)
            case Quote():
                out.append(inline(block.text) + inline(block.source))
            case PaperCard():
                out += card(block, before if isinstance(before, Lead) else None)
    return bare("".join(strip_controls(part) for part in out))


def bare(text: str) -> str:
    """Text without white space, joiners, and the signs that stand between parts."""
    return "".join(text.translate(dict.fromkeys(map(ord, f"{JOINER}·:："))).split())
