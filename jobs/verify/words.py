"""The word lists of the checks (`jobs/verify.toml`), made ready at first use."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from formatters.catalogue import glossary


@dataclass(frozen=True, slots=True)
class Wrong:
    """A translation that is wrong where the source has its English."""

    en: re.Pattern[str]
    zh: re.Pattern[str]
    unless: re.Pattern[str] | None
    right: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A pattern that calls for another one in the source."""

    said: re.Pattern[str]
    source: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that grows or shrinks, and whether more of it is better."""

    en: re.Pattern[str]
    zh: re.Pattern[str]
    good: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists, compiled."""

    general: frozenset[str]
    """Names that need no source, folded."""
    kept: frozenset[str]
    """Small words that Chinese text may have in English."""
    ordinary: frozenset[str]
    """English words that Chinese text must not have."""
    short: Mapping[str, re.Pattern[str]]
    """A short name, folded → what the source may say for it."""
    unit: re.Pattern[str]
    """A unit behind a number; its group's number tells which of `unit_names`."""
    unit_names: tuple[str, ...]
    said: tuple[tuple[re.Pattern[str], Decimal, str | None], ...]
    counted: tuple[Pair, ...]
    wrong: tuple[Wrong, ...]
    firm: tuple[Pair, ...]
    padding: tuple[Pair, ...]
    praise: tuple[Pair, ...]
    deeds: tuple[Pair, ...]
    """What authors only do where the source says that they did."""
    measures: tuple[Measure, ...]
    synonyms: Mapping[str, tuple[str, ...]]
    """A stem → the stems that mean the same, itself among them."""
    stop: frozenset[str]
    """English words without content of their own."""


@cache
def lists() -> Lists:
    """The lists, read once."""
    tables = _read("verify.toml")
    return Lists(
        general=frozenset(tables["general"].casefold().split()),
        kept=frozenset(tables["kept"].casefold().split())
        | {word for term in glossary() if term.keep for word in term.en.casefold().split()},
        ordinary=_ordinary(),
        short={name: _pattern(said) for name, said in tables["short"].items()},
        unit=re.compile(
            r"(?:\s?[-+]?\s?|\s?[多余来]?\s?)(?:"
            + "|".join(f"({'|'.join(forms)})" for forms in tables["units"].values())
            + ")",
            re.IGNORECASE,
        ),
        unit_names=tuple(tables["units"]),
        said=tuple(
            (_pattern(said["match"]), Decimal(said["value"]).normalize(), said.get("unit"))
            for said in tables["said"]
        ),
        counted=_pairs(tables["counted"], said="zh", source="en"),
        wrong=tuple(
            Wrong(
                _pattern(term["en"]),
                _pattern(term["zh"]),
                _pattern(term["unless"]) if "unless" in term else None,
                term["right"],
            )
            for term in tables["wrong"]
        ),
        firm=tuple(_firm({_joined(name) for name in tables["firm"].split("|")})),
        padding=_pairs(tables["padding"], said="zh", source="en"),
        praise=_pairs(tables["praise"], said="match", source="en"),
        deeds=_pairs(tables["deed"], said="match", source="en"),
        measures=tuple(
            Measure(_pattern(rf"\b(?:{one['en']})\b"), _pattern(one["zh"]), one["good"])
            for one in tables["measure"]
        ),
        synonyms={
            stem: group
            for group in (tuple(said.split()) for said in tables["synonyms"])
            for stem in group
        },
        stop=frozenset(_read("keyphrases.toml")["stop"].split()),
    )


def _ordinary() -> frozenset[str]:
    """What abstracts say often, and the words of the terms that are translated."""
    frequent = _read("keyphrases.toml")
    terms = {
        word
        for term in glossary()
        if not term.keep and term.en.islower()
        for word in re.split("[ -]", term.en)
    }
    return frozenset({*frequent["stop"].split(), *frequent["frame"].split(), *terms})


def _firm(names: set[str]) -> Iterator[Pair]:
    for term in glossary():
        if _joined(term.en) in names:
            english = r"\b" + "[- ]".join(map(re.escape, term.en.split()))
            accepted = "|".join((*map(re.escape, (term.zh, *term.also)), english))
            yield Pair(_pattern(accepted), _pattern(english))


def _joined(name: str) -> str:
    return " ".join(name.split())


def _pairs(tables: list[dict[str, str]], *, said: str, source: str) -> tuple[Pair, ...]:
    return tuple(Pair(_pattern(table[said]), _pattern(table[source])) for table in tables)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("jobs").joinpath(name).read_text("utf-8"))
