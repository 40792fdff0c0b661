"""TeX formulas to readable Unicode on one line: `\\mathcal{O}(n^2)` → O(n²).

Reads the inside of a maths span only. The symbols' table is pylatexenc's, asked for one
macro at a time: a whole text must never reach it (it takes `%` for a comment).
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|:=|<=|>=|->|!=|==|.|\\", re.DOTALL)
_MAX_DEPTH = 40
_LONGEST_SYMBOL = 2

_OWN_SYMBOLS = {
    "sim": "~", "epsilon": "ε", "phi": "φ", "mid": "|", "ast": "*", "star": "*",
    "prime": "′", "iff": "⇔", "implies": "⇒", "colon": ":", "bullet": "•", "Re": "Re",
    "Im": "Im", "checkmark": "✓", "Box": "□", "square": "□", "coloneqq": "≔",
    "emptyset": "∅", "Diamond": "◇", "diamond": "⋄", "S": "§", "P": "¶", "pounds": "£",
    "setminus": "∖", "choose": " choose ", "backslash": "\\", "percent": "%", "degree": "°",
    "langle": "⟨", "rangle": "⟩", "|": "‖", "lbrace": "{", "rbrace": "}", "dagger": "†",
    "bmod": " mod ", "TeX": "TeX", "LaTeX": "LaTeX", "space": " ", "quad": " ", "qquad": " ", "newline": " ",
}  # fmt: skip
_OPERATORS = frozenset(
    "log ln exp min max sup inf lim sin cos tan tanh sinh cosh cot arcsin arccos arctan arg "
    "argmin argmax det dim ker deg gcd hom Pr lg mod polylog poly softmax sign".split()
)
_SILENT = frozenset(
    "displaystyle textstyle scriptstyle limits nolimits left right middle big Big bigg Bigg "
    "bigl bigr Bigl Bigr biggl biggr Biggl Biggr it em bf rm sf tt sc boldmath noindent "
    "small large normalsize footnotesize bfseries itshape par romannumeral nonumber hfill".split()
)
_DELIMITERS = frozenset(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr".split()
)
_STYLES = frozenset(
    "mathcal mathrm mathbf mathsf mathit mathtt mathscr mathfrak mathnormal boldsymbol bm pmb "
    "text textbf textit textrm texttt textsf textsc textup textnormal emph mbox hbox underline "
    "operatorname mathop mathbin mathrel mathord ensuremath underbrace overbrace phantom bold "
    "overset underset".split()
)
_ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "vec": "\u20d7", "dot": "\u0307",
    "ddot": "\u0308", "check": "\u030c", "breve": "\u0306", "acute": "\u0301",
    "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip
_ARITY = {
    "frac": 2, "tfrac": 2, "dfrac": 2, "cfrac": 2, "binom": 2, "sqrt": 1, "mathbb": 1,
    "pmod": 1, "unicode": 1, "textcolor": 2, "color": 1, "label": 1, "begin": 1, "end": 1,
    "textsuperscript": 1, "textsubscript": 1,
}  # fmt: skip
_RELATIONS = frozenset("=<>≤≥≈≃≅≡≠~∝∈∉∋⊂⊆⊊⊃⊇→←↔⇒⇔⟶↦≪≫≲≳⪅⪆≼≽⪯⪰⊢⊨≔|") | {
    ":=", "<=", ">=", "->", "!=", "==",
}  # fmt: skip
_BINARY = frozenset("×·±∓∪∩⊕⊗⊙∘∧∨⋅÷∖⊔⋊⋉")
_SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ",
        strict=True,
    )
)
_SUBSCRIPT = dict(
    zip(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_RAISED_AS_IS = {"∘": "°", "°": "°", "′": "′", "*": "*", "⋆": "*", "†": "†", "‡": "‡", "%": "%"}
_ORDINALS = frozenset(("st", "nd", "rd", "th"))
_WORD = re.compile(r"[^\W\d_]{3,}")
_ATOM = re.compile(r"√?[\w.!′°]+\Z|\W\Z|\([^()]*\)\Z")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def formula(source: str) -> str:
    """The formula on one line; the source itself where it can't be read. Never raises."""
    try:
        return _Reader(source).read()
    except _TooDeepError:
        return source


@cache
def symbol(name: str) -> str:
    """What the macro `name` stands for when it takes no argument; empty if unknown."""
    own = _OWN_SYMBOLS.get(name)
    if own is not None:
        return own
    if name in _OPERATORS:
        return name
    found: str = _pylatexenc().latex_to_text("\\" + name).strip()
    return found if len(found) <= _LONGEST_SYMBOL else ""  # `<cit.>` and the like


def is_maths(name: str) -> bool:
    """Whether the macro belongs to formulas and takes arguments there."""
    return name in _ARITY or name in _ACCENTS or name.startswith("math")


def is_silent(name: str) -> bool:
    """Whether the macro only switches a style or a size."""
    return name in _SILENT


def script(mark: str, text: str) -> str:
    """`text` raised (`^`) or lowered (`_`): in Unicode where all of it can be, else marked.

    Words of three letters and more stay letters, so that they can be read and found.
    """
    compact = text.replace(" ", "")
    if not compact:
        return ""
    if mark == "^" and (compact in _RAISED_AS_IS or compact in _ORDINALS):
        return _RAISED_AS_IS.get(compact, compact)
    table = _SUPERSCRIPT if mark == "^" else _SUBSCRIPT
    if all(sign in table for sign in compact) and not _WORD.search(compact):
        return "".join(table[sign] for sign in compact)
    text = text.strip()
    return mark + (text if _ATOM.match(text) else f"({text})")


