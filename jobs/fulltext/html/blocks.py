"""An article's elements, in one walk, to sections of passages.

Text runs into the open paragraph until something that is set apart begins or ends. A title
that is no section's (a theorem's, a run-in one's) begins its paragraph, as a list item's mark
does. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element

from jobs.fulltext.html.equations import equations_of
from jobs.fulltext.html.headings import caption_of, heading_of, run_in
from jobs.fulltext.html.inline import formula, inline_formula, plain, running, script_mark
from jobs.fulltext.html.kinds import Kind, classes_of, kind_of
from jobs.fulltext.html.listings import is_inline, listing_of
from jobs.fulltext.html.manuscript import FEWEST_WORDS, Blocks, Manuscript
from jobs.fulltext.html.tables import is_layout, markdown_of, rows_of
from storage.models.fulltext import Equation, Listing, Table

_BULLET = re.compile(r"\W{0,2}\Z")
_LONGEST_SIGN = 8
"""A drawing in a sentence that says so little is a sign of it: a circled number."""
_DEEPEST_LAYOUT = 3
_NO_HEADINGS = ("ltx_title_abstract", "ltx_title_bibliography")


def blocks_of(article: _Element, address: Callable[[str], str]) -> Blocks:
    """Read an article; `address` makes an image's address whole."""
    reader = _Reader(address)
    walker = etree.iterwalk(article, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            reader.leave(element)
        elif not reader.enter(element):
            walker.skip_subtree()
    return reader.manuscript.finished()


class _Reader:
    """Goes through an article, element by element."""

    def __init__(self, address: Callable[[str], str]) -> None:
        self.manuscript = Manuscript()
        self._address = address
        self._kinds: list[Kind] = []
        """Of the open elements; of one that is not entered, SKIPPED."""
        self._open: Counter[Kind] = Counter()
        """The same, counted."""
        self._beginnings: dict[Kind, Callable[[_Element], bool]] = {
            Kind.SKIPPED: self._skip,
            Kind.BLOCK: self._set_apart,
            Kind.BREAK: self._break,
            Kind.RAISED: self._raise,
            Kind.LOWERED: self._lower,
            Kind.MATHS: self._maths,
            Kind.NOTE: self._note,
            Kind.SECTION: self._section,
            Kind.TITLE: self._title,
            Kind.ABSTRACT: self._abstract,
            Kind.REFERENCES: self._references,
            Kind.REFERENCE: self._reference,
            Kind.ITEM: self._item,
            Kind.ITEM_MARK: self._item_mark,
            Kind.EQUATION: self._equation,
            Kind.FLOAT: self._float,
            Kind.CAPTION: self._caption,
            Kind.TABULAR: self._tabular,
            Kind.LISTING: self._listing,
            Kind.PICTURE: self._picture,
            Kind.IMAGE: self._image,
        }
        """Each writes down what its element is, and tells whether to go on inside it."""

    def enter(self, element: _Element) -> bool:
        """An element starts. Returns whether to go on inside it."""
        kind = kind_of(element) if self._kinds else Kind.INLINE
        begin = self._beginnings.get(kind)
        inside = begin is None or begin(element)
        self._kinds.append(kind if inside else Kind.SKIPPED)
        self._open[self._kinds[-1]] += 1
        if inside:
            self.manuscript.add(plain(element.text))
        return inside

    def leave(self, element: _Element) -> None:
        """An element has ended; its tail belongs to what is around it."""
        kind = self._kinds.pop()
        self._open[kind] -= 1
        self._end(kind, element)
        if self._kinds:
            self.manuscript.add(plain(element.tail))

    def _end(self, kind: Kind, element: _Element) -> None:
        text = self.manuscript
        match kind:
            case Kind.BLOCK | Kind.TABULAR | Kind.CAPTION:
                text.end_paragraph()
            case Kind.SECTION:
                text.close_section()
            case Kind.ABSTRACT:
                text.turn_to_abstract(inside=False)
            case Kind.FLOAT:
                text.close_float()
            case Kind.PICTURE:
                text.turn_to_drawing(inside=False)
            case Kind.ITEM:
                text.end_paragraph()
                text.mark = text.mark if element.tag == "dt" else ""

    def _skip(self, _: _Element) -> bool:
        return False

    def _set_apart(self, _: _Element) -> bool:
        self.manuscript.end_paragraph()
        return True

    def _break(self, _: _Element) -> bool:
        self.manuscript.add(" ")
        return True

    def _raise(self, element: _Element) -> bool:
        return self._script(Kind.RAISED, element)

    def _lower(self, element: _Element) -> bool:
        return self._script(Kind.LOWERED, element)

    def _script(self, kind: Kind, element: _Element) -> bool:
        self.manuscript.add(script_mark(kind, element, self.manuscript.last_piece))
        return True

    def _maths(self, element: _Element) -> bool:
        if element.get("display") == "block" and (tex := formula(element)):
            self.manuscript.put(Equation(tex))
        else:
            self.manuscript.add(inline_formula(element))
        return False

    def _note(self, element: _Element) -> bool:
        self.manuscript.notes.append(running(element))
        return False

    def _section(self, _: _Element) -> bool:
        self.manuscript.open_section()
        return True

    def _abstract(self, _: _Element) -> bool:
        self.manuscript.turn_to_abstract(inside=True)
        return True

    def _references(self, _: _Element) -> bool:
        self.manuscript.begin_back_matter()
        return True

    def _reference(self, element: _Element) -> bool:
        self.manuscript.references.append(running(element))
        return False

    def _equation(self, element: _Element) -> bool:
        for equation in equations_of(element):
            self.manuscript.put(equation)
        return False

    def _float(self, element: _Element) -> bool:
        self.manuscript.open_float(is_figure="ltx_figure" in classes_of(element))
        return True

    def _caption(self, element: _Element) -> bool:
        text = self.manuscript
        if not text.floats:
            return self._set_apart(element)
        text.floats[-1].captions.append(caption_of(element, text.notes))
        return False

    def _title(self, element: _Element) -> bool:
        text, classes = self.manuscript, classes_of(element)
        parent = element.getparent()
        if "ltx_title_document" in classes:
            text.drop_preface()
        elif parent is not None and kind_of(parent) is Kind.SECTION:
            text.head(heading_of(element))
        elif not any(name in classes for name in _NO_HEADINGS):
            text.end_paragraph()
            title = run_in(running(element, text.notes))
            text.mark += f"{title} " if title else ""
        return False

    def _item(self, element: _Element) -> bool:
        text = self.manuscript
        text.end_paragraph()
        text.mark = text.mark if element.tag == "dd" and text.mark else "- "
        return True

    def _item_mark(self, element: _Element) -> bool:
        said = running(element)
        if not _BULLET.match(said):
            parent = element.getparent()
            is_term = parent is not None and parent.tag == "dt"
            self.manuscript.mark = f"- {run_in(said)} " if is_term else f"{said} "
        return False

    def _tabular(self, element: _Element) -> bool:
        text = self.manuscript
        is_called_table = bool(text.floats) and not text.floats[-1].is_figure
        if self._open[Kind.TABULAR] < _DEEPEST_LAYOUT and is_layout(
            element, is_called_table=is_called_table
        ):
            text.end_paragraph()
            return True
        markdown = markdown_of(rows_of(element, text.notes))
        if markdown and text.floats:
            text.floats[-1].tables.append((markdown, "", ""))
        elif markdown:
            text.put(Table(markdown))
        return False

    def _listing(self, element: _Element) -> bool:
        if is_inline(element):
            return True
        text = self.manuscript
        listing = listing_of(element)
        if listing and text.floats:
            text.floats[-1].listings.append(listing)
        elif listing:
            text.put(Listing(listing))
        return False

    def _picture(self, element: _Element) -> bool:
        text = self.manuscript
        is_inner = self._open[Kind.PICTURE] > 0
        said = "" if is_inner else running(element)
        if is_inner or len(said.split()) >= FEWEST_WORDS:
            text.turn_to_drawing(inside=True)
            return True
        if len(said) <= _LONGEST_SIGN and not text.floats:
            text.add(said)
        return False

    def _image(self, element: _Element) -> bool:
        source, floats = element.get("src") or "", self.manuscript.floats
        if floats and source and not source.startswith("data:"):
            floats[-1].image = floats[-1].image or self._address(source)
        return False
