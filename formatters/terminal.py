"""Documents as finished text for a terminal: a newsletter in fixed-width columns.

Pure. A rendering ends with one line break and begins and ends without a blank line, so that
a lead and the card after it, rendered apart, read as one when put together. Nothing of a
paper can colour, move or reorder the screen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from formatters.ansi import FAINT, PLAIN, Look, Run, lines, styled
from formatters.document import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Inline,
    Lead,
    PaperCard,
    Quote,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.grids import drawn, told
from formatters.steps import is_all
from formatters.text import display_width, strip_controls
from formatters.text.addresses import web_address

CARD_INDENT = "    "
_WIDEST_FACT = 24
_WIDEST_LABEL = 16
_NARROWEST = 20

_STRONG = Look(bold=True)
_CODE = Look(colour=36)
_ACCENT = Look(bold=True, colour=36)
_LABEL = Look(bold=True, colour=33)
_ALARM = Look(bold=True, colour=31)
_LOOKS = {Style.PLAIN: PLAIN, Style.STRONG: _STRONG, Style.FAINT: FAINT, Style.CODE: _CODE}


def render(document: Document, *, columns: int = 100, colour: bool = True) -> str:
    """The document as lines of at most `columns`; only an address or code may be wider.

    With `colour` in ANSI styles and OSC 8 links, else plain, addresses written out.
    """
    page = _Page(max(columns, _NARROWEST), colour)
    out: list[str] = []
    before: Block | None = None
    for block in document.blocks:
        rendered = page.block(block)
        if out and rendered and not _touches(before, block):
            out.append("")
        out.extend(rendered)
        before = block if rendered else before
    return "".join(f"{line}\n" for line in out)


def _touches(before: Block | None, block: Block) -> bool:
    """Whether two blocks belong together, without a blank line between them."""
    if isinstance(before, Title | Heading | Lead):
        return True
    if isinstance(before, Buttons):
        return isinstance(block, Buttons)
    return is_all(before, Style.FAINT) and isinstance(block, Text | Bullets)


@dataclass(frozen=True, slots=True)
class _Page:
    """How wide and how colourful; turns each block into lines."""

    columns: int
    colour: bool

    def block(self, block: Block) -> list[str]:
        """The block's lines; none where it says nothing."""
        match block:
            case Title() | Heading():
                out = self.head(block)
            case Text():
                out = self.flow(self.runs(block.text))
            case Bullets() | Titles():
                out = self.items(block)
            case Facts():
                out = self.facts(block)
            case Code():
                out = strip_controls(block.text).expandtabs(4).rstrip("\n").split("\n")
            case Grid() | Quote():
                out = self.grid(block) if isinstance(block, Grid) else self.quote(block)
            case Lead():
                out = self.lead(block)
            case PaperCard():
                out = self.card(block)
            case Buttons():
                out = self.buttons(block.buttons)
            case _:
                assert_never(block)
        return out

    def flow(
        self, runs: Iterable[Run], *, indent: str = "", first: Iterable[Run] = ()
    ) -> list[str]:
        """Runs broken into lines, `indent` before each; the first one begins with `first`."""
        return lines(
            list(runs), columns=self.columns, colour=self.colour, indent=indent, first=list(first)
        )

    def runs(self, text: Inline, look: Look = PLAIN) -> list[Run]:
        """Spans as runs; a span's own style goes over `look`."""
        runs: list[Run] = []
        for span in text:
            shown = strip_controls(span.text).replace("\t", " ")
            own = look if span.style is Style.PLAIN else _LOOKS[span.style]
            href = web_address(span.href)
            runs.append(Run(shown, own, href))
            if href and not self.colour and href not in shown:
                runs.append(Run(f" ({href})", FAINT))
        return runs

    def head(self, block: Title | Heading) -> list[str]:
        """The headline over a rule; a section's name within one, if it fits on a line."""
        if isinstance(block, Title):
            out = self.flow(self.runs(block.text, _STRONG))
            return [*out, self.rule("━" * self.columns)] if out else []
        if block.level > 1:
            return self.flow(self.runs(block.text, _ACCENT))
        runs = [Run("── ", FAINT), *self.runs(block.text, _ACCENT)]
        left = self.columns - sum(display_width(run.text) for run in runs) - 1
        out = self.flow(runs)
        if left > 0:
            out[-1] += " " + self.rule("─" * left)
        return out

    def rule(self, strokes: str) -> str:
        return styled(strokes, Run(strokes, FAINT), colour=self.colour)

    def lead(self, lead: Lead) -> list[str]:
        number = f"{lead.number:>2}. "
        indent = " " * max(len(CARD_INDENT), len(number))
        text = lead.text if lead.why is None else (*lead.text, Span(f" · {lead.why}"))
        return self.flow(self.runs(text, FAINT), indent=indent, first=[Run(number, _ACCENT)])

    def items(self, block: Bullets | Titles) -> list[str]:
        """A list; titles stand under their caption and line up with the leads' numbers."""
        if isinstance(block, Bullets):
            return self.listed(block.items, "  ", block.start)
        caption = self.flow([Run(_line(block.caption), _STRONG)])
        return [*caption, *self.listed(block.items, "", block.start, digits=2)]

    def listed(
        self, items: tuple[Inline, ...], indent: str, start: int | None, digits: int = 1
    ) -> list[str]:
        """Items under a bullet, or under numbers of one width."""
        first = start or 0
        digits = max(digits, len(str(first + len(items) - 1)))
        out: list[str] = []
        for number, item in enumerate(items, first):
            mark = f"{indent}• " if start is None else f"{indent}{number:>{digits}}. "
            out += self.flow(self.runs(item), indent=" " * len(mark), first=[Run(mark, FAINT)])
        return out

    def facts(self, block: Facts) -> list[str]:
        """Names in one column, values in the next; a long name has a line of its own."""
        names = [_line(name) for name, _ in block.pairs]
        widest = min(_WIDEST_FACT, self.columns // 3)
        width = max((w for w in map(display_width, names) if w <= widest), default=2)
        indent = " " * (width + 2)
        out: list[str] = []
        for name, (_, value) in zip(names, block.pairs, strict=True):
            gap = width + 2 - display_width(name)
            first = [Run(name, FAINT), Run(" " * gap)] if name and gap > 1 else []
            out += [] if first else self.flow([Run(name, FAINT)])
            out += self.flow(self.runs(value), indent=indent, first=first)
        return out

    def grid(self, block: Grid) -> list[str]:
        """A table under its caption; one that is too wide row by row."""
        caption = self.flow(self.runs(block.caption))
        table = drawn(block, self.columns)
        if table is None:
            return [*caption, *self.listed(tuple(told(block)), "  ", None)]
        return [*caption, *(line for line in table.split("\n") if line)]

    def quote(self, block: Quote) -> list[str]:
        """Words beside a bar, and where they stand."""
        bar = "  ┃ "
        source = self.flow(self.runs(block.source, FAINT), indent=bar)
        return [*self.flow(self.runs(block.text), indent=bar), *source]

    def card(self, card: PaperCard) -> list[str]:
        """Title, people and label; what the paper says; where to read on."""
        title = Run(_line(card.title), _STRONG, web_address(card.href))
        said = [
            title,
            Run(_line(card.translated_title or "")),
            Run(_line(card.byline), FAINT),
            Run(_line(card.label), FAINT),
            Run(_line(card.notice or ""), _ALARM),
        ]
        parts = [
            [line for run in said if run.text for line in self.flow([run], indent=CARD_INDENT)],
            self.tldr(card) if card.tldr else [],
            self.listed(tuple(map(plain, map(_line, card.findings))), CARD_INDENT, None),
            self.flow(self.runs(plain(card.abstract)), indent=CARD_INDENT) if card.abstract else [],
            self.links(card),
        ]
        return [line for part in parts if part for line in ("", *part)][1:]

    def tldr(self, card: PaperCard) -> list[str]:
        """The summary beside a bar, its label before it or, where that is long, above."""
        bar = f"{CARD_INDENT}┃ "
        label, text = Run(_line(card.tldr_label), _LABEL), Run(_line(card.tldr))
        if not label.text:
            return self.flow([text], indent=bar)
        if display_width(label.text) > _WIDEST_LABEL:
            return self.flow([label, Run("\n"), text], indent=bar)
        return self.flow([label, Run("  "), text], indent=bar)

    def links(self, card: PaperCard) -> list[str]:
        """Where to read on: names that link, or addresses written out."""
        home = web_address(card.href)
        shown = home.removeprefix("https://") if home and self.colour else home
        links = [[Run(shown, FAINT, home)]] if shown else []
        for label, address in card.links:
            href = web_address(address)
            if href and href != home:
                spelt = [] if self.colour else [Run(f" {href}", FAINT)]
                links.append([Run(_line(label), FAINT, href), *spelt])
        return self.packed(links, Run(" · ", FAINT), CARD_INDENT)

    def buttons(self, buttons: tuple[Button, ...]) -> list[str]:
        """What a tap would run, as it is typed."""
        return self.packed(
            [
                [Run(f"{_line(button.label)} ", FAINT), Run(_line(button.command), _CODE)]
                for button in buttons
            ],
            Run("   "),
        )

    def packed(self, items: list[list[Run]], between: Run, indent: str = "") -> list[str]:
        """Items side by side, as many as fit on a line; none is broken that fits on one."""
        rows: list[list[Run]] = []
        used = self.columns
        for item in items:
            width = display_width(between.text) + sum(display_width(run.text) for run in item)
            if rows and used + width <= self.columns:
                rows[-1] += [between, *item]
                used += width
            else:
                rows.append(list(item))
                used = display_width(indent) + width - display_width(between.text)
        return [line for row in rows for line in self.flow(row, indent=indent)]


def _line(text: str) -> str:
    """Text from elsewhere as one harmless line."""
    return " ".join(strip_controls(text).split())
