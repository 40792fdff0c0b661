"""TeX's vocabulary: what its macros stand for, and letters raised, lowered and accented.

The table of symbols is pylatexenc's, asked for one macro at a time: a whole text must never
reach it (it takes `%` for a comment and drops what it doesn't know).
"""

import re
import unicodedata
from functools import cache
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OPERATORS = _words(
    "log ln exp min max sup inf lim sin cos tan tanh sinh cosh cot arcsin arccos arctan arg "
    "argmin argmax det dim ker deg gcd hom Pr lg mod polylog poly softmax sign"
)
"""Names of functions: set apart from a letter before them."""
DELIMITER_SIZES = _words(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr"
)
SWITCHES = _words(
    "displaystyle textstyle scriptstyle limits nolimits it em bf rm sf tt sc boldmath noindent "
    "small large normalsize footnotesize bfseries itshape par romannumeral nonumber hfill"
)
"""They change a style or a size and say nothing."""
WORD_STYLES = _words(
    "text textbf textit textrm texttt textsf textsc textup textnormal emph mbox hbox"
)
"""Their argument is words, even within a formula."""
SIGN_STYLES = _words(
    "mathcal mathrm mathbf mathsf mathit mathtt mathscr mathfrak mathnormal boldsymbol bm pmb "
    "bold operatorname mathop mathbin mathrel mathord ensuremath underline underbrace overbrace "
    "overset underset phantom"
)
ARGUMENTS = {
    "frac": 2, "tfrac": 2, "dfrac": 2, "cfrac": 2, "binom": 2, "sqrt": 1, "mathbb": 1, "pmod": 1,
    "unicode": 1, "textcolor": 2, "color": 1, "label": 1, "begin": 1, "end": 1,
    "textsuperscript": 1, "textsubscript": 1,
}  # fmt: skip
"""How many arguments a macro takes whose arguments change places or meaning."""
ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "mathring": "\u030a",
}  # fmt: skip
TEXT_ACCENTS = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "d": "\u0323", "b": "\u0331",
    "k": "\u0328", "r": "\u030a", "t": "\u0361", "H": "\u030b",
}  # fmt: skip
RELATIONS = frozenset("=<>≤≥≈≃≅≡≠~∝∈∉∋⊂⊆⊊⊃⊇→←↔⇒⇔⟶↦≪≫≲≳⪅⪆≼≽⪯⪰⊢⊨≔|") | _words(":= <= >= -> != ==")
BINARY = frozenset("×·±∓∪∩⊕⊗⊙∘∧∨⋅÷∖⊔⋊⋉")

_OWN = {
    "sim": "~", "epsilon": "ε", "phi": "φ", "mid": "|", "ast": "*", "star": "*", "prime": "′",
    "iff": "⇔", "implies": "⇒", "colon": ":", "bullet": "•", "Re": "Re", "Im": "Im",
    "checkmark": "✓", "Box": "□", "square": "□", "coloneqq": "≔", "emptyset": "∅",
    "Diamond": "◇", "diamond": "⋄", "S": "§", "P": "¶", "pounds": "£", "setminus": "∖",
    "choose": " choose ", "backslash": "\\", "percent": "%", "degree": "°", "langle": "⟨",
    "rangle": "⟩", "lbrace": "{", "rbrace": "}", "dagger": "†", "bmod": " mod ", "TeX": "TeX",
    "LaTeX": "LaTeX", "space": " ", "quad": " ", "qquad": " ", "newline": " ",
}  # fmt: skip
_SUPERSCRIPT = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ",
)
_SUBSCRIPT = str.maketrans(
    "0123456789+-=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
)
_RAISED_AS_IS = frozenset("°′*†‡%") | _words("st nd rd th")
_WORD = re.compile(r"[^\W\d_]{3,}")
_ATOM = re.compile(r"√?[\w.!′°]+\Z|\W\Z|\([^()]*\)\Z")
_LONGEST_SYMBOL = 2
_UNICODE_SPACE = 0x110000


@cache
def symbol(name: str) -> str:
    """What the macro `name` stands for when it takes no argument; empty if unknown."""
    if name in _OWN:
        return _OWN[name]
    if name in OPERATORS:
        return name
    found: str = _pylatexenc().latex_to_text("\\" + name).strip()
    return found if len(found) <= _LONGEST_SYMBOL else ""  # not its `<cit.>` and the like


def is_maths(name: str) -> bool:
    """Whether the macro belongs to formulas and takes arguments there."""
    return name in ARGUMENTS or name in ACCENTS or name.startswith("math")


def grouped(text: str) -> str:
    """`text` in parentheses unless it is one thing already."""
    return text if _ATOM.match(text) else f"({text})"


def script(mark: str, text: str) -> str:
    """`text` raised (`^`) or lowered (`_`): in Unicode where all of it can be, else marked.

    Words of three letters and more stay letters, so that they can be read and found.
    """
    compact = text.replace(" ", "").replace("∘", "°")
    if not compact or (mark == "^" and compact in _RAISED_AS_IS):
        return compact
    table = _SUPERSCRIPT if mark == "^" else _SUBSCRIPT
    if all(ord(sign) in table for sign in compact) and not _WORD.search(compact):
        return compact.translate(table)
    return mark + grouped(text.strip())


def accented(letter: str, mark: str) -> str:
    """`letter` under the combining `mark`; more than one letter stays as it is."""
    if len(unicodedata.normalize("NFC", letter)) != 1 or letter.isspace():
        return letter
    dotted = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    return unicodedata.normalize("NFC", dotted + mark)


def blackboard(text: str) -> str:
    r"""`\mathbb{R}`: ℝ; only capitals have such a form."""
    if len(text) != 1 or not "A" <= text <= "Z":
        return text
    letter: str = _pylatexenc().latex_to_text(f"\\mathbb{{{text}}}")
    return letter


def code_point(text: str) -> str:
    r"""The sign that MathJax's `\unicode{x2014}` names; the text itself if it names none."""
    if not re.fullmatch(r"x[0-9A-Fa-f]{2,5}|[0-9]{2,6}", text):
        return text
    number = int(text[1:], 16) if text[0] == "x" else int(text)
    return chr(number) if number < _UNICODE_SPACE and chr(number).isprintable() else ""


@cache
def _pylatexenc() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415 - slow, rarely needed

    return LatexNodes2Text(math_mode="text")
