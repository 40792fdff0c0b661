"""What an element of LaTeXML's HTML is to a reader, by its classes first, then by its tag.

Classes count for more: the same thing may be a `div`, a `span` or a `table`. Pure.
"""

from enum import Enum, auto
from functools import lru_cache

from lxml.etree import _Element


class Kind(Enum):
    """An element's part in the text."""

    INLINE = auto()
    BLOCK = auto()
    """Starts and ends a paragraph."""
    SKIPPED = auto()
    """No part of the text: errors, marks, the title page's small print, scripts."""
    BREAK = auto()
    RAISED = auto()
    LOWERED = auto()
    MATHS = auto()
    NOTE = auto()
    SECTION = auto()
    TITLE = auto()
    ABSTRACT = auto()
    REFERENCES = auto()
    REFERENCE = auto()
    ITEM = auto()
    ITEM_MARK = auto()
    EQUATION = auto()
    FLOAT = auto()
    CAPTION = auto()
    TABULAR = auto()
    LISTING = auto()
    PICTURE = auto()
    IMAGE = auto()


_CLASSES = {
    Kind.SKIPPED: "ERROR FATAL WARNING authors author_notes creator dates date keywords"
    " classification pubnotes contact rdf TOC toclist pagination role_newpage page_footer"
    " page_header page_navbar page_logo LaTeXML_logo listing_data bib_cited note_mark note_type"
    " tag_note role_footnotemark rule nodisplay index role_institutetext",
    Kind.SECTION: "part chapter section subsection subsubsection appendix acknowledgements"
    " acknowledgments",
    Kind.TITLE: "title",
    Kind.ABSTRACT: "abstract",
    Kind.REFERENCES: "bibliography",
    Kind.REFERENCE: "bibitem",
    Kind.ITEM: "item",
    Kind.ITEM_MARK: "tag_item tag_itemize tag_enumerate tag_description",
    Kind.EQUATION: "equation equationgroup eqn_table eqn_div",
    Kind.FLOAT: "figure table float algorithm",
    Kind.CAPTION: "caption",
    Kind.TABULAR: "tabular",
    Kind.LISTING: "listing lstlisting",
    Kind.PICTURE: "picture",
    Kind.NOTE: "note",
    Kind.MATHS: "Math",
    Kind.BREAK: "break",
    Kind.BLOCK: "para p block logical-block quote theorem proof paragraph subparagraph itemize"
    " enumerate description inline-para bibblock tr td th thead tbody minipage",
}
_TAGS = {
    Kind.SKIPPED: "script style button input select textarea form nav head link meta iframe object"
    " embed audio video map canvas noscript template dialog annotation annotation-xml base title",
    Kind.BLOCK: "p div section article aside main header footer blockquote ul ol dl center address"
    " table thead tbody tfoot tr td th h1 h2 h3 h4 h5 h6 hr details summary fieldset foreignobject",
    Kind.ITEM: "li dt dd",
    Kind.LISTING: "pre",
    Kind.FLOAT: "figure",
    Kind.CAPTION: "figcaption",
    Kind.MATHS: "math",
    Kind.BREAK: "br wbr",
    Kind.RAISED: "sup",
    Kind.LOWERED: "sub",
    Kind.PICTURE: "svg",
    Kind.IMAGE: "img",
}
_BY_CLASS = {f"ltx_{name}": kind for kind, names in _CLASSES.items() for name in names.split()}
_BY_TAG = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}


def kind_of(element: _Element) -> Kind:
    """What the element is; its first telling class decides, `ltx_ERROR` and such over others."""
    return _kind(element.tag, element.get("class") or "")


def classes_of(element: _Element) -> list[str]:
    """The element's classes."""
    return (element.get("class") or "").split()


@lru_cache(4096)
def _kind(tag: str, classes: str) -> Kind:
    kinds = [kind for name in classes.split() if (kind := _BY_CLASS.get(name))]
    if Kind.SKIPPED in kinds:
        return Kind.SKIPPED
    return kinds[0] if kinds else _BY_TAG.get(tag, Kind.INLINE)
