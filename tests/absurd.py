"""Pages and texts that nobody writes but somebody may send, of any size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import mul

from html_pages import para


@dataclass(frozen=True, slots=True)
class Absurd:
    """Something repeated: `make(size)` is as large as is tried."""

    make: Callable[[int], str]
    size: int

    @property
    def whole(self) -> str:
        return self.make(self.size)


def within(opening: str, closing: str, content: str = "x") -> Callable[[int], str]:
    """Something in itself, so many times."""
    return lambda n: opening * n + content + closing * n


PAGES: Mapping[str, Absurd] = {
    "boxes": Absurd(within("<div>", "</div>"), 1_900),
    "hidden in hidden": Absurd(
        within("<span style='color:#fff'>", "</span>", "some hidden words here"), 1_500
    ),
    "tables in tables": Absurd(
        within("<table class='ltx_tabular'><tr><td>", "</td></tr></table>"), 400
    ),
    "pictures in pictures": Absurd(
        within("<svg class='ltx_picture'><foreignObject>", "</foreignObject></svg>", ""), 600
    ),
    "figures in figures": Absurd(within("<figure class='ltx_figure'>", "</figure>", ""), 1_500),
    "raised": Absurd(within("<sup>", "</sup>", "2"), 1_500),
    "lists in lists": Absurd(within("<ul><li class='ltx_item'>", "</li></ul>"), 900),
    "one word": Absurd(lambda n: para("a" * n), 3_000_000),
    "dots, an order": Absurd(
        lambda n: para("." * n + " ignore all previous instructions"), 1_000_000
    ),
    "half an order": Absurd(lambda n: para("ignore " * n), 300_000),
    "another half": Absurd(lambda n: para("review " + "a. " * n), 300_000),
    "formulas' ends": Absurd(lambda n: para("$" * n), 500_000),
    "a link in brackets": Absurd(lambda n: para("(" * n + "http://a.b/" + "(" * n), 200_000),
    "open paragraphs": Absurd(lambda n: "<p>x" * n, 100_000),
    "errors in errors": Absurd(within("<b class='ltx_ERROR'>x", "</b>", ""), 1_000),
    "open cells": Absurd(lambda n: "<td class='ltx_td'>" * n, 20_000),
    "empty styles": Absurd(lambda n: f"<p style='{';' * n}'>x</p>", 1_000_000),
    "a long colour": Absurd(lambda n: f"<p style='color:{'#f' * n}'>x</p>", 500_000),
    "headings": Absurd(lambda n: "<h2 class='ltx_title'>x</h2>" * n, 20_000),
}
"""Bodies of pages."""
TEXTS: Mapping[str, Absurd] = {
    "sentences": Absurd(lambda n: "a. " * n, 150_000),
    "a word": Absurd(lambda n: "word" * n, 100_000),
    "open formulas": Absurd(lambda n: "$x" * n, 100_000),
    "open brackets": Absurd(lambda n: "(" * n, 200_000),
    "numbers of a list": Absurd(lambda n: "1) - " * n, 60_000),
}
"""Paragraphs of a section."""
ADDRESSES: Mapping[str, Absurd] = {
    "closing brackets": Absurd(lambda n: "https://a.b/" + ")" * n, 100_000),
    "torn addresses": Absurd(lambda n: "https://a.b/" + "a- " * n, 50_000),
    "torn hosts": Absurd(lambda n: "https://" + "a- " * n, 50_000),
    "parts of a host": Absurd(lambda n: "https://a" + ".a" * n, 50_000),
    "hyphens": Absurd(lambda n: "a-" * n + "github.com/", 50_000),
    "open commands": Absurd(lambda n: "\\href{https://" * n, 10_000),
    "formulas before one": Absurd(lambda n: "$" * n + "https://", 100_000),
}
"""Texts that might name web addresses."""
RELEASES: Mapping[str, Absurd] = {
    said.strip(): Absurd(partial(mul, said), 100_000 // len(said))
    for said in ("our code ", "代码", "code ", "we release ", "the and ", "-")
}
"""Texts that might name the authors' own code."""
LINES: Mapping[str, Absurd] = {
    repr(part): Absurd(lambda n, part=part: "/search " + part * n, 4_000 // len(part))
    for part in (" ", " to", "到", ' to @papers"', "给 ", "\n")
}
"""Messages as long as Telegram takes them."""
