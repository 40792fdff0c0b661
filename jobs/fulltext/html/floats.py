"""Figures, tables and algorithms: what stands in a float, under its label and caption. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from jobs.fulltext.html.headings import Caption, run_in
from storage.models.fulltext import Figure, Listing, Passage, Table


@dataclass(slots=True)
class Float:
    """What has been read of a float so far."""

    is_figure: bool = True
    captions: list[Caption] = field(default_factory=list)
    tables: list[tuple[str, str, str]] = field(default_factory=list)
    """Markdown; a panel's own label and caption."""
    listings: list[str] = field(default_factory=list)
    image: str | None = None
    panels: list[str] = field(default_factory=list)
    """Captions of parts, with their marks."""

    @property
    def label(self) -> str:
        """`Table 2`; empty where it has none."""
        return self.captions[0].label if self.captions else ""

    @property
    def is_panel(self) -> bool:
        """Whether it is a part of the float around it, if there is one."""
        return all(caption.is_panel for caption in self.captions)

    def take_in(self, panel: "Float") -> None:
        """A part of this float has ended."""
        caption = " ".join(each.text for each in panel.captions)
        self.tables += [
            (markdown, label or panel.label, text or caption)
            for markdown, label, text in panel.tables
        ]
        self.listings += panel.listings
        self.image = self.image or panel.image
        if not panel.tables:
            said = f"{panel.label} {caption}".strip()
            self.panels += [part for part in (said, *panel.panels) if part]

    def passages(self) -> Iterator[Passage]:
        """What it is made of; a figure where it has neither a table nor a listing."""
        caption = self._caption
        if self._is_paired:
            for (markdown, _, _), said in zip(self.tables, self.captions, strict=True):
                yield Table(markdown, said.label, said.text)
        elif self.tables:
            yield from self._tables(caption)
        if self.listings:
            listing = "\n".join(self.listings)
            yield Listing(listing, self.label, "" if self.tables else caption)
        elif not self.tables and (caption or self.label):
            yield Figure(caption, self.label, self.image)

    @property
    def _is_paired(self) -> bool:
        """Whether several tables stand side by side, each under a caption of its own."""
        return len(self.captions) == len(self.tables) > 1

    @property
    def _caption(self) -> str:
        """The caption with those of the parts."""
        caption = " ".join(each.text for each in self.captions if each.text)
        if not self.panels:
            return caption
        return " ".join(filter(None, map(run_in, (caption, *self.panels))))

    def _tables(self, caption: str) -> Iterator[Table]:
        """The tables; the first says what all are about."""
        for place, (markdown, part, text) in enumerate(self.tables):
            said = (text,) if place else (run_in(caption) if text else caption, text)
            yield Table(markdown, f"{self.label}{part}", " ".join(filter(None, said)))
