"""Whether a day's use leaves room for another call. Pure."""

from datetime import datetime

from jobs.llm.choice import Limits


def reached(tokens: int, cost: float, limits: Limits) -> bool:
    """True once a day that used so much has used what it may."""
    too_many = limits.tokens is not None and tokens >= limits.tokens
    return too_many or (limits.cost is not None and cost >= limits.cost)


def day_start(now: datetime) -> datetime:
    """When the day of the budget began: midnight, UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
