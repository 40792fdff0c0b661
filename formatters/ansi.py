"""Styled runs of text as a terminal's lines: wrapping first, ANSI styles over the result.

Every line closes what it opens, so a line alone, or a page cut anywhere, never bleeds.
"""

from dataclasses import dataclass
from functools import lru_cache

from formatters.text.columns import display_width, line_slices

_RESET = "\x1b[0m"
_LINK = "\x1b]8;;{}\x1b\\"


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is set: weight and one of the terminal's own colours (30 to 37)."""

    bold: bool = False
    faint: bool = False
    colour: int | None = None

    @property
    def codes(self) -> str:
        """The SGR parameters, empty for plain text."""
        codes = ["1"] * self.bold + ["2"] * self.faint
        return ";".join([*codes, str(self.colour)] if self.colour else codes)


PLAIN = Look()
FAINT = Look(faint=True)


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look, a link where `href` is set."""

    text: str
    look: Look = PLAIN
    href: str | None = None


def lines(
    runs: list[Run], *, columns: int, colour: bool, indent: str = "", first: list[Run]
) -> list[str]:
    """The runs as lines of at most `columns`, `indent` before each, `first` before the first.

    `first` takes the place of `indent` there, and is as wide.
    """
    text = "".join(run.text for run in runs)
    if not first and not text.strip():
        return []
    room = max(2, columns - display_width(indent))
    head = "".join(styled(run.text, run, colour=colour) for run in first) or indent
    return [
        ((head if number == 0 else indent) + _slice(runs, start, end, colour=colour)).rstrip(" ")
        for number, (start, end) in enumerate(_slices(text, room))
    ]


@lru_cache(maxsize=1 << 12)
def _slices(text: str, columns: int) -> tuple[tuple[int, int], ...]:
    """Where the lines lie; remembered, since a morning lists the same titles in many chats."""
    return tuple(line_slices(text, columns))


def _slice(runs: list[Run], start: int, end: int, *, colour: bool) -> str:
    """The part of all the runs' text from `start` to `end`, styled."""
    pieces: list[str] = []
    for run in runs:
        if start < len(run.text) and end > 0:
            pieces.append(styled(run.text[max(0, start) : end], run, colour=colour))
        start -= len(run.text)
        end -= len(run.text)
    return "".join(pieces)


def styled(text: str, run: Run, *, colour: bool) -> str:
    """A part of the run's text as the run is set; as it stands without `colour`."""
    if not colour or not text:
        return text
    codes = run.look.codes
    if codes and not text.isspace():
        text = f"\x1b[{codes}m{text}{_RESET}"
    return f"{_LINK.format(run.href)}{text}{_LINK.format('')}" if run.href else text
