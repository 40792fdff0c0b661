"""Chinese numerals."""

from decimal import Decimal

_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_YEAR = 4


def value(said: str) -> Decimal | None:
    """The number that `said` means; None for what is no number, as 三五 or 千千."""
    whole, point, fraction = said.partition("点")
    if point:
        scale = _LARGE.get(fraction[-1], 1)
        digits = "".join(str(_DIGITS[sign]) for sign in fraction if sign in _DIGITS)
        front = value(whole)
        return None if front is None or not digits else (front + Decimal(f"0.{digits}")) * scale
    if all(sign in _DIGITS for sign in said):
        if len(said) > 1 and len(said) != _YEAR and not set(said) & set("零〇"):
            return None
        return Decimal("".join(str(_DIGITS[sign]) for sign in said) or "0")
    return _composed(said)


def _composed(said: str) -> Decimal | None:
    total = section = 0
    digit: int | None = None
    for at, sign in enumerate(said):
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif sign in _SMALL:
            if digit is None and at and said[at - 1] in _SMALL:
                return None
            section += (1 if digit is None else digit) * _SMALL[sign]
            digit = None
        else:
            section += digit or 0
            if sign == "亿":
                total = (total + (section or (0 if total else 1))) * _LARGE[sign]
            else:
                total += (section or 1) * _LARGE[sign]
            section, digit = 0, None
    return Decimal(total + section + (digit or 0))
