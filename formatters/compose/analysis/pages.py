"""An analysis ready for every platform: each takes of it what it has room for."""

from collections.abc import Iterator
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.analysis.brief import brief
from formatters.compose.analysis.chapters import Chapter, chapters
from formatters.compose.analysis.remarks import remarks
from formatters.compose.analysis.words import ChapterName, Word, analysis_command
from formatters.compose.cards import Frame
from formatters.compose.replies.words import button
from formatters.document import (
    Block,
    Button,
    Buttons,
    Document,
    Facts,
    Heading,
    Inline,
    Span,
    Text,
    Title,
    plain,
)
from formatters.text import byline, readable, truncate
from storage.models import Analysis, Lang, Paper, PaperId

_IN_ROW = 3
_LONGEST_TITLE = 240
_NAMED_AUTHORS = 12


@dataclass(frozen=True, slots=True)
class AnalysisPages:
    """One analysis as it is shown: in short, in chapters, or as a whole."""

    paper: PaperId
    version: int
    lang: Lang
    head: Document
    """The brief without its buttons: at most 1,200 characters."""
    opening: Document
    """What stands above the chapters where all of it is shown: title, people, what was read."""
    chapters: tuple[Chapter, ...]
    taps: tuple[Buttons, ...]
    """For where the chapters are not shown: the ways to them and to the file."""
    actions: Buttons
    """Ask, similar papers, once more, BibTeX."""

    @property
    def about(self) -> str:
        """The paper and its version, as commands take them."""
        return f"{self.paper}v{self.version}"

    @property
    def brief(self) -> Document:
        """What stands for the whole where room is short, with the ways to all of it."""
        return self.head + Document((*self.taps, self.actions))

    @property
    def body(self) -> Document:
        """All chapters under their headings."""
        blocks: list[Block] = []
        for chapter in self.chapters:
            blocks.append(Heading(plain(chapter.label), anchor=chapter.name.value))
            blocks += chapter.document.blocks
        return Document(tuple(blocks))

    @property
    def whole(self) -> Document:
        """All of it, without buttons."""
        return self.opening + self.body

    def chapter(self, name: ChapterName) -> Document | None:
        """A chapter by itself, under its name and the paper's; None: nothing is said of it."""
        title = next(b for b in self.opening.blocks if isinstance(b, Title))
        for chapter in self.chapters:
            if chapter.name is name:
                return Document((Title(plain(chapter.label)), Text(title.text))) + chapter.document
        return None

    def file_name(self, extension: str) -> str:
        """`2602.06043v1-analysis.zh.md`."""
        return f"{self.paper.replace('/', '-')}v{self.version}-analysis.{self.lang}.{extension}"


def pages(analysis: Analysis, paper: Paper, frame: Frame) -> AnalysisPages:
    """The analysis as it is shown, in the frame's language. Pure."""
    title = Title(_title(analysis, paper, frame))
    about = remarks(analysis, frame.lang)
    short = brief(title, about, analysis, frame.lang)
    told = tuple(chapters(analysis, paper, frame))
    return AnalysisPages(
        paper=paper.id,
        version=analysis.version,
        lang=frame.lang,
        head=short.document,
        opening=Document((title, Facts(tuple(_facts(paper, frame.lang))), *about)),
        chapters=told,
        taps=tuple(_taps(analysis, told, frame.lang, core=not short.whole)),
        actions=_actions(analysis, frame.lang),
    )


def _title(analysis: Analysis, paper: Paper, frame: Frame) -> Inline:
    text = truncate(readable(paper.title), _LONGEST_TITLE) or paper.id
    return (Span(text, href=f"{frame.site}/abs/{paper.id}v{analysis.version}"),)


def _facts(paper: Paper, lang: Lang) -> Iterator[tuple[str, Inline]]:
    people = byline(paper.authors, lang, _NAMED_AUTHORS)
    day = paper.published.date().isoformat() if paper.published else ""
    for name, value in (
        ("file.authors", people),
        ("file.published", day),
        ("file.categories", ", ".join(paper.categories)),
    ):
        if value:
            yield say(name, lang), plain(value)


def _taps(
    analysis: Analysis, told: tuple[Chapter, ...], lang: Lang, *, core: bool
) -> Iterator[Buttons]:
    """Rows of three; core and steps only where the brief had no room for all of them."""
    buttons = [
        Button(chapter.label, _command(analysis, lang, chapter.name))
        for chapter in told
        if core or chapter.name is not ChapterName.CORE
    ]
    buttons.append(button("file", _command(analysis, lang, Word.FILE), lang))
    for start in range(0, len(buttons), _IN_ROW):
        yield Buttons(tuple(buttons[start : start + _IN_ROW]))


def _actions(analysis: Analysis, lang: Lang) -> Buttons:
    return Buttons(
        (
            button("ask", f"/ask {analysis.paper}v{analysis.version}", lang),
            button("similar", f"/similar {analysis.paper}", lang),
            button("again", _command(analysis, lang, Word.AGAIN), lang),
            button("cite", f"/cite {analysis.paper}", lang),
        )
    )


def _command(analysis: Analysis, lang: Lang, word: ChapterName | Word) -> str:
    return analysis_command(analysis.paper, analysis.version, lang, word)
