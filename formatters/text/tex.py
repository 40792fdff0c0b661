"""Prose with TeX in it, as arXiv's authors write it, to plain readable text.

Knows a short list of macros and passes everything else on as it stands; `formula` reads
the maths. Broken TeX comes through as its source; no word is ever dropped.
"""

import html
import re
from collections.abc import Callable
from functools import cached_property

from formatters.text.formula import accented, formula, is_maths, is_silent, script, symbol

_SPECIAL = re.compile(
    r"""(?=[h\\$_^{~-])(?:
    (?P<url>https?://(?:\\[%_\#&~$]|[^\s{}\\$<>])+)
  | (?P<display>\$\$(?P<in_display>(?:[^$\\]|\\.)+)\$\$)
  | (?P<dollars>\$(?P<in_dollars>(?:[^$\\]|\\.)+)\$)
  | (?P<parens>\\\((?P<in_parens>.+?)\\\)|\\\[(?P<in_brackets>[^\\\]]*[\\^_=].*?)\\\])
  | (?P<accent>\\(?:['"`^~=.](?=\{?\\?[^\W\d_])|[cvudbkrtH](?=\{[^\W\d_]+\}|\s+[A-Za-z]\b))
        \s*(?:\{\\?(?P<boxed>[^\W\d_]+)\}|\\?(?P<letter>[^\W\d_])))
  | (?P<macro>\\(?P<name>[A-Za-z]+)\*?)
  | (?P<escaped>\\(?P<sign>[%&_\#$\{\} ,;:!/\\~@|\-]))
  | (?P<raised>(?<=[^\s^_])(?P<mark>[_^])(?:(?=\{)|(?<=\^)(?P<digits>[-−]?\d+)(?![\w^])))
  | (?P<group>\{)
  | (?P<tie>~+)
  | (?P<dash>(?<!-)---?(?!-))
    )""",
    re.VERBOSE | re.DOTALL,
)
_ACCENT_MARKS = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303",
    "=": "\u0304", ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306",
    "d": "\u0323", "b": "\u0331", "k": "\u0328", "r": "\u030a", "t": "\u0361", "H": "\u030b",
}  # fmt: skip
_WORDS = {
    "eg": "e.g.", "ie": "i.e.", "aka": "a.k.a.", "etal": "et al.", "etc": "etc.",
    "wrt": "w.r.t.", "iid": "i.i.d.", "cf": "cf.", "vs": "vs.",
}  # fmt: skip
_CITATIONS = frozenset("cite citep citet citealp citealt citeauthor ref eqref cref Cref".split())
_UNSEEN_ARGUMENT = frozenset(("color", "label", "vspace", "hspace", "thispagestyle"))
_STYLE = re.compile(r"text[a-z]+|emph|underline|mbox")
_SET_OR_CODE = re.compile(r'[,;|="]|:(?!//)')
_GROUPED = re.compile(r"\s*\\|https?:|,\Z|.*(?:[A-Za-z]+[,.:]? ){4}", re.DOTALL)
_MARKUP = re.compile(
    r"<(?P<tag>i|b|em|strong|u|tt|p|sub|sup)>(?P<inside>[^<>]*)</(?P=tag)>"
    r"|<a\s+href=\"(?P<href>[^\"<>]*)\"[^<>]*>(?P<anchor>[^<>]*)</a>|<br\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_NOT_PROSE = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}|\\[A-Za-z]+|[\^_]\{[^{}]*\}")
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
    match (markup["tag"] or "").lower():
        case "sup":
            return f"\\textsuperscript{{{markup['inside']}}}"
        case "sub":
            return f"\\textsubscript{{{markup['inside']}}}"
        case "":
            return " "
        case _:
            return markup["inside"]


