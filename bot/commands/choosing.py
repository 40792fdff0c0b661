"""Which of a chat's subscriptions somebody means. Pure."""

from collections.abc import Callable, Sequence

from storage.errors import UserError
from storage.models import Subscription, Topic

_LONGEST_NUMBER = 9


def meant(
    typed: str, subscriptions: Sequence[Subscription], parse: Callable[[str], Topic]
) -> Subscription | None:
    """The subscription with this number as listed, this `#key`, or this topic.

    A button names the key: the numbers move when a subscription above goes.
    """
    digits = typed.removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER:
        if typed.startswith("#"):
            return next((s for s in subscriptions if s.key == int(digits)), None)
        number = int(digits)
        return subscriptions[number - 1] if 1 <= number <= len(subscriptions) else None
    try:
        text = parse(typed).text
    except UserError:
        return None
    return next((s for s in subscriptions if s.topic == text), None)
