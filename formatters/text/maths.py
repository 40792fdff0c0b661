"""Text with formulas between dollars, taken apart: what is read, and the TeX that it stands for."""

import re

from formatters.text import readable

_FORMULA = re.compile(r"\$((?:[^$\\]|\\.)+)\$")


def formulas(text: str) -> tuple[tuple[str, str | None], ...]:
    """The pieces of `readable(text)`, each with its TeX where it is a formula.

    Where sums of money make it doubtful what is one, nothing is.
    """
    whole = readable(text)
    if "$" not in text:
        return ((whole, None),)
    pieces = tuple((said, tex) for said, tex in _pieces(" ".join(text.split())) if said)
    sure = any(tex for _, tex in pieces) and "".join(said for said, _ in pieces) == whole
    return pieces if sure else ((whole, None),)


def _pieces(text: str) -> list[tuple[str, str | None]]:
    pieces: list[tuple[str, str | None]] = []
    start = 0
    for found in _FORMULA.finditer(text):
        said = readable(found[0])
        tex = None if said.startswith("$") else found[1]
        pieces += [(_between(text[start : found.start()]), None), (said, tex)]
        start = found.end()
    return [*pieces, (_between(text[start:]), None)]


def _between(text: str) -> str:
    """Readable words, with the spaces that set them apart from a formula."""
    said = readable(text)
    if not said:
        return " " if text else ""
    return f"{' ' if text[0] == ' ' else ''}{said}{' ' if text[-1] == ' ' else ''}"
