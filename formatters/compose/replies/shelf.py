"""What reading lists, exports and votes answer."""

from collections.abc import Sequence

from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.compose.replies.words import button, faint, line, paper_line, title_link
from formatters.document import Bullets, Buttons, Document, Span, Text, Title, plain
from storage.models import Lang, Paper, PaperId

MOST_LISTED = 50
"""Papers that /saved lists; the rest is counted, and in the export."""
SHORT_TITLE = 80
"""A title in a word that must be short enough to pop up and vanish."""


def saved_one(paper: Paper, frame: Frame, *, is_new: bool) -> Document:
    """A paper is on the list now, or was before."""
    key = "shelf.saved" if is_new else "shelf.was_saved"
    text = (Span(say(key, frame.lang)), title_link(paper, frame, SHORT_TITLE))
    undo = button("unsave", f"/unsave {paper.id}", frame.lang)
    return Document((Text(text), Buttons((undo, button("saved", "/saved", frame.lang)))))


def unsaved(paper: PaperId, lang: Lang) -> Document:
    """A paper left the list."""
    return Document(
        (
            line("shelf.removed", lang, paper=paper),
            Buttons((button("undo", f"/save {paper}", lang),)),
        )
    )


def reading_list(papers: Sequence[Paper], frame: Frame) -> Document:
    """The saved papers, newest first."""
    lang = frame.lang
    if not papers:
        return Document((line("shelf.nothing_yet", lang),))
    listed = papers[:MOST_LISTED]
    title = Title(plain(say("shelf.title", lang, n=len(papers))))
    items = Bullets(tuple(paper_line(paper, frame) for paper in listed), start=1)
    rest = (faint("shelf.unlisted", lang, n=len(papers) - len(listed)),)
    exports = Buttons(
        tuple(button(f"export_{form}", f"/export {form}", lang) for form in ("bibtex", "ris", "md"))
    )
    return Document((title, items, *(rest if len(papers) > len(listed) else ()), exports))


def exported(count: int, name: str, lang: Lang) -> Document:
    """A file with the list comes along."""
    return Document((line("shelf.exported", lang, n=count, file=name),))


def voted(paper: Paper, value: int, frame: Frame) -> Document:
    """A vote is noted."""
    said = say("vote.up" if value > 0 else "vote.down", frame.lang)
    return Document((Text((Span(said), title_link(paper, frame, SHORT_TITLE))),))
