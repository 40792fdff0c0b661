"""Digests and notices as the outbox's parts, in Telegram's form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from formatters.catalogue import say
from formatters.compose.analysis import AnalysisPages, html_file
from formatters.compose.digest import Pages, Shared
from formatters.document import Button, Buttons, Document, PaperCard
from formatters.file import file_payload
from formatters.telegram.atoms import Passage
from formatters.telegram.fitting import fitted, messages, one_message
from formatters.telegram.message import to_payload
from formatters.telegram.papers import Detail
from formatters.telegram.passages import passages
from storage.models import Chat, DraftPart, Operation, PaperId

MOST_IN_GROUP, MOST_IN_PRIVATE = 2, 3
"""What a digest may cost a chat, in messages."""


@dataclass(frozen=True, slots=True)
class TelegramRenderer:
    """Parts for Telegram: each one a whole message, which shares no card."""

    @property
    def name(self) -> str:
        """There is one form for all chats."""
        return "telegram"

    def card(self, card: PaperCard) -> str:
        """A card as a message of its own."""
        return to_payload(one_message(Document((card,))))

    def digest(
        self, pages: Pages, cards: Mapping[PaperId, Shared], chat: Chat, /
    ) -> list[DraftPart]:
        """One message if all fits, else the overview and the papers in two, privately three."""
        papers = _papers(pages, cards)

        def lay(detail: Detail) -> list[Passage]:
            below = passages(papers, detail)
            fresh = [replace(passage, fresh=True) for passage in below[:1]]
            return [*passages(pages.overview, detail), *fresh, *below[1:]]

        most = MOST_IN_GROUP if _is_group(chat) else MOST_IN_PRIVATE
        return [DraftPart(to_payload(made)) for made in fitted(lay, most, pages.lang)]

    def analysis(self, pages: AnalysisPages, chat: Chat, /) -> list[DraftPart]:
        """The brief over the taps to all else; in a private chat also the page that has it all."""
        brief = DraftPart(to_payload(one_message(pages.brief, pages.lang)), about=pages.about)
        if _is_group(chat):
            return [brief]
        page = file_payload(html_file(pages))
        file = DraftPart(page, operation=Operation.FILE, parent=0, about=pages.about)
        return [brief, file]

    def notice(self, document: Document) -> list[DraftPart]:
        """Anything else, whole."""
        return [DraftPart(to_payload(made)) for made in messages(document)]


def _is_group(chat: Chat) -> bool:
    """A group or channel: their ids are negative."""
    return chat.address.startswith("-")


def _papers(pages: Pages, cards: Mapping[PaperId, Shared]) -> Document:
    """The entries, the left-over titles under them, and the button that shows more of these."""
    blocks = [block for lead, paper in pages.leads for block in (lead, cards[paper].card)]
    more = Document(())
    if pages.more is not None:
        label = say("button.more", pages.lang)
        more = Document((Buttons((Button(label, f"/more {pages.more}"),)),))
    return Document(tuple(blocks)) + pages.tail + more
