"""An analysis as documents: what a group sees at once, its chapters, and its files. Pure."""

from formatters.compose.analysis.chapters import Chapter
from formatters.compose.analysis.files import html_file, markdown_file
from formatters.compose.analysis.pages import AnalysisPages, pages
from formatters.compose.analysis.words import ChapterName, Word, analysis_command

__all__ = [
    "AnalysisPages",
    "Chapter",
    "ChapterName",
    "Word",
    "analysis_command",
    "html_file",
    "markdown_file",
    "pages",
]
