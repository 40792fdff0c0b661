"""Running text: its sentences, its pieces within a limit, a line of authors."""

import re

from formatters.catalogue import say
from formatters.text.columns import boundary_before, whole_before
from storage.models import Lang

_ENDING = re.compile(
    r"(?<![.!?…])(?P<latin>[.!?…]+[)\]\"'”’»]*)(?P<gap>\s+)(?=(?P<next>\S+))"
    r"|[。！？]+[」』”’）》]*\s*(?=\S)"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"“‘'~])(?:(?P<open>al|etc|Inc|Ltd|Corp|Co|Jr|Sr|[A-Z]|[Uu]\.S|U\.K|a\.m|p\.m|pp)"
    r"|i\.e|e\.g|cf|vs|viz|ca|approx|resp|a\.k\.a|w\.r\.t|i\.i\.d|s\.t|incl|esp|est|avg|max|min"
    r"|Figs?|fig|Eqs?|eq|Eqn|Secs?|sec|Sect|Tabs?|Refs?|ref|Chap|Ch|Apps?|Alg|Thm|Def|Prop|Lem"
    r"|Cor|No|Nos|Vol|ed|eds|Dr|Prof|Mr|Mrs|Ms|St|Mt|[A-Z]\.[A-Z]|Ph\.D|M\.Sc|B\.Sc)\Z"
)
_BEGINS = re.compile(
    r"[\"'“‘(\[«]*(?:[^\W\da-z]|\d|[^\w\s\"'“‘(\[«]|[a-z]+[A-Z²³]|https?:|(?:[ivx]+|[a-h])[.)])"
)
"""How a sentence begins: not with a small letter, unless a name (`vLLM`), a link or `(ii)` does."""
_LONGEST_ABBREVIATION = len("(approx.")
_NUMERAL = re.compile(r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-zA-Z])\)?\.?\Z")
_STARTER = re.compile(
    r"[\"'“‘(\[«]*(?:The|Th[ei]se?|That|Those|We|Our|I[nt]|Its|To|For|However|Moreover|Furthermore|Finally|Here"
    r"|An?|A[st]|By|On|From|With|While|When|Where|Although|Though|Despite|Thus|Therefore|Hence"
    r"|Additionally|Experiment\w*|Results|Extensive|Existing|Recent|Specifically|Based|Code|Using"
    r"|Each|Both|All|Such|They|There|If|But|And|Yet|Unlike|Given)\b"
)


def sentences(text: str) -> list[str]:
    """The sentences of `text`, Latin or Chinese, without the white space between them.

    Abbreviations, initials, decimals, category names and numbered items don't end one.
    """
    found: list[str] = []
    start = 0
    for ending in _ENDING.finditer(text):
        before = text[start : ending.start()]
        if ending["latin"] and not _ends(before, ending["latin"], ending["next"]):
            continue
        found.append(text[start : ending.end()].strip())
        start = ending.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def split(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters; only white space between them is lost.

    A piece ends at a paragraph, else a line, a sentence, a word, as the room allows.
    """
    if limit < 1:
        raise ValueError(f"limit {limit} leaves no room for text")
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def byline(authors: tuple[str, ...], lang: Lang, limit: int = 3) -> str:
    """The first `limit` authors and how many more there are; empty without authors."""
    from formatters.text import readable  # noqa: PLC0415 - the package imports this module

    separator = say("card.between_authors", lang)
    names = separator.join(readable(name) for name in authors[:limit])
    more = len(authors) - limit
    if more <= 0:
        return names
    return say("card.authors_more", lang, names=names, more=more, total=len(authors))


def _ends(before: str, mark: str, following: str) -> bool:
    """Whether `mark` ends the sentence `before` when `following` comes next."""
    if not _BEGINS.match(following):
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    if _NUMERAL.match(before.strip()) or (before[-1:].isdigit() and following[0].isdigit()):
        return False
    abbreviated = _ABBREVIATION.search(before[-_LONGEST_ABBREVIATION:])
    if not abbreviated:
        return True
    return abbreviated["open"] in ("etc", "pp") or (
        abbreviated["open"] is not None and _STARTER.match(following) is not None
    )


def _cut(text: str, limit: int) -> int:
    """Where the first piece of `text` ends, somewhere in 1…limit."""
    least = limit // 3
    for mark in ("\n\n", "\n"):
        at = text.rfind(mark, least, limit + len(mark))
        if 0 < at <= limit:
            return at
    at = 0
    for ending in _ENDING.finditer(text, 0, limit + 2):
        before = text[max(0, ending.start() - 40) : ending.start()]
        end = ending.end("latin") if ending["latin"] else ending.end()
        if end <= limit and (not ending["latin"] or _ends(before, ending["latin"], ending["next"])):
            at = end
    if at > least:
        return at
    return boundary_before(text, limit) or whole_before(text, limit) or limit
