"""Digests and notices as the outbox's parts, in Slack's form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from formatters.catalogue import say
from formatters.compose.analysis import AnalysisPages, markdown_file
from formatters.compose.digest import Pages, Shared
from formatters.document import (
    Block,
    Button,
    Buttons,
    Document,
    Inline,
    Lead,
    PaperCard,
    Span,
    Style,
    Text,
    Titles,
    plain,
)
from formatters.file import file_payload
from formatters.slack.blocks import Row, bricks
from formatters.slack.fitting import CARD, finished, one_post, posts, within
from formatters.slack.papers import card_buttons, lead_line, title_of
from formatters.slack.post import Post, to_payload
from storage.models import Chat, DraftPart, Lang, Operation, PaperId


@dataclass(frozen=True, slots=True)
class SlackRenderer:
    """Parts for Slack: a digest is one message, and its cards stand in its thread."""

    @property
    def name(self) -> str:
        """There is one form for all chats."""
        return "slack"

    def card(self, card: PaperCard) -> str:
        """A card, to stand under the first block of a lead's post."""
        return to_payload(within(CARD, Document((card,))))

    def digest(
        self, pages: Pages, cards: Mapping[PaperId, Shared], chat: Chat, /
    ) -> list[DraftPart]:
        """The overview with the titles, then the cards in its thread, where the chat wants it."""
        overview = one_post(_overview(pages, cards, threaded=chat.thread), pages.lang)
        root = DraftPart(to_payload(overview))
        if not chat.thread:
            return [root]
        return [root, *(_reply(lead, cards[paper], pages.lang) for lead, paper in pages.leads)]

    def analysis(self, pages: AnalysisPages, _chat: Chat, /) -> list[DraftPart]:
        """The brief; in its thread the file, then all chapters."""
        brief = one_post(pages.head + Document((pages.actions,)), pages.lang)
        file = file_payload(markdown_file(pages))
        return [
            DraftPart(to_payload(brief), about=pages.about),
            DraftPart(file, operation=Operation.FILE, parent=0, about=pages.about),
            *(
                DraftPart(to_payload(post), parent=0, about=pages.about)
                for post in posts(pages.body, pages.lang)
            ),
        ]

    def notice(self, document: Document) -> list[DraftPart]:
        """Anything else, whole."""
        return [DraftPart(to_payload(post)) for post in posts(document)]


def _reply(lead: Lead, shared: Shared, lang: Lang) -> DraftPart:
    """A card in the thread: what is the chat's own stands around what is shared."""
    return DraftPart(_around(lead, PaperId(shared.card.paper), lang), card=shared.name, parent=0)


@lru_cache(maxsize=1 << 13)
def _around(lead: Lead, paper: PaperId, lang: Lang) -> str:
    """A lead's line and the buttons; remembered, since many chats show the same."""
    buttons = Row(card_buttons(paper, lang))
    post = finished([*bricks(lead_line(lead))[:1], *bricks(buttons)])
    return to_payload(Post(f"{lead.number}.", post.blocks))


def _overview(pages: Pages, cards: Mapping[PaperId, Shared], *, threaded: bool) -> Document:
    """The digest's head, the titles of the papers shown, and how many were left over."""
    return pages.overview + Document((*_titles(pages, cards, threaded=threaded), *_rest(pages)))


def _titles(pages: Pages, cards: Mapping[PaperId, Shared], *, threaded: bool) -> Iterator[Titles]:
    if pages.leads:
        key = "slack.in_thread" if threaded else "slack.shown"
        caption = say(key, pages.lang, n=len(pages.leads))
        items = tuple(_title(cards[paper].card) for _, paper in pages.leads)
        yield Titles(caption, items, start=pages.leads[0][0].number)


@lru_cache(maxsize=1 << 13)
def _title(card: PaperCard) -> Inline:
    translated = f" · {card.translated_title}" if card.translated_title else ""
    return (Span(title_of(card), href=card.href), *plain(translated))


def _rest(pages: Pages) -> Iterator[Block]:
    """The tail without its titles, and without the word on how to see them: a button does that."""
    before: Block | None = None
    for block in pages.tail.blocks:
        if isinstance(block, Titles):
            yield Text((Span(block.caption, Style.FAINT),))
        elif not isinstance(before, Titles):
            yield block
        before = block
    if pages.more is not None:
        yield Buttons((Button(say("button.more", pages.lang), f"/more {pages.more}"),))
