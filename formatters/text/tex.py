"""Prose with TeX in it, as arXiv's authors write it, to plain readable text.

Knows a short list of macros and passes everything else on as it stands; `formula` reads
the maths. Broken TeX comes through as its source; no word is ever dropped.
"""

import html
import re
from collections.abc import Callable
from functools import cached_property

from formatters.text.formula import formula
from formatters.text.symbols import (
    SWITCHES,
    TEXT_ACCENTS,
    WORD_STYLES,
    accented,
    is_maths,
    script,
    symbol,
)

_SPECIAL = re.compile(
    r"""(?=[h\\$_^{}~-])(?:
    (?P<url>https?://(?:\\[%_\#&~$]|[^\s{}\\$<>])+)
  | (?P<maths>\$\$(?P<display>(?:[^$\\]|\\.)+)\$\$ | \$(?P<dollars>(?:[^$\\]|\\.)+)\$
      | \\\((?P<parens>.{1,500}?)\\\)
      | \\\[(?P<brackets>[^\\\]]{0,200}[\\^_=].{0,500}?)\\\])
  | (?P<accent>\\(?:['"`^~=.](?=\{?\\?[^\W\d_])|[cvudbkrtH](?=\{[^\W\d_]+\}|\s+[A-Za-z]\b))
      \s*(?:\{\\?(?P<boxed>[^\W\d_]+)\}|\\?(?P<letter>[^\W\d_])))
  | (?P<macro>\\(?P<name>[A-Za-z]+)\*?)
  | (?P<escaped>\\(?P<sign>[%&_\#${}\s,;:!/\\~@|-]))
  | (?P<raised>(?<=[^\s^_])(?P<mark>[_^])
      (?:(?=\{)|(?<=\^)(?P<digits>[-−]?\d+)(?:(?![\w^])|(?<=\^\d)(?=[A-Z]))))
  | (?P<brace>[{}])
  | (?P<tie>~+)
  | (?P<dash>(?<!-)---?(?!-))
    )""",
    re.VERBOSE | re.DOTALL,
)
_SAYINGS = {
    "eg": "e.g.", "ie": "i.e.", "aka": "a.k.a.", "etal": "et al.", "etc": "etc.",
    "wrt": "w.r.t.", "iid": "i.i.d.", "cf": "cf.", "vs": "vs.",
}  # fmt: skip
_ESCAPED = dict.fromkeys(" \t\n,;:\\", " ") | {"!": "", "/": "", "-": ""}
_CITATION = re.compile(r"cite[a-z]*|(?:eq|[cC])?ref")
_DINGBATS = {str(code): chr(0x2776 + code - 182) for code in range(182, 192)}
_GROUPED = re.compile(r"\s*\\|https?:|,\Z|.*(?:[A-Za-z]+[,.:]? ){4}", re.DOTALL)
_SET_OR_CODE = re.compile(r'[,;|="]|:(?!//)')
_MARKUP = re.compile(
    r"<(?P<tag>i|b|em|strong|u|tt|p|sub|sup)>(?P<inside>[^<>]*)</(?P=tag)>"
    r"|<a\s+href=\"(?P<href>[^\"<>]*)\"[^<>]*>(?P<anchor>[^<>]*)</a>|<br\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_NOT_PROSE = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}|\\[A-Za-z]+|[\^_]\{[^{}]*\}")
_PROSE_WORD = re.compile(r"[A-Za-z]{3,}")
_BEFORE_ABOUT = ("", *" ([,;:=<>-–")
_NUMBER_BEGINS = ("$", "\\", ".", "+", "-")
_MAX_DEPTH = 20


