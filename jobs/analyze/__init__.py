"""Whole papers broken down, once for everybody who asks, and questions about them answered."""

from jobs.analyze.allowance import Allowance, Allowances
from jobs.analyze.analyses import Analyses
from jobs.analyze.making import Workshop
from jobs.analyze.orders import Order, Ready, Waiting
from jobs.analyze.posting import Posting
from jobs.analyze.runs import Ended, Update
from jobs.analyze.texts import KeptTexts

__all__ = [
    "Allowance",
    "Allowances",
    "Analyses",
    "Ended",
    "KeptTexts",
    "Order",
    "Posting",
    "Ready",
    "Update",
    "Waiting",
    "Workshop",
]
