"""The catalogue is whole: both languages, the same places, nothing missing, nothing idle."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.names import Name
from formatters.catalogue import glossary, texts
from formatters.compose.analysis import ChapterName
from formatters.compose.replies import parking
from jobs.fulltext.pdf.limits import Cause
from jobs.llm.failure import Trouble
from jobs.ports import Stage
from jobs.presets import presets
from storage import model_calls
from storage.analyses import UNREACHABLE
from storage.models import AnnounceType, Aspect, Lang, Origin, OutOfReach, RunState

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    path for top in ("bot", "jobs", "formatters", "storage") for path in (ROOT / top).rglob("*.py")
]
TEMPLATES = sorted(ROOT.joinpath("formatters/site/templates").iterdir())
IN_TEMPLATE = re.compile(r"""\bsay\(["']([a-z_.]+)["']""")
KEY = re.compile(r"[a-z0-9_]+\.[a-z0-9_-]+")
BEGINNING = re.compile(r"[a-z_]+\.[a-z_]*")

DYNAMIC = {
    "announce.": AnnounceType,
    "aspect.": Aspect,
    "cause.": (),
    "chapter.": ChapterName,
    "check.": (),
    "button.": (),
    "demo.": (),
    "demo.live_": ("check", "digest", "chat", "run"),
    "days.": ("every_day", "weekdays", "weekend"),
    "group.": {preset.group for preset in presets().entries},
    "help.": Name,
    "lacks.": {*Cause, "cut", UNREACHABLE},
    "lang.": Lang,
    "model.": {*Trouble, model_calls.OK, "cancelled"},
    "month.m": range(1, 13),
    "once.step_": ("archive", "feed", "search", "write"),
    "option.": ("split", "replacements", "public"),
    "origin.": Origin,
    "parking.back_": {*parking.WAYS.values(), "invite"},
    "parking.why_": OutOfReach,
    "report.": ("abstract", "analysis", "findings", "findings_original", "links"),
    "run.": RunState,
    "settings.": ("lang", "tz", "length", "notify_empty", "window", "thread"),
    "stage.": Stage,
    "status.": ("unsure", "rejected", "parked_chats"),
    "table.": ("title", "author", "pdf", "date", "code", "abstract"),
    "topic.": (),
    "usage.": Name,
    "weekday.d": range(7),
}
"""How keys begin that code puts together, and the ends that it is known to ask for."""
SPEAKING = {
    "say": "",
    "line": "",
    "faint": "",
    "UserError": "",
    "button": "button.",
    "error_at": "topic.",
    "SourceError": "cause.",
}
"""What takes a key as its first argument, and the subject that it puts before."""
COUNTING = {"card.authors_more", "digest.date", "site.month"}
"""The languages count differently here: the rest or all, the month by name or by number."""


def forms(entry) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def places(entry) -> set[str]:
    found = (string.Formatter().parse(form) for form in forms(entry))
    return {name for parsed in found for _, name, _, _ in parsed if name}


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path.name, node


def said_keys() -> set[tuple[str, str]]:
    """(file, key) of every key that is said as a literal."""
    found = set()
    for name, node in trees():
        match node:
            case ast.Call(func=ast.Name(id=speaker), args=[ast.Constant(value=str(key)), *_]):
                if speaker in SPEAKING:
                    found.add((name, SPEAKING[speaker] + key))
    for path in TEMPLATES:
        found |= {(path.name, key) for key in IN_TEMPLATE.findall(path.read_text("utf-8"))}
    return found


def beginnings() -> set[str]:
    """What stands before the first place of keys that are put together."""
    return {
        value
        for _, node in trees()
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and BEGINNING.fullmatch(value := str(node.values[0].value))
    }


@pytest.mark.parametrize("key", sorted(texts()))
def test_every_text_is_there_in_both_languages_with_the_same_places(key):
    entry = texts()[key]
    assert set(entry) == {"en", "zh"}
    assert all(form.strip() for lang in entry for form in forms(entry[lang]))
    assert places(entry["en"]) == places(entry["zh"]) or key in COUNTING


def test_a_text_with_a_plural_has_both_forms():
    plurals = [f for entry in texts().values() for f in entry.values() if not isinstance(f, str)]
    assert len(plurals) > 10
    assert all(set(form) == {"one", "other"} for form in plurals)


def test_every_key_that_code_says_exists():
    said = said_keys()
    assert len(said) > 100
    assert not {(name, key) for name, key in said if key not in texts()}


def test_keys_that_are_put_together_exist_for_every_name():
    asked = {f"{beginning}{name}" for beginning, names in DYNAMIC.items() for name in names}
    assert not {key for key in asked if key not in texts()} - {"announce.replace-cross"}


def test_every_text_is_used():
    constants = (node.value for _, node in trees() if isinstance(node, ast.Constant))
    used = {value for value in constants if isinstance(value, str) and KEY.fullmatch(value)}
    used |= {key for _, key in said_keys()}
    idle = {key for key in texts() if key not in used and not key.startswith(tuple(DYNAMIC))}
    assert not idle


def test_every_key_that_is_put_together_begins_in_a_known_way():
    known = {b for b in beginnings() if any(key.startswith(b) for key in texts())}
    assert known == set(DYNAMIC)


def test_chinese_texts_are_chinese_and_english_ones_are_not():
    han = re.compile(r"[\u4e00-\u9fff]")
    same = {"button.lang_zh", "button.lang_en", "settings.how"}
    english = {k for k, e in texts().items() if any(han.search(f) for f in forms(e["en"]))}
    assert english <= same


def test_chinese_words_stand_next_to_full_width_punctuation():
    half_width = re.compile(r"[\u4e00-\u9fff][,;?!]")
    wrong = {k for k, e in texts().items() if any(half_width.search(f) for f in forms(e["zh"]))}
    assert not wrong


def test_the_glossary_has_each_english_term_and_each_chinese_word_once():
    english = [term.en for term in glossary()]
    chinese = [word for term in glossary() for word in {term.zh, *term.also}]
    assert len(set(english)) == len(english)
    assert len(set(chinese)) == len(chinese)
