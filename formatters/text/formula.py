r"""TeX formulas to readable Unicode on one line: `\mathcal{O}(n^2)` → O(n²).

Reads the inside of a maths span only; what the macros mean is in `symbols`.
"""

import re
from functools import lru_cache

from formatters.text.symbols import (
    ACCENTS,
    ARGUMENTS,
    BINARY,
    DELIMITER_SIZES,
    OPERATORS,
    RELATIONS,
    SIGN_STYLES,
    SWITCHES,
    WORD_STYLES,
    accented,
    blackboard,
    code_point,
    grouped,
    script,
    symbol,
)

_UNIT = re.compile(r"\\[A-Za-z]+|\\.|\s+|:=|<=|>=|->|!=|==|.", re.DOTALL)
_SPACES = re.compile(r"\s+")
_NOT_WORDS = {",": " ", ";": " ", ":": " ", "!": "", "\\": " ", "|": "‖", "\n": " "}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_MAX_DEPTH = 40


@lru_cache(maxsize=4096)
def formula(source: str) -> str:
    """The formula on one line; the source itself if it is too deep to be one. Never raises."""
    try:
        return _Reader(source).sequence(closing=None).strip()
    except _TooDeepError:
        return source


class _TooDeepError(ValueError):
    """Nested beyond what any formula of a paper is."""


class _Reader:
    """Reads a formula's units (a macro's name, a run of spaces, a sign) from left to right."""

    def __init__(self, source: str) -> None:
        self.units = _UNIT.findall(source)
        self.at = 0
        self.depth = 0
        self.in_words = False

    def peek(self) -> str:
        return self.units[self.at] if self.at < len(self.units) else ""

    def take(self) -> str:
        unit = self.peek()
        self.at += 1
        return unit

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def sequence(self, closing: str | None) -> str:
        """Everything up to `closing` or the end, spaced as formulas are."""
        line = ""
        while (unit := self.take()) and unit != closing:
            if unit in "^_" and not self.in_words:
                line = line.rstrip() + script(unit, self.argument())
            elif unit != "}":  # one that closes nothing
                line = self.join(line, unit)
        return _SPACES.sub(" ", line)

    def join(self, line: str, unit: str) -> str:
        """`line` with what `unit` begins, set apart where a formula needs it."""
        piece = self.atom(unit)
        if self.in_words:
            return line + piece
        if piece in RELATIONS:
            self.skip_space()
            return f"{line.rstrip()} {piece} " if line.strip() else piece
        if piece in BINARY:
            self.skip_space()
            return f"{line.rstrip()} {piece} " if line.endswith(" ") else line + piece
        if piece == "‖":
            self.skip_space()
            return line.rstrip() + piece
        if piece in ("+", "-") and self.peek().isspace() and line.strip():
            return f"{line.rstrip()} {piece}"
        return f"{line} {piece}" if _needs_gap(line, unit) else line + piece

    def atom(self, unit: str) -> str:
        """One unit's text: a group's, a macro's with its arguments, a sign's."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _TooDeepError
        if unit == "{":
            text = self.sequence("}")
        elif unit[0] == "\\" and len(unit) > 1:
            text = self.macro(unit[1:])
        elif unit in "~&" or unit.isspace():
            text = " "
        else:
            text = "′" if unit == "'" and not self.in_words else unit
        self.depth -= 1
        return text

    def argument(self) -> str:
        """The next unit's text, as TeX takes an argument."""
        self.skip_space()
        if self.peek() in ("", "}"):
            return ""
        unit = self.take()
        if unit != "-":
            return self.atom(unit)
        digits = ""
        while self.peek().isdigit():  # 10^-3, as people write it
            digits += self.take()
        return unit + digits

    def words(self) -> str:
        """An argument that is no formula: `build_network` has no subscript."""
        outside, self.in_words = self.in_words, True
        text = self.argument()
        self.in_words = outside
        return text

    def macro(self, name: str) -> str:
        """What the macro and its arguments look like."""
        if not name.isalpha():
            return _NOT_WORDS.get(name, name)
        if name in WORD_STYLES:
            return self.words()
        if name in SIGN_STYLES:
            return self.argument()
        if name in ACCENTS:
            return accented(self.argument().strip(), ACCENTS[name])
        if name in ARGUMENTS:
            return self.structure(name)
        return self.plain_macro(name)

    def plain_macro(self, name: str) -> str:
        """A macro without arguments; an unknown one is its name."""
        if name not in DELIMITER_SIZES and name not in SWITCHES:
            return symbol(name) or name
        self.skip_space()
        if name in DELIMITER_SIZES and self.peek() == ".":
            self.at += 1
        return ""

    def structure(self, name: str) -> str:
        """A macro whose arguments change places or meaning."""
        index = self.index() if name == "sqrt" else ""
        first, *others = (self.argument().strip() for _ in range(ARGUMENTS[name]))
        match name:
            case "binom":
                text = f"({first} choose {others[0]})"
            case "sqrt":
                text = (_ROOTS.get(index) or script("^", index) + "√") + grouped(first)
            case "mathbb":
                text = blackboard(first)
            case "pmod":
                text = f" (mod {first})"
            case "unicode":
                text = code_point(first)
            case "textsuperscript" | "textsubscript":
                text = script("^" if name == "textsuperscript" else "_", first)
            case "textcolor" | "color" | "label" | "begin" | "end":
                text = "".join(others)
            case _:
                text = self.fraction(first, others[0])
        return text

    def index(self) -> str:
        """The optional `[3]` of a root."""
        if self.peek() != "[":
            return ""
        self.at += 1
        return self.sequence("]").strip()

    def fraction(self, above: str, below: str) -> str:
        """a/b, in parentheses where what follows would join its denominator."""
        text = f"{grouped(above)}/{grouped(below)}"
        follower = self.peek()
        return f"({text})" if follower.isalnum() or follower in ("^", "(") else text


def _needs_gap(line: str, unit: str) -> bool:
    """Names of functions, and fractions, don't touch a letter or digit before them."""
    name = unit[1:]
    named = name in OPERATORS or name.endswith("frac") or name == "operatorname"
    return named and bool(line) and (line[-1].isalnum() or line[-1] in ")]⟩")
