"""How an element's text is seen: what it says of itself on top of what is around it. Pure."""

from dataclasses import dataclass, replace

from lxml.etree import _Element

from jobs.fulltext.html.kinds import Kind, classes_of, kind_of
from jobs.fulltext.html.styles import (
    BLACK,
    WHITE,
    Colour,
    colour,
    declarations,
    is_boxed_away,
    is_clear,
    is_off_page,
    is_transparent,
    look_alike,
    says_colour,
    scale_of,
)
from storage.models.fulltext import HiddenKind

FEWEST_WORDS = 3
"""Hidden text of less is no message."""
FEWEST_IN_PHANTOM = 8
"""A phantom keeps room for a few words."""
_NEVER = 1_000_000_000
_TINIEST = 0.2
"""Of the page's size: two points of ten."""
_UNSHOWN_TAGS = ("template", "noscript", "dialog")
_SHAPES = ("path", "rect", "circle", "ellipse", "polygon")


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's own text is seen."""

    ink: Colour | None = BLACK
    """None: not known."""
    paper: Colour | None = WHITE
    """The nearest background; None: not known."""
    scale: float = 1.0
    """The font's size against the page's."""
    veil: HiddenKind | None = None
    """Hidden with all that is inside."""
    is_held_back: bool = False
    """`visibility: hidden`, which something inside may lift."""
    telling: int = FEWEST_WORDS
    """How many words it has to hide to be told of."""
    in_picture: bool = False

    @property
    def kind(self) -> HiddenKind | None:
        """How the text is hidden; None: it is seen."""
        if self.veil:
            return self.veil
        if self.is_held_back:
            return HiddenKind.MARKUP
        if self.ink and self.paper and look_alike(self.ink, self.paper):
            return HiddenKind.INVISIBLE
        return HiddenKind.TINY if self.scale < _TINIEST else None


def look_of(element: _Element, around: Look) -> Look:
    """How the element is seen among what is `around` it."""
    look = _by_kind(element, around)
    style = element.get("style")
    if element.get("hidden") is not None or element.tag in _UNSHOWN_TAGS:
        look = replace(look, veil=look.veil or HiddenKind.MARKUP)
    if element.get("aria-hidden") == "true" and "ltx_tag" not in classes_of(element):
        look = replace(look, veil=look.veil or HiddenKind.MARKUP)
    ink, paper = element.get("color"), element.get("bgcolor")
    if ink or paper:
        look = _coloured(look, (ink or "").lower(), (paper or "").lower())
    return _styled(look, declarations(style)) if style else look


def _by_kind(element: _Element, around: Look) -> Look:
    """What LaTeXML's classes say."""
    classes = element.get("class") or ""
    if "ltx_nodisplay" in classes or "sr-only" in classes:
        return replace(around, veil=around.veil or HiddenKind.MARKUP, telling=_NEVER)
    if "ltx_phantom" in classes:
        return replace(around, is_held_back=True, telling=max(around.telling, FEWEST_IN_PHANTOM))
    if not around.in_picture and kind_of(element) is Kind.PICTURE:
        paper = None if _has_dark_shapes(element) else around.paper
        return replace(around, in_picture=True, paper=paper)
    return around


def _has_dark_shapes(picture: _Element) -> bool:
    """Whether light text in the picture may stand on one of its shapes."""
    return any(
        _is_dark(shape.get("fill") or _fill_around(shape))
        for shape in picture.iterdescendants(*_SHAPES)
        if "fill:none" not in (shape.get("style") or "").replace(" ", "")
    )


def _fill_around(shape: _Element) -> str:
    parent = shape.getparent()
    return "" if parent is None else parent.get("fill") or ""


def _is_dark(fill: str) -> bool:
    shade = colour(fill.lower())
    return says_colour(fill) and (shade is None or not look_alike(shade, WHITE))


def _styled(look: Look, style: dict[str, str]) -> Look:
    look = _coloured(
        look,
        style.get("color") or style.get("--ltx-fg-color", ""),
        style.get("background-color")
        or style.get("--ltx-bg-color", "")
        or style.get("background", ""),
    )
    if visibility := style.get("visibility"):
        look = replace(look, is_held_back=visibility in ("hidden", "collapse"))
    if veil := _veil(style):
        look = replace(look, veil=look.veil or veil)
    size = style.get("font-size", "")
    if (scale := scale_of(size)) is not None:
        is_relative = size.endswith(("%", "em")) and not size.endswith("rem")
        look = replace(look, scale=scale * look.scale if is_relative else scale)
    return look


def _veil(style: dict[str, str]) -> HiddenKind | None:
    """How a style hides all that is inside."""
    if style.get("display") == "none" or is_boxed_away(style):
        return HiddenKind.MARKUP
    if is_transparent(style.get("color", "")) or is_clear(style.get("opacity", "")):
        return HiddenKind.INVISIBLE
    return HiddenKind.OFF_PAGE if is_off_page(style) else None


def _coloured(look: Look, ink: str, paper: str) -> Look:
    if says_colour(ink):
        look = replace(look, ink=colour(ink))
    if says_colour(paper) and not is_transparent(paper):
        look = replace(look, paper=colour(paper))
    return look
