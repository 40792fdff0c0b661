"""What Slack sends again after a lost acknowledgement acts once. Pure but for its memory."""

from collections import OrderedDict

MOST_KEPT = 5_000


class Once:
    """The events and interactions that were seen lately."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def is_first(self, body: dict) -> bool:  # type: ignore[type-arg]
        """Whether this payload is new: an event by its id, an interaction by its trigger."""
        key = body.get("event_id") or body.get("trigger_id")
        if key is None:
            return True
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > MOST_KEPT:
            self._seen.popitem(last=False)
        return True
