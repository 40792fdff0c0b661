"""Text for readers: TeX made readable, hostile signs removed, and text cut, wrapped, split.

Pure functions on plain text. Knows no platform's markup: escaping belongs to the renderers.
"""

import re

from formatters.text.columns import display_width, truncate, wrap
from formatters.text.controls import strip_controls
from formatters.text.folding import folded
from formatters.text.pointing import pointed
from formatters.text.prose import byline, sentences, split

__all__ = [
    "byline",
    "display_width",
    "folded",
    "pointed",
    "readable",
    "sentences",
    "split",
    "strip_controls",
    "truncate",
    "wrap",
]

_TEX = re.compile(r"[$\\{&~]|--|[\^<]\S")
_QUOTED = re.compile(r"(?<![\w`])`(?=[^\s`])([^`]{0,200}?[^\s`])'(?!\w)")


def readable(text: str) -> str:
    """An arXiv title, abstract or name as one line of plain text.

    TeX, HTML entities and hard line breaks are resolved, controls removed. Keeps every word;
    TeX that can't be read stays as its source. Never raises.
    """
    text = strip_controls(text)
    if _TEX.search(text):
        from formatters.text.tex import from_tex  # noqa: PLC0415 - one text in ten needs it

        text = strip_controls(from_tex(text))
    if "`" in text:
        text = _quotes(text)
    return " ".join(text.split())


def _quotes(text: str) -> str:
    """TeX's quotation marks to typographic ones; a lone backtick is code and stays."""
    if "``" in text:
        text = text.replace("``", "“").replace("''", "”")
    return _QUOTED.sub(r"‘\1’", text)
