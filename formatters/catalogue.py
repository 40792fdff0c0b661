"""Interface texts in English and Chinese, and the glossary of the field's terms.

The texts live in `texts/*.toml`, a table a subject, a key a text: `en` and `zh` side by
side, each a string with `{places}`, or a table `one`/`other` chosen by the place `n`.
Read at first use. Holds no decision about what is said when.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from storage.models import Lang

Form = str | Mapping[str, str]


def say(key: str, lang: Lang, **values: Any) -> str:
    """The text `key` (`subject.name`) in `lang`, its places filled. KeyError if absent."""
    form = texts()[key][lang]
    if isinstance(form, str):
        return form.format(**values)
    return form["one" if values["n"] == 1 else "other"].format(**values)


@cache
def texts() -> Mapping[str, Mapping[str, Form]]:
    """All texts: `subject.name` → language → form."""
    found: dict[str, Mapping[str, Form]] = {}
    for name, tables in _documents("texts"):
        for subject, entries in tables.items():
            for entry, forms in entries.items():
                key = f"{subject}.{entry}"
                if key in found:
                    raise ValueError(f"{name}: {key} is defined twice")
                found[key] = forms
    return found


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the field in both languages."""

    en: str
    zh: str
    keep: bool = False
    """True: Chinese text keeps the English word (names of methods, token, LoRA…)."""
    also: tuple[str, ...] = ()
    """Other Chinese words for it, accepted in queries."""


@cache
def glossary() -> tuple[Term, ...]:
    """The bilingual glossary, in the file's order."""
    table = tomllib.loads(files("formatters").joinpath("glossary.toml").read_text("utf-8"))
    return tuple(
        Term(t["en"], t["zh"], t.get("keep", False), tuple(t.get("also", ())))
        for t in table["term"]
    )


def _documents(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(files("formatters").joinpath(folder).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            yield file.name, tomllib.loads(file.read_text("utf-8"))
