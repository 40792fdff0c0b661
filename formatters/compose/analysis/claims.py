"""Claims as lines: what is said, where the paper says it, and its words."""

import re

from formatters.catalogue import say
from formatters.document import Inline, Span, Style
from formatters.steps import colon
from formatters.text import readable, truncate
from formatters.text.maths import formulas
from storage.models import Claim, Lang

_LONGEST_SECTION = 60
_WORD = re.compile(r"\w+")


def said(text: str, style: Style = Style.PLAIN, lang: Lang | None = None) -> Inline:
    """An engine's or a paper's words, its formulas with their TeX; `lang` as of a span."""
    return tuple(
        Span(piece, style, tex=tex, lang=None if tex else lang)
        for piece, tex in formulas(text)
        if piece
    )


def foreign(written: Lang, lang: Lang) -> Lang | None:
    """What a span says of its language in a document in `lang`."""
    return written if written is not lang else None


def claim_line(claim: Claim, written: Lang, lang: Lang) -> Inline:
    """All of a claim: beneath its words what a step takes and gives, and those of the paper.

    `written` is what the engine's words are in.
    """
    engine, paper = foreign(written, lang), foreign(Lang.EN, lang)
    words = said(claim.text, lang=engine)
    if not words:
        return ()
    quote = "" if _is_quotation(claim) else claim.quote or ""
    beneath = (_flow(claim, lang, engine), quoted(quote, Style.FAINT, paper))
    lines = (span for line in beneath if line for span in (Span("\n"), *line))
    return (*words, *_faint(place(claim), paper), *lines)


def short_line(claim: Claim) -> Inline:
    """A claim where room is short: its words, and the table that shows it; () without words."""
    words = said(claim.text)
    return (*words, *_faint(readable(claim.table or ""))) if words else ()


def place(claim: Claim) -> str:
    """`§3.1 Training · Table 2`; empty where it is not known."""
    section, table = readable(claim.section or ""), readable(claim.table or "")
    named = f"§{truncate(section, _LONGEST_SECTION)}" if section else ""
    return " · ".join(filter(None, (named, table)))


def quoted(quote: str, style: Style = Style.PLAIN, lang: Lang | None = None) -> Inline:
    """A paper's words in quotation marks, which are the same in both languages."""
    words = said(quote, style, lang)
    return (Span("“", style), *words, Span("”", style)) if words else ()


def _is_quotation(claim: Claim) -> bool:
    """The claim is itself made of the words that it rests on."""
    return _words(claim.text) <= _words(claim.quote or "")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(readable(text).casefold()))


def _flow(claim: Claim, lang: Lang, engine: Lang | None) -> Inline:
    """What a step takes and gives; `engine`: in which language, as of a span."""
    spans: list[Span] = []
    for key, text in (("analysis.takes", claim.takes), ("analysis.gives", claim.gives)):
        words = said(text or "", Style.FAINT, engine)
        if words:
            name = say(key, lang)
            arrow = " → " if spans else ""
            spans += [Span(arrow + name + colon(name, words[0].text), Style.FAINT), *words]
    return tuple(spans)


def _faint(text: str, lang: Lang | None = None) -> Inline:
    return (Span(" "), Span(text, Style.FAINT, lang=lang)) if text else ()
