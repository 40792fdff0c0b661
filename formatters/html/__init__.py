"""Documents as HTML: the inside of a page, or a whole file that needs nothing else."""

from formatters.html.fragment import LANG_TAGS, fragment
from formatters.html.page import page

__all__ = ["LANG_TAGS", "fragment", "page"]
