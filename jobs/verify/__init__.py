"""The checks on every text that a language model wrote, before it is stored or shown.

`check` cuts away what surrounds a text (greetings, notes, tags, markdown) and judges the
rest against the paper it was made from. Pure: no I/O but word lists read at first use, no
clock, no model. It cuts and refuses; it never rewrites.
"""

from jobs.verify.checking import check
from jobs.verify.fields import Fault, FaultKind, Field, Kind, Verdict
from jobs.verify.numbers import omitted
from jobs.verify.source import Source

__all__ = ["Fault", "FaultKind", "Field", "Kind", "Source", "Verdict", "check", "omitted"]