def accented(letter: str, mark: str) -> str:
    """`letter` under the combining `mark`; more than one letter stays as it is."""
    if len(unicodedata.normalize("NFC", letter)) != 1 or letter.isspace():
        return letter
    plain = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    return unicodedata.normalize("NFC", plain + mark)


class _TooDeepError(ValueError):
    """Nested beyond what any formula of a paper is."""


class _Reader:
    """Reads a formula's tokens from left to right."""

    def __init__(self, source: str) -> None:
        self.tokens = _TOKEN.findall(source)
        self.at = 0
        self.depth = 0

    def read(self) -> str:
        text = self.sequence(closing=None)
        return text.strip()

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def sequence(self, closing: str | None) -> str:
        """Everything up to `closing` or the end, spaced as formulas are."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _TooDeepError
        line = ""
        while (token := self.take()) and token != closing:
            if token in "^_":
                line = line.rstrip() + script(token, self.argument())
            else:
                line = self.join(line, token)
        self.depth -= 1
        return _SPACES.sub(" ", line)

    def join(self, line: str, token: str) -> str:
        """`line` with what `token` begins, set apart where a formula needs it."""
        name = token[1:] if token[0] == "\\" else ""
        piece = self.atom(token)
        if piece in _RELATIONS and (not name or symbol(name) == piece):
            self.skip_space()
            return f"{line.rstrip()} {piece} " if line.strip() else piece
        if piece == "‖":
            self.skip_space()
            return line.rstrip() + piece
        if piece in _BINARY:
            self.skip_space()
            return f"{line.rstrip()} {piece} " if line.endswith(" ") else line + piece
        if piece in ("+", "-") and self.peek().isspace() and line.strip():
            return f"{line.rstrip()} {piece}"
        if name and _needs_gap(line, name):
            return f"{line} {piece}"
        return line + piece

    def atom(self, token: str) -> str:
        """One unit: a group, a macro with its arguments, a sign."""
        if token == "{":
            return self.sequence("}")
        if token[0] == "\\" and len(token) > 1:
            return self.macro(token[1:])
        if token in "~&" or token.isspace():
            return " "
        return "′" if token == "'" else token

    def argument(self) -> str:
        """The next unit, as TeX takes an argument."""
        self.skip_space()
        token = self.take()
        if token == "-" and self.peek().isdigit():  # 10^-3, as people write it
            return token + self.digits()
        if not token or token == "}":
            self.at -= 1 if token else 0
            return ""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _TooDeepError
        piece = self.atom(token)
        self.depth -= 1
        return piece

    def digits(self) -> str:
        start = self.at
        while self.peek().isdigit():
            self.at += 1
        return "".join(self.tokens[start : self.at])

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def macro(self, name: str) -> str:
        """What the macro and its arguments look like."""
        if not name.isalpha():
            return {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "\\": " ", "|": "‖"}.get(
                name, name if not name.isspace() else " "
            )
        if name in _DELIMITERS:
            self.skip_space()
            if self.peek() == ".":
                self.at += 1
            return ""
        if name in _SILENT:
            self.skip_space()
            return ""
        if name in _ACCENTS:
            return accented(self.argument().strip(), _ACCENTS[name])
        if name in _STYLES:
            return self.argument()
        if name in _ARITY:
            return self.structure(name)
        return symbol(name) or name

    def structure(self, name: str) -> str:
        """A macro whose arguments change places or meaning."""
        index = self.index() if name == "sqrt" else ""
        parts = [self.argument().strip() for _ in range(_ARITY[name])]
        match name:
            case "binom":
                return f"({parts[0]} choose {parts[1]})"
            case "sqrt":
                return f"{_ROOTS.get(index) or script('^', index) + '√'}{_grouped(parts[0])}"
            case "mathbb":
                return _blackboard(parts[0])
            case "pmod":
                return f" (mod {parts[0]})"
            case "unicode":
                return _code_point(parts[0])
            case "textcolor":
                return parts[1]
            case "color" | "label" | "begin" | "end":
                return ""
            case "textsuperscript":
                return script("^", parts[0])
            case "textsubscript":
                return script("_", parts[0])
            case _:
                return self.fraction(*parts)

    def index(self) -> str:
        """The optional `[3]` of a root."""
        if self.peek() != "[":
            return ""
        self.at += 1
        return self.sequence("]").strip()

    def fraction(self, above: str, below: str) -> str:
        """a/b, in parentheses where what follows would join its denominator."""
        text = f"{_grouped(above)}/{_grouped(below)}"
        follower = self.peek()
        return f"({text})" if follower.isalnum() or follower in ("^", "(", "\\log") else text


_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def _needs_gap(line: str, name: str) -> bool:
    """Names of functions, and fractions, don't touch a letter or digit before them."""
    if not line or not (line[-1].isalnum() or line[-1] in ")]⟩"):
        return False
    return name in _OPERATORS or name.endswith("frac") or name == "operatorname"


def _grouped(text: str) -> str:
    return text if _ATOM.match(text) else f"({text})"


def _blackboard(text: str) -> str:
    if len(text) != 1 or not "A" <= text <= "Z":
        return text
    letter: str = _pylatexenc().latex_to_text(f"\\mathbb{{{text}}}")
    return letter


def _code_point(text: str) -> str:
    """MathJax's `\\unicode{x2014}`."""
    if not re.fullmatch(r"x[0-9A-Fa-f]{2,5}|[0-9]{2,6}", text):
        return text
    number = int(text[1:], 16) if text[0] == "x" else int(text)
    return chr(number) if number < 0x110000 and chr(number).isprintable() else ""  # noqa: PLR2004


@cache
def _pylatexenc() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415

    return LatexNodes2Text(math_mode="text")
