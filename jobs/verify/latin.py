"""Words in Latin letters inside a text of any language, and the atoms that names are made of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LATIN = "A-Za-zÀ-ɏΑ-ωϕϵ"
_GREEK = str.maketrans(
    {
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
        "ζ": "zeta", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu",
        "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
        "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    }
)  # fmt: skip
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_ATOM = re.compile(rf"[{LATIN}]+|\d+(?:\.\d+)*[{LATIN}]*")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(rf"(?:https?://|www\.)[!-~]+|[{LATIN}\d](?:[{LATIN}\d.+'’&_@#-]*[{LATIN}\d+])?")
LINK = re.compile(r"(?:https?://|www\.)[!#-'*-;=?-~]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of Latin letters, digits and what joins them."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """The words of `text` that have a Latin letter; links apart."""
    for found in _WORD.finditer(text):
        said = found[0]
        if not said.startswith(("http", "www.")) and any(map(str.isalpha, said)):
            yield Word(said, found.start(), found.end())


def atoms(text: str) -> str:
    """The letters and numbers of `text`, folded, one space between and at both ends.

    `Qwen2.5-VL`, `Qwen 2.5 VL` and `qwen-2.5-vl` have the same atoms; `GPT-4` has not those of
    `GPT-4o`.
    """
    plain = text.translate(_RAISED)
    return f" {' '.join(_ATOM.findall(plain)).casefold().translate(_GREEK)} "


def humps(text: str) -> str:
    """`TokenFusion` as `Token Fusion`."""
    return _HUMPS.sub(" ", text)


def is_name(word: str) -> bool:
    """Written as no ordinary word is: capitals within, several capitals, or a digit."""
    body = word.removesuffix("s")
    capitals = sum(map(str.isupper, body))
    return capitals > 1 or any(map(str.isdigit, body)) or (capitals == 1 and body[:1].islower())
