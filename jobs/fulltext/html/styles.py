"""How a style makes text look: colour on its background, size, place. Pure.

What CSS may say is far more; this knows what hides a text.
"""

import re
from collections.abc import Mapping

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "black": BLACK,
}
_NO_COLOUR = ("", "inherit", "initial", "unset", "currentcolor", "none")
_SHADES_APART = 24
"""Colours that differ by less in each part can't be told apart."""
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\Z")
_CLEAR_HEX = re.compile(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)\Z")
_RGB = re.compile(r"rgba?\(([^()]*)\)\Z")
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?)\s*([a-z%]*)")
_POINTS = {
    "": 0.75, "px": 0.75, "pt": 1, "pc": 12, "em": 10, "rem": 10, "ex": 5, "ch": 5,
    "cm": 28.3, "mm": 2.83, "in": 72, "vw": 10, "vh": 10,
}  # fmt: skip
_CLEAREST = 0.05
_FAR = 1_000
"""In points: no page is so wide."""
_OFFSETS = ("left", "right", "top", "bottom", "text-indent", "margin-left", "margin-top")
_CLIPPED = re.compile(r"rect\(\s*[01]|inset\(\s*(?:50|100)%|circle\(\s*0")


def declarations(style: str) -> dict[str, str]:
    """A style's properties, in lower case; of several the last counts."""
    pairs = (each.partition(":") for each in style.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip() for name, sign, value in pairs if sign
    }


def colour(said: str) -> Colour | None:
    """A colour; None where it is none that is known."""
    if named := _NAMED.get(said):
        return named
    if found := _HEX.match(said):
        digits = found[1]
        if len(digits) < 6:  # noqa: PLR2004 - `#rgb` is short for `#rrggbb`
            digits = "".join(digit * 2 for digit in digits)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if found := _RGB.match(said):
        parts = [_part(part) for part in re.split(r"[\s,/]+", found[1].strip())[:3]]
        if len(parts) == len(WHITE):
            return parts[0], parts[1], parts[2]
    return None


def is_transparent(said: str) -> bool:
    """Whether a colour is none at all: nothing is drawn."""
    if said == "transparent":
        return True
    alpha = re.match(r"rgba?\((?:[^,/]*,){3}\s*([\d.]+%?)|rgba?\([^/]*/\s*([\d.]+%?)", said)
    if alpha:
        return _number(alpha[1] or alpha[2]) == 0
    return _CLEAR_HEX.match(said) is not None


def is_clear(opacity: str) -> bool:
    """Whether an opacity lets nothing be seen."""
    found = re.match(r"([\d.]+)(%?)\Z", opacity)
    return found is not None and _number(found[1]) / (100 if found[2] else 1) <= _CLEAREST


def says_colour(said: str) -> bool:
    """Whether a value sets a colour."""
    return said not in _NO_COLOUR


def look_alike(one: Colour, other: Colour) -> bool:
    """Whether text of one colour on the other can't be seen."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SHADES_APART


def points(said: str) -> float | None:
    """A length in points, as if the font had ten; None where it is none, or relative."""
    found = _LENGTH.match(said)
    if not found or found[2] not in _POINTS:
        return None
    return _number(found[1]) * _POINTS[found[2]]


def scale_of(size: str) -> float | None:
    """A font size against what is around it; None where it says nothing of the kind."""
    found = _LENGTH.match(size)
    if not found:
        return None
    if found[2] in ("%", "em", "rem"):
        return _number(found[1]) / (100 if found[2] == "%" else 1)
    length = points(size)
    return None if length is None else length / 10


def is_off_page(style: Mapping[str, str]) -> bool:
    """Whether it is put where nobody looks."""
    places = [points(style[name]) for name in _OFFSETS if name in style]
    transform = style.get("transform", "")
    if "translate" in transform and "scale" not in transform:
        places += [points(each[0]) for each in _LENGTH.finditer(transform)]
    return any(place is not None and abs(place) >= _FAR for place in places)


def is_boxed_away(style: Mapping[str, str]) -> bool:
    """Whether it stands in a box without size, clipped away or shrunk to nothing."""
    if _CLIPPED.search(style.get("clip", "")) or _CLIPPED.search(style.get("clip-path", "")):
        return True
    shrunk = re.search(r"scale[xy]?\(\s*([\d.]+)", style.get("transform", ""))
    if shrunk and _number(shrunk[1]) < 0.05:  # noqa: PLR2004 - a page would be a dot
        return True
    if not style.get("overflow", "").startswith(("hidden", "clip")):
        return False
    sizes = (points(style.get(name, "")) for name in ("width", "height", "max-height", "max-width"))
    return any(size is not None and abs(size) <= 1 for size in sizes)


def _part(said: str) -> int:
    number = _number(said.rstrip("%")) * (2.55 if said.endswith("%") else 1)
    return round(max(0.0, min(number, 255.0)))


def _number(said: str) -> float:
    try:
        return float(said.rstrip("%"))
    except ValueError:
        return 0.0
