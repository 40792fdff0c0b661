"""Chinese words of a query turned into the glossary's English.

Pure. Longest word first; what the glossary doesn't know is an error that offers presets,
never a silent nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from formatters.catalogue import Term
from jobs.chinese import HAN, has_han, simplified
from jobs.presets import Presets
from jobs.topics.errors import TopicError, error_at
from jobs.topics.lines import Line

_PART = re.compile(
    rf"""(?P<author>\b(?:author|au):(?:"[^"]*"|[^\s"()]+))
    | "(?P<quoted>[^"{HAN}]*[{HAN}][^"]*)" | "[^"]*"
    | (?P<run>(?:\w[\w.+#·-]*)?[{HAN}][\w.+#·-]*)""",
    re.VERBOSE | re.IGNORECASE,
)
_FIELD = re.compile("(作者|标题|摘要|分类):")
_FIELDS = {"作者": "author", "标题": "ti", "摘要": "abs", "分类": "cat"}
_JOINING = {
    **dict.fromkeys(("的", "之", "和", "与", "及", "以及", "基于", "面向", "用于", "关于"), ""),
    **dict.fromkeys(("论文", "文章", "最新"), ""),
    "或": "OR",
    "或者": "OR",
    "且": "AND",
    "并且": "AND",
}
"""Words between the terms, and what they become."""
_OTHER = re.compile(rf"[^\W{HAN}][^{HAN}]*")
_PRESETS_OFFERED = 3


@dataclass(frozen=True)
class Vocabulary:
    """The names and words that a topic may be made of."""

    presets: Presets
    terms: tuple[Term, ...]

    @cached_property
    def english(self) -> Mapping[str, str]:
        """Chinese word, simplified and in small letters → English term."""
        return {
            _small(simplified(word)): term.en
            for term in reversed(self.terms)
            for word in (*term.also, term.zh)
            if has_han(word)
        }

    @cached_property
    def longest(self) -> int:
        """Letters of the longest Chinese word."""
        return max(map(len, (*self.english, *_JOINING)))


def to_english(line: Line, vocabulary: Vocabulary) -> Line:
    """The query with its Chinese words in English; the line itself if it has none.

    Raises TopicError `topic.unknown-chinese` at a word that the glossary lacks.
    """
    if not has_han(line.text):
        return line
    plain = line.rewrite(re.compile(".+"), lambda m: simplified(m[0]))
    plain = plain.rewrite(_FIELD, lambda m: f"{_FIELDS[m[1]]}:")

    def translated(match: re.Match[str]) -> str:
        if match["quoted"] is not None:
            return _quoted(_words(plain, match.start("quoted"), match.end("quoted"), vocabulary))
        if match["run"] is not None:
            alone = match.span() == (0, len(plain.text))
            return _side_by_side(_words(plain, *match.span(), vocabulary), grouped=not alone)
        return match[0]

    english = plain.rewrite(_PART, translated)
    if not re.search(r"\w", english.text):
        raise _unknown(plain, 0, len(plain.text), vocabulary)
    return english


def _words(line: Line, start: int, end: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The English of the letters from `start` to `end`, word by word."""
    return tuple(filter(None, _each_word(line, start, end, vocabulary)))


def _each_word(line: Line, start: int, end: int, vocabulary: Vocabulary) -> Iterator[str]:
    text = _small(line.text[start:end])
    here = 0
    while here < len(text):
        word = _longest_word(text, here, vocabulary)
        if word:
            yield vocabulary.english.get(word) or _JOINING[word]
            here += len(word)
        elif other := _OTHER.match(line.text, start + here, end):
            yield other[0].strip()
            here += len(other[0])
        elif has_han(text[here]):
            raise _unknown(line, start + here, end, vocabulary)
        else:
            here += 1


def _longest_word(text: str, start: int, vocabulary: Vocabulary) -> str | None:
    for length in range(min(vocabulary.longest, len(text) - start), 0, -1):
        word = text[start : start + length]
        if word in vocabulary.english or word in _JOINING:
            return word
    return None


def _small(text: str) -> str:
    """In small letters, of the same length; the glossary's Latin letters are ASCII."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _quoted(words: tuple[str, ...]) -> str:
    return f'"{" ".join(word for word in words if word not in ("AND", "OR"))}"'


def _side_by_side(words: tuple[str, ...], *, grouped: bool) -> str:
    written = (word if re.fullmatch(r"[\w-]+", word) else f'"{word}"' for word in words)
    joined = " ".join(written)
    return f"({joined})" if grouped and len(words) > 1 else joined


def _unknown(line: Line, start: int, end: int, vocabulary: Vocabulary) -> TopicError:
    """The error at the Chinese word that begins at `start`, as far as nothing is known."""
    stop = start + 1
    while (
        stop < end
        and has_han(line.text[stop])
        and not _longest_word(_small(line.text[:end]), stop, vocabulary)
    ):
        stop += 1
    near = vocabulary.presets.nearest(line.original, _PRESETS_OFFERED)
    return error_at(
        "unknown-chinese",
        line.original,
        line.place(start, stop),
        presets=", ".join(f"{preset.zh} ({preset.slug})" for preset in near),
        slugs=tuple(preset.slug for preset in near),
    )
