"""An analysis as files: Markdown, and a web page in one piece."""

from formatters.compose.analysis.pages import AnalysisPages
from formatters.file import File
from formatters.html import page
from formatters.markdown import markdown


def markdown_file(pages: AnalysisPages) -> File:
    """All of it in GitHub-flavoured Markdown."""
    return File(pages.file_name("md"), markdown(pages.whole, pages.lang))


def html_file(pages: AnalysisPages) -> File:
    """All of it as one page, which loads nothing."""
    return File(pages.file_name("html"), page(pages.whole, pages.lang))
