"""By what words, and in which sections, a sentence speaks of an aspect.

Pure but for its lists (`jobs/outline.toml`, read at first use). A sentence's worth for an
aspect is the weight of the signs in it and of the section that it stands in; below an
aspect's least worth it is not taken, since nothing is better said than something doubtful.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jobs.outline.roles import Role
from storage.models import Aspect

_NAMED = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that speak for an aspect, or against it."""

    words: re.Pattern[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Cue:
    """What marks the sentences of one aspect."""

    most: int
    """Sentences that are told at most."""
    least: float
    """Worth below which nothing is told."""
    places: Mapping[Role, float]
    """The sections in which it is looked for; the weight of each."""
    signs: tuple[Sign, ...]
    ranked: bool
    """Told best first; else in the paper's order."""

    def worth(self, text: str, role: Role) -> float:
        """How clearly a sentence in such a section speaks of it; 0 outside its places."""
        if role not in self.places:
            return 0.0
        return self.places[role] + sum(s.weight for s in self.signs if s.words.search(text))


@dataclass(frozen=True, slots=True)
class AskedWords:
    """What questions are made of."""

    asking: frozenset[str]
    """Words that make a question, and tell nothing of what is asked for."""
    chinese: Mapping[str, str]
    """What the glossary lacks, in English; nothing for words that only ask."""
    alike: Mapping[str, tuple[str, ...]]
    """Words that say nearly the same."""


@cache
def cues() -> Mapping[Aspect, Cue]:
    """The cue of each aspect, in the order in which sentences are given out."""
    tables = _tables()
    named = {name: _joined(words) for name, words in tables["words"].items()}
    return {Aspect(name): _cue(table, named) for name, table in tables["aspects"].items()}


@cache
def asked_words() -> AskedWords:
    """The words of questions."""
    table = _tables()["questions"]
    return AskedWords(
        frozenset(table["asking"].split()),
        {**dict.fromkeys(table["chinese_asking"].split(), ""), **table["chinese"]},
        {word: tuple(others.split()) for word, others in table["alike"].items()},
    )


def _cue(table: Mapping[str, Any], named: Mapping[str, str]) -> Cue:
    signs = (
        Sign(
            _pattern(_NAMED.sub(lambda name: named[name[1]], _joined(sign["words"]))),
            sign["weight"],
        )
        for sign in table["signs"]
    )
    places = {Role(name): weight for name, weight in table["places"].items()}
    return Cue(table["most"], table["least"], places, tuple(signs), table.get("ranked", False))


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def _joined(words: str) -> str:
    """A pattern on one line."""
    return "".join(line.strip() for line in words.splitlines())


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("jobs").joinpath("outline.toml").read_text("utf-8"))
