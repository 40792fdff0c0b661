"""A post's text for notifications and screen readers: plain, and short enough for any change."""

import re
from collections.abc import Iterator

from formatters.slack.elements import JOINER
from formatters.text import truncate

MOST_BYTES = 2_900
_LONGEST_LINE = 450
_CALL = re.compile(r"(?<!\w)@(?=\w)|(?<=:)(?=//)|[&<>]")
"""What Slack would make a mention or a link of, and the signs of its markup."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def fallback(text: str) -> str:
    """The lines of a clean text, as many as there is room for."""
    return "\n".join(_shown(text)) or "…"


def _shown(text: str) -> Iterator[str]:
    room = MOST_BYTES
    for line in text.split("\n"):
        safe = _CALL.sub(_harmless, truncate(line, _LONGEST_LINE))
        room -= len(safe.encode()) + 1
        if room < 0:
            yield "…"
            return
        yield safe


def _harmless(sign: re.Match[str]) -> str:
    return _ESCAPES.get(sign[0], sign[0] + JOINER)