def from_tex(text: str) -> str:
    """The text with TeX, HTML entities and simple tags turned into plain Unicode."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" in text:
        text = _MARKUP.sub(_as_tex, text)
    return _Prose(text).read(0, len(text))


def _as_tex(markup: re.Match[str]) -> str:
    if markup["href"] is not None:
        return f"\\href{{{markup['href']}}}{{{markup['anchor']}}}"
    match (markup["tag"] or "br").lower():
        case "br":
            return " "
        case "sup":
            return f"\\textsuperscript{{{markup['inside']}}}"
        case "sub":
            return f"\\textsubscript{{{markup['inside']}}}"
        case _:
            return markup["inside"]


def _is_money(inside: str, follower: str) -> bool:
    """Whether two dollar signs with `inside` between them are sums, not a formula's ends."""
    prose = len(_PROSE_WORD.findall(_NOT_PROSE.sub("", inside)))
    if re.search(r"\\[A-Za-z]", inside) and prose <= 1:
        return False
    if inside[0].isdigit():
        return prose > 1 or inside[-1].isspace() or follower.isdigit()
    return prose > 1 and inside[0].isspace()


class _Prose:
    """Reads stretches of one text; knows where each of its braces closes.

    Each handler takes a match and returns what to say and where to read on.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.kept: set[int] = set()
        """Closing braces that are part of the text."""

    @cached_property
    def closing(self) -> dict[int, int]:
        """Where each opening brace is closed; unmatched ones are absent."""
        pairs: dict[int, int] = {}
        open_at: list[int] = []
        for brace in re.finditer(r"\\.|[{}]", self.text, re.DOTALL):
            if brace[0] == "{":
                open_at.append(brace.start())
            elif brace[0] == "}" and open_at:
                pairs[open_at.pop()] = brace.start()
        return pairs

    def read(self, start: int, end: int) -> str:
        """The stretch from `start` to `end`, readable."""
        if self.depth > _MAX_DEPTH:
            return self.text[start:end]
        self.depth += 1
        said: list[str] = []
        while found := _SPECIAL.search(self.text, start, end):
            said.append(self.text[start : found.start()])
            piece, start = _HANDLERS[found.lastgroup or ""](self, found)
            said.append(piece)
        said.append(self.text[start:end])
        self.depth -= 1
        return "".join(said)

    def groups(self, at: int) -> tuple[str, int]:
        """The groups that start at `at`, read and joined, and where they end."""
        texts: list[str] = []
        while (end := self.closing.get(at)) is not None:
            texts.append(self.read(at + 1, end))
            at = end + 1
        return " ".join(filter(None, texts)), at

    def url(self, found: re.Match[str]) -> tuple[str, int]:
        return _unescaped(found[0]), found.end()

    def maths(self, found: re.Match[str]) -> tuple[str, int]:
        """A formula; or a sum of dollars, or a link that someone set as a formula."""
        inside = found["display"] or found["dollars"] or found["parens"] or found["brackets"]
        if found["dollars"] and _is_money(inside, self.text[found.end() : found.end() + 1]):
            return "$", found.start() + 1
        if "\\href" in inside or "\\url" in inside:
            start = found.start() + found[0].index(inside)
            return self.read(start, start + len(inside)), found.end()
        return formula(inside), found.end()

    def accent(self, found: re.Match[str]) -> tuple[str, int]:
        r"""`\H{o}`, `\'e`; also `\k{appa}`, which is how arXiv stores a lost `\kappa`."""
        mark, letters = found[0][1], found["boxed"] or found["letter"]
        if mark.isalpha() and len(letters) > 1:
            return symbol(mark + letters) or letters, found.end()
        return accented(letters, TEXT_ACCENTS[mark]), found.end()

    def macro(self, found: re.Match[str]) -> tuple[str, int]:
        """What a macro says: its arguments if it has some, else its meaning or its name."""
        name, end = found["name"], found.end()
        if name in SWITCHES:
            return "", _after_space(self.text, end)
        if name == "href":
            return self.link(end)
        if name in ("color", "textcolor", "label"):
            return "", self.closing.get(end, end - 1) + 1
        if is_maths(name):
            after = self.after_arguments(end)
            return formula(self.text[found.start() : after]), after
        text, after = self.groups(end)
        return (_dressed(name, text) if text else _bare(name)), after

    def link(self, at: int) -> tuple[str, int]:
        r"""`\href{address}{words}` as `words (address)`, or as one where they say the same."""
        end = self.closing.get(at)
        if end is None:
            return "", at
        address = _unescaped(self.text[at + 1 : end].strip())
        words, after = self.groups(end + 1)
        if words in address or address in words:
            return max(words, address, key=len), after
        return f"{words} ({address})", after

    def after_arguments(self, at: int) -> int:
        """Where the arguments of a maths macro at `at` end."""
        if self.text.startswith("[", at):
            at = self.text.find("]", at) + 1 or at
        while (end := self.closing.get(at)) is not None:
            at = end + 1
        return at

    def escaped(self, found: re.Match[str]) -> tuple[str, int]:
        return _ESCAPED.get(found["sign"], found["sign"]), found.end()

    def raised(self, found: re.Match[str]) -> tuple[str, int]:
        """`10^-3` and `π_{0}` outside formulas."""
        if found["digits"]:
            return script("^", found["digits"].replace("−", "-")), found.end()
        end = self.closing.get(found.end())
        if end is None:
            return found["mark"], found.end()
        return script(found["mark"], formula(self.text[found.end() + 1 : end])), end + 1

    def brace(self, found: re.Match[str]) -> tuple[str, int]:
        """Braces that only group go; those of sets, code and templates stay."""
        start = found.start()
        if found[0] == "}":
            return ("}" if start in self.kept else ""), start + 1
        end = self.closing.get(start)
        if end is None:
            return "", start + 1
        inside = self.text[start + 1 : end]
        if _GROUPED.match(inside) or not _SET_OR_CODE.search(inside):
            return self.read(start + 1, end), end + 1
        self.kept.add(end)
        return "{", start + 1

    def tie(self, found: re.Match[str]) -> tuple[str, int]:
        """A tie between words is a space; before a number or in a range it says `about`."""
        before, after = self.around(found)
        number = self.text[found.end() : found.end() + 2].lstrip()[:1]
        about = before in _BEFORE_ABOUT and (number.isdigit() or after in _NUMBER_BEGINS)
        spans = (before + after).isspace() and len(before + after) > 1
        spans |= (before.isdigit() or before == "%") and after.isdigit()
        keep = before == "/" or about or spans
        return found[0] if keep else " ", found.end()

    def dash(self, found: re.Match[str]) -> tuple[str, int]:
        """TeX's dashes; not the two hyphens before a command's option."""
        before, after = self.around(found)
        if (not before or before in " `'\"([=") and after.isalpha():
            return found[0], found.end()
        return "–" if found[0] == "--" else "—", found.end()

    def around(self, found: re.Match[str]) -> tuple[str, str]:
        """The characters before and after a match, empty at the text's ends."""
        return self.text[: found.start()][-1:], self.text[found.end() : found.end() + 1]


def _dressed(name: str, text: str) -> str:
    """What a macro makes of its argument; nearly all only style it."""
    if name == "footnote":
        return f" ({text})"
    if _CITATION.fullmatch(name):
        return f"[{text}]"
    return _DINGBATS.get(text, text) if name == "ding" else text


def _bare(name: str) -> str:
    """A macro without arguments; an author's own is its name."""
    if name in WORD_STYLES or name == "footnote":
        return " " if name == "footnote" else ""
    return _SAYINGS.get(name) or symbol(name) or name


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _unescaped(address: str) -> str:
    return re.sub(r"\\([%_#&~$])", r"\1", address)


_HANDLERS: dict[str, Callable[[_Prose, re.Match[str]], tuple[str, int]]] = {
    "url": _Prose.url,
    "maths": _Prose.maths,
    "accent": _Prose.accent,
    "macro": _Prose.macro,
    "escaped": _Prose.escaped,
    "raised": _Prose.raised,
    "brace": _Prose.brace,
    "tie": _Prose.tie,
    "dash": _Prose.dash,
}
