"""Running text: an element's words on one line, its formulas as TeX between dollars. Pure."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from formatters.text import strip_controls
from jobs.fulltext.html.kinds import Kind, kind_of

_GAP_BEFORE_MARK = re.compile(r"(?<=\S) (?=[,.;:)\]](?:\s|$))")
_EMPTY_REFERENCE = re.compile(r"(?<=\w),\s?(?=[)\];])")
_LINE_END = re.compile(r"(?<!\\)%[ \t]*\n\s*")
_STYLE = re.compile(r"\A\\(?:display|text|script)style(?![A-Za-z])\s*")
_DOLLAR = re.compile(r"(?<!\\)\$")
_CLOSED = {Kind.SKIPPED, Kind.MATHS, Kind.NOTE, Kind.IMAGE}
"""Nothing inside is running text."""
_FLOWING = {Kind.INLINE, Kind.RAISED, Kind.LOWERED, Kind.ITEM_MARK, Kind.BREAK}
_APART = frozenset(Kind) - _CLOSED - _FLOWING
"""Set off from what stands around it."""


def running(element: _Element, notes: list[str] | None = None) -> str:
    """The element's text on one line; footnotes go to `notes`, or nowhere."""
    return line("".join(_pieces(element, notes)))


def line(text: str) -> str:
    """Text on one line, without control characters or the gaps that dropped marks leave."""
    text = " ".join(strip_controls(text).split())
    return _EMPTY_REFERENCE.sub("", _GAP_BEFORE_MARK.sub("", text))


def plain(text: str | None) -> str:
    """A text node, its dollars escaped: a bare one starts a formula."""
    return (text or "").replace("$", "\\$")


def formula(element: _Element) -> str:
    """A formula's TeX on one line, without dollars; its signs where it has no TeX."""
    tex = element.get("alttext") or element.get("alt") or ""
    if not tex:
        notes = element.iter("annotation")
        tex = next((each.text or "" for each in notes if "x-tex" in each.get("encoding", "")), "")
    tex = tex or "".join(str(piece) for piece in element.itertext())
    tex = _STYLE.sub("", " ".join(strip_controls(_LINE_END.sub(" ", tex)).split()))
    return _DOLLAR.sub("", tex)


def inline_formula(element: _Element) -> str:
    """A formula as it stands in running text."""
    tex = formula(element)
    return f"${tex}$" if tex else ""


def script_mark(kind: Kind, element: _Element, before: str) -> str:
    """What keeps a raised or lowered number apart from what it hangs on: `10^5`, not `105`."""
    begins = next((text for each in element.itertext() if (text := str(each).strip())), "")[:1]
    is_number = begins.isdigit() or begins in ("-", "−", "+")
    if not is_number or not before[-1:].strip():
        return ""
    if kind is Kind.RAISED:
        return "^"
    return "_" if before[-1:].isdigit() else ""


def _pieces(root: _Element, notes: list[str] | None) -> Iterator[str]:
    walker = etree.iterwalk(root, events=("start", "end"))
    kinds: list[Kind] = []
    last = ""
    for event, element in walker:
        if event == "start":
            kind = Kind.INLINE if element is root else kind_of(element)
            kinds.append(kind)
            piece = _opening(kind, element, last, notes)
            if kind in _CLOSED:
                walker.skip_subtree()
            else:
                piece += plain(element.text)
        else:
            piece = " " if kinds.pop() in _APART else ""
            piece += plain(element.tail) if element is not root else ""
        last = piece or last
        yield piece


def _opening(kind: Kind, element: _Element, before: str, notes: list[str] | None) -> str:
    """What an element begins with, or all of it where nothing inside is read."""
    match kind:
        case Kind.MATHS:
            return inline_formula(element)
        case Kind.RAISED | Kind.LOWERED:
            return script_mark(kind, element, before)
        case Kind.NOTE:
            if notes is not None and (text := running(element)):
                notes.append(text)
            return ""
        case _:
            return " " if kind is Kind.BREAK or kind in _APART else ""
