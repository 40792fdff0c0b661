"""What a paper says to models instead of to readers: found, taken out, reported. Pure."""

from jobs.screening.finding import instructions_in
from jobs.screening.texts import ABSTRACT, screened, screened_together

__all__ = ["ABSTRACT", "instructions_in", "screened", "screened_together"]
