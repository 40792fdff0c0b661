"""The text is in the language that was asked for, in its ordinary letters."""

import re
import unicodedata
from collections.abc import Iterator

from jobs.chinese import HAN, simplified
from jobs.verify.fields import Fault, FaultKind, Field, Kind
from jobs.verify.latin import LINK, atoms, is_name, words
from jobs.verify.source import Source
from storage.models import Lang

_HAN = re.compile(f"[{HAN}]")
_LEAST_SHARE = {Kind.TITLE: 0.5}
_USUAL_SHARE = 0.7
_FEWEST_TRADITIONAL = 3
_FOREIGN = re.compile(
    "HIRAGANA|KATAKANA|HANGUL|CYRILLIC|ARABIC|HEBREW|THAI|DEVANAGARI|BENGALI|TAMIL|TELUGU|ARMENIAN"
    "|GEORGIAN|KHMER|LAO|MYANMAR|ETHIOPIC|MONGOLIAN|TIBETAN|BOPOMOFO"
)


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """A text in the wrong language, or with letters of a third one."""
    foreign = [sign for sign in text if _is_foreign(sign) and sign not in source.whole]
    if foreign:
        yield Fault(
            FaultKind.LANGUAGE,
            f"The text has letters of another script: “{''.join(foreign[:8])}”.",
        )
    han = _HAN.findall(text)
    if field.lang is Lang.ZH:
        yield from _chinese(text, han, field, source)
    elif any(sign not in source.whole for sign in han):
        yield Fault(FaultKind.LANGUAGE, "The text must be in English, without Chinese characters.")


def _chinese(text: str, han: list[str], field: Field, source: Source) -> Iterator[Fault]:
    bare = LINK.sub(" ", text)
    plain = [word for word in words(bare) if not is_name(word.text)]
    strange = [
        word for word in plain if atoms(word.text) not in source.atoms or word.text.islower()
    ]
    share = len(han) / ((len(han) + len(strange)) or 1)
    named_only = field.kind is Kind.TITLE and all(
        is_name(w.text) for w in words(source.plain_title)
    )
    if (not han and not named_only) or (han and share < _LEAST_SHARE.get(field.kind, _USUAL_SHARE)):
        yield Fault(FaultKind.LANGUAGE, "The text must be in Chinese.")
    traditional = {sign for sign in han if simplified(sign) != sign}
    if len(traditional) >= _FEWEST_TRADITIONAL:
        yield Fault(FaultKind.LANGUAGE, "The text must be in simplified Chinese characters.")


def _is_foreign(sign: str) -> bool:
    if sign < "\u0250" or not sign.isalpha() or _HAN.match(sign):
        return False
    return _FOREIGN.match(unicodedata.name(sign, "")) is not None