class _Prose:
    """Reads stretches of one text; knows where each of its braces closes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0

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
        out: list[str] = []
        while found := _SPECIAL.search(self.text, start, end):
            out.append(self.text[start : found.start()])
            piece, start = _HANDLERS[found.lastgroup or ""](self, found)
            out.append(piece)
        out.append(self.text[start:end])
        self.depth -= 1
        return "".join(out)

    def url(self, found: re.Match[str]) -> tuple[str, int]:
        return re.sub(r"\\(.)", r"\1", found[0]), found.end()

    def maths(self, found: re.Match[str]) -> tuple[str, int]:
        """A formula; or a sum of dollars, or a link that someone set as a formula."""
        inside = (found["in_display"] or found["in_dollars"] or found["in_parens"]) or found[
            "in_brackets"
        ]
        if found["dollars"] and self._is_money(found):
            return "$", found.start() + 1
        if "\\href" in inside or "\\url" in inside:
            start = found.start() + found[0].index(inside)
            return self.read(start, start + len(inside)), found.end()
        return formula(inside), found.end()

    def _is_money(self, found: re.Match[str]) -> bool:
        inside = found["in_dollars"]
        if not inside[0].isdigit():
            prose = _PROSE.findall(_NOT_PROSE.sub("", inside))
            return inside[0].isspace() and len(prose) > 1 and "\\" not in inside
        follower = self.text[found.end() : found.end() + 1]
        prose = _PROSE.findall(_NOT_PROSE.sub("", inside))
        return inside[-1].isspace() or follower.isdigit() or len(prose) > 1

    def accent(self, found: re.Match[str]) -> tuple[str, int]:
        """`\\H{o}`, `\\'e`; also `\\k{appa}`, which is how arXiv stores a lost `\\kappa`."""
        mark, boxed = found[0][1], found["boxed"]
        letters = boxed if boxed is not None else found["letter"]
        if mark.isalpha() and len(letters) > 1:
            greek = symbol(mark + letters)
            return greek or letters, found.end()
        return accented({"i": "ı"}.get(letters, letters), _ACCENT_MARKS[mark]), found.end()

    def macro(self, found: re.Match[str]) -> tuple[str, int]:
        """What a macro says: its arguments where it has some, else its meaning or its name."""
        name, end = found["name"], found.end()
        if is_silent(name):
            return "", _after_space(self.text, end)
        if name == "href":
            return self._link(end)
        if name in _UNSEEN_ARGUMENT or name == "textcolor":
            return "", self.closing.get(end, end - 1) + 1
        if name in _CITATIONS:
            text, end = self._arguments(end)
            return f"[{text}]" if text else "", end
        if name == "footnote":
            text, end = self._arguments(end)
            return f" ({text})" if text else "", end
        if is_maths(name):
            end = self._end_of_arguments(end)
            return formula(self.text[found.start() : end]), end
        text, after = self._arguments(end)
        if text:
            return _DINGBATS.get(text, text) if name == "ding" else text, after
        if _STYLE.fullmatch(name):
            return symbol(name), after if after > end else end
        return _WORDS.get(name) or symbol(name) or name, after

    def _link(self, at: int) -> tuple[str, int]:
        """`\\href{address}{words}` as `words (address)`."""
        end = self.closing.get(at)
        if end is None:
            return "", at
        address, _ = self.url_text(at + 1, end)
        words, after = self._arguments(end + 1)
        if not words or words in address or address in words:
            return max(words, address, key=len), after
        return f"{words} ({address})", after

    def url_text(self, start: int, end: int) -> tuple[str, int]:
        """An address as it stands, its escapes undone."""
        return re.sub(r"\\([%_#&~{}])", r"\1", self.text[start:end].strip()), end

    def _arguments(self, at: int) -> tuple[str, int]:
        """The groups that start at `at`, read and joined, and where they end."""
        texts: list[str] = []
        while (end := self.closing.get(at)) is not None:
            texts.append(self.read(at + 1, end))
            at = end + 1
        return " ".join(filter(None, texts)), at

    def _end_of_arguments(self, at: int) -> int:
        at = (
            min(self.text.find("]", at) + 1, len(self.text))
            if self.text[at : at + 1] == "["
            else at
        )
        while (end := self.closing.get(at)) is not None:
            at = end + 1
        return at

    def escaped(self, found: re.Match[str]) -> tuple[str, int]:
        sign = found["sign"]
        return {" ": " ", ",": " ", ";": " ", ":": " ", "\\": " ", "!": "", "/": "", "-": ""}.get(
            sign, sign
        ), found.end()

    def raised(self, found: re.Match[str]) -> tuple[str, int]:
        """`10^-3` and `π_{0}` outside formulas."""
        if found["digits"]:
            return script("^", found["digits"].replace("−", "-")), found.end()
        end = self.closing.get(found.end())
        if end is None:
            return found["mark"], found.end()
        return script(found["mark"], formula(self.text[found.end() + 1 : end])), end + 1

    def group(self, found: re.Match[str]) -> tuple[str, int]:
        """Braces that only group go; those of sets, code and templates stay."""
        start = found.start()
        end = self.closing.get(start)
        if end is None:
            return "{", start + 1
        inside = self.text[start + 1 : end]
        if _GROUPED.match(inside) or not _SET_OR_CODE.search(inside):
            return self.read(start + 1, end), end + 1
        return "{", start + 1

    def tie(self, found: re.Match[str]) -> tuple[str, int]:
        """A tie between words is a space; before a number it says `about`."""
        before = self.text[found.start() - 1 : found.start()]
        after = self.text[found.end() : found.end() + 1]
        about = after.isdigit() or after in ("$", "\\", ".")
        if before == "/" or (about and (not before or before in " ([,;:=<>-–")):
            return found[0], found.end()
        return " ", found.end()

    def dash(self, found: re.Match[str]) -> tuple[str, int]:
        """TeX's dashes; not the two hyphens before a command's option."""
        before = self.text[found.start() - 1 : found.start()]
        after = self.text[found.end() : found.end() + 1]
        if (not before or before in " `'\"([=") and after.isalpha():
            return found[0], found.end()
        return "—" if len(found[0]) > len("--") else "–", found.end()


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


_DINGBATS = {str(code): chr(0x2776 + code - 182) for code in range(182, 192)}
_Handler = Callable[[_Prose, re.Match[str]], tuple[str, int]]
_HANDLERS: dict[str, _Handler] = {
    "url": _Prose.url,
    "display": _Prose.maths,
    "dollars": _Prose.maths,
    "parens": _Prose.maths,
    "accent": _Prose.accent,
    "macro": _Prose.macro,
    "escaped": _Prose.escaped,
    "raised": _Prose.raised,
    "group": _Prose.group,
    "tie": _Prose.tie,
    "dash": _Prose.dash,
}
