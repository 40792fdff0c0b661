"""Digests and notices as the outbox's finished parts, one renderer a platform. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from formatters.compose.analysis import AnalysisPages
from formatters.compose.digest import Pages, Shared
from formatters.document import Document, PaperCard
from formatters.terminal import render
from storage.models import Chat, DraftPart, PaperId


@dataclass(frozen=True, slots=True)
class TerminalRenderer:
    """Parts for a terminal: the overview, a part a paper, the left-over titles."""

    columns: int = 100
    colour: bool = True

    @property
    def name(self) -> str:
        """Width and colour are part of the form: cards are shared within one form alone."""
        return f"terminal-{self.columns}{'-colour' if self.colour else ''}"

    def document(self, document: Document) -> str:
        """A document as text for this terminal."""
        return render(document, columns=self.columns, colour=self.colour)

    def card(self, card: PaperCard) -> str:
        """A card's text, to stand behind a lead."""
        return self.document(Document((card,))) + "\n"

    def digest(
        self, pages: Pages, cards: Mapping[PaperId, Shared], _chat: Chat, /
    ) -> list[DraftPart]:
        """A blank line ends every part but the last, so that they read as one letter."""
        parts = [DraftPart(self.document(pages.overview) + "\n")]
        parts += [
            DraftPart(self.document(Document((lead,))), card=cards[paper].name)
            for lead, paper in pages.leads
        ]
        if pages.tail.blocks:
            parts.append(DraftPart(self.document(pages.tail)))
        return parts

    def analysis(self, pages: AnalysisPages, _chat: Chat, /) -> list[DraftPart]:
        """All of it, as a terminal scrolls; then what can be done with it."""
        whole = pages.whole + Document((pages.actions,))
        return [DraftPart(self.document(whole), about=pages.about)]

    def notice(self, document: Document) -> list[DraftPart]:
        """Anything else: one part."""
        return [DraftPart(self.document(document))]
