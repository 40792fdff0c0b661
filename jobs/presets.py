"""The presets: ready-made topics with a name in both languages, and how they are found.

Pure apart from reading `presets.toml` at first use. What a preset's query means is read
by `jobs.topics`, like any other topic.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from importlib.resources import files
from unicodedata import normalize

from jobs.chinese import simplified

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Preset:
    """One ready-made topic."""

    slug: str
    """ASCII and stable: what subscriptions keep."""
    en: str
    zh: str
    """As it is said, at most 8 characters."""
    aliases: tuple[str, ...]
    query: str
    """In topic syntax, without categories."""
    categories: tuple[str, ...]
    group: str

    @property
    def names(self) -> tuple[str, ...]:
        """All that it may be called."""
        return (self.slug, self.en, self.zh, *self.aliases)


@dataclass(frozen=True)
class Presets:
    """Presets that can be asked for by name."""

    entries: tuple[Preset, ...]
    popular: tuple[Preset, ...] = ()
    """What most labs follow, to be offered first."""

    def named(self, text: str) -> Preset | None:
        """The preset that is called `text`, whatever its case, script, spaces and hyphens."""
        return self._by_name.get(name_key(text))

    def holding(self, word: str) -> tuple[Preset, ...]:
        """The presets with `word` in a name or in their group, in the file's order."""
        key = name_key(word)
        return tuple(p for p in self.entries if any(key in name for name in self._keys(p)))

    def nearest(self, text: str, most: int) -> tuple[Preset, ...]:
        """The presets that `text` is likeliest to mean: those that hold it, then the alike."""
        key = name_key(text)
        alike = sorted(self.entries, key=lambda p: -max(_likeness(key, k) for k in self._keys(p)))
        return tuple(dict.fromkeys([*self.holding(text), *alike]))[:most]

    @cached_property
    def _by_name(self) -> Mapping[str, Preset]:
        return {name_key(name): preset for preset in self.entries for name in preset.names}

    def _keys(self, preset: Preset) -> tuple[str, ...]:
        return tuple(map(name_key, (*preset.names, preset.group)))


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return _BETWEEN_WORDS.sub("", simplified(normalize("NFKC", name)).casefold())


@cache
def presets() -> Presets:
    """The presets that paperround comes with."""
    table = tomllib.loads(files("jobs").joinpath("presets.toml").read_text("utf-8"))
    entries = tuple(map(_preset, table["preset"]))
    by_slug = {preset.slug: preset for preset in entries}
    return Presets(entries, tuple(by_slug[slug] for slug in table["popular"]))


def find_presets(word: str) -> Sequence[Preset]:
    """The presets with `word` in a name or in their group, for `/topics WORD`."""
    return presets().holding(word)


def suggest(text: str, most: int) -> Sequence[Preset]:
    """The `most` presets nearest to what somebody typed."""
    return presets().nearest(text, most)


def _preset(entry: Mapping[str, object]) -> Preset:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Preset(**{**entry, **lists})  # type: ignore[arg-type]  # its own data file


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
