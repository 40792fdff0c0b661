"""The query syntax read by luqum: what it must not see is refused or covered up first.

Pure. Finds mistakes and their place; what the parts mean is `jobs.topics.tree`'s subject.
"""

import re
from threading import Lock
from typing import TYPE_CHECKING

from jobs.topics.errors import TopicError, error_at
from jobs.topics.lines import Line

if TYPE_CHECKING:
    from luqum.tree import Item

_PARSER = Lock()
"""luqum's parser is one object with state (its own documentation)."""

_SPECIAL = "+-&|!(){}[]^\"~*?:\\/<>'"
_COVERED = {ord(letter): 0xE000 + ord(letter) for letter in _SPECIAL}
"""Letters with a meaning, and the private ones that take their places where they have none."""
_UNCOVERED = {private: letter for letter, private in _COVERED.items()}

_BEFORE = r"(?<![^\s(:+!-])"
"""A word begins here."""
_PART = re.compile(
    rf"""(?P<phrase>"[^"]*")
    | {_BEFORE}(?P<single>'[^'"]*')(?![\w'])
    | (?P<open>")
    | (?P<link>\b(?:(?:https?://|www\.)[^\s"()]+|(?i:arxiv:)[\w./-]+))
    | {_BEFORE}(?P<regex>/[^/\s"][^/"]*/)(?=[\s)]|$)
    | (?P<fuzzy>~[\d.]*)
    | (?P<boost>\^[\d.]*)
    | (?P<range>[\[{{][^\]}}"]*[\]}}]?|[\]}}]|{_BEFORE}[<>]=?)
    | (?P<colon>(?<![^\W\d]):|:(?=:))
    | (?P<escape>\\|{_BEFORE}['/])
    | (?P<symbol>(?<![^\s(])(?:&&?|\|\|?)(?![^\s)]))
    | (?P<bang>{_BEFORE}!(?=[^\s!)]))
    | (?P<sign>(?<![^\s(:])[+-]+(?P<nothing>(?=[\s)]|$))?)
    | (?P<comma>(?<!\d),|,(?!\d)|;)
    | (?P<word>(?<![^\s(])(?i:and|or|not)(?![^\s)]))
    """,
    re.VERBOSE,
)
_REFUSED = {
    "open": "quote-open",
    "regex": "regex",
    "fuzzy": "fuzzy",
    "boost": "boost",
    "range": "range",
    "symbol": "symbol",
}
_OPERATORS = frozenset({"AND", "OR", "NOT"})


def read(line: Line) -> "tuple[Item, Line]":
    """The query as luqum's tree, and the line that its positions are in.

    Raises TopicError for syntax that is refused or wrong.
    """
    covered = line.rewrite(_PART, lambda match: _covered(line, match))
    _check_groups(covered)
    from luqum.exceptions import ParseError  # noqa: PLC0415 -- slow to import
    from luqum.parser import parser  # noqa: PLC0415

    try:
        with _PARSER:
            return parser.parse(covered.text), covered
    except ParseError as error:
        raise _syntax_error(covered, str(error)) from None


def uncovered(text: str) -> str:
    """A word of luqum's tree as it was typed."""
    return text.translate(_UNCOVERED)


def _covered(line: Line, match: re.Match[str]) -> str:
    """What luqum sees of one special part of the query."""
    kind, part = match.lastgroup, match[0]
    if kind in _REFUSED:
        raise error_at(_REFUSED[kind], line.original, line.place(*match.span()))
    match kind:
        case "phrase" | "single":
            glued = match.start() > 0 and line.text[match.start() - 1] not in " (:+-!"
            return f'{" " * glued}"{part[1:-1].translate(_COVERED)}"'
        case "bang":
            return "-"
        case "comma":
            return " "
        case "sign" | "nothing":
            return _sign(line, match)
        case "word":
            return _small_operator(line, match)
        case _:
            return part.translate(_COVERED)


def _sign(line: Line, match: re.Match[str]) -> str:
    """One plus or minus directly before a word; anything else is a slip."""
    sign = match["sign"]
    if len(sign) > 1 or match["nothing"] is not None:
        raise error_at("sign", line.original, line.place(*match.span()))
    return sign


def _small_operator(line: Line, match: re.Match[str]) -> str:
    """`and` is what words side by side mean anyway; `or` and `not` would mislead."""
    word = match["word"]
    if word.upper() == word:
        return word
    if word.lower() == "and":
        return " " * len(word)
    place = line.place(*match.span())
    raise error_at("small-operator", line.original, place, operator=word.upper())


def _check_groups(line: Line) -> None:
    """Every parenthesis has its other half and something inside."""
    opened: list[int] = []
    quoted = False
    for i, letter in enumerate(line.text):
        if letter == '"':
            quoted = not quoted
        elif letter == "(" and not quoted:
            opened.append(i)
        elif letter == ")" and not quoted:
            if not opened:
                raise error_at("group-close", line.original, line.place(i, i + 1))
            start = opened.pop()
            if not line.text[start + 1 : i].strip():
                raise error_at("group-empty", line.original, line.place(start, i + 1))
    if opened:
        raise error_at("group-open", line.original, line.place(opened[-1], opened[-1] + 1))


def _syntax_error(line: Line, said: str) -> TopicError:
    """What luqum complains of, with its place in the original."""
    found = re.search(r"position (\d+)", said)
    words = list(re.finditer(r"\S+", line.text))
    if not words:
        return error_at("no-word", line.original, (0, len(line.original)))
    at = int(found[1]) if found else words[-1].start()
    word = next((w for w in words if w.end() > at), words[-1])
    place = line.place(*word.span())
    bare = word[0].strip("()+-")
    if bare in _OPERATORS or not bare:
        return error_at("operator", line.original, place)
    if word[0].endswith(":"):
        return error_at("field-empty", line.original, place)
    return error_at("syntax", line.original, place)
