"""What a list of papers is made of, in the simplest blocks: for files, which fold nothing."""

from formatters.document import (
    Block,
    Bullets,
    Heading,
    Lead,
    PaperCard,
    Span,
    Style,
    Text,
    Titles,
    plain,
)
from formatters.steps import colon


def simplified(block: Lead | PaperCard | Titles) -> tuple[Block, ...]:
    """The same in headings, paragraphs and lists."""
    match block:
        case Lead():
            why = (Span(f" · {block.why}", Style.FAINT),) if block.why else ()
            return (Text((Span(f"{block.number}. ", Style.STRONG), *block.text, *why)),)
        case Titles():
            return (
                Text((Span(block.caption, Style.STRONG),)),
                Bullets(block.items, start=block.start),
            )
        case PaperCard():
            return _card(block)


def _card(card: PaperCard) -> tuple[Block, ...]:
    title = Heading((Span(card.title or card.paper, href=card.href),), level=2)
    remarks = " · ".join(filter(None, (card.byline, card.label)))
    said = (Span(card.tldr_label + colon(card.tldr_label, card.tldr), Style.STRONG),)
    found: tuple[Block | None, ...] = (
        title,
        Text(plain(card.translated_title)) if card.translated_title else None,
        Text((Span(remarks, Style.FAINT),)) if remarks else None,
        Text((Span(card.notice, Style.STRONG),)) if card.notice else None,
        Text((*said, Span(card.tldr))) if card.tldr else None,
        Bullets(tuple(plain(finding) for finding in card.findings)) if card.findings else None,
        Text(plain(card.abstract)) if card.abstract else None,
        Bullets(tuple((Span(label, href=href),) for label, href in card.links))
        if card.links
        else None,
    )
    return tuple(block for block in found if block is not None)
