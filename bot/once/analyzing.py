"""`paperround analyze`: papers broken down in this process, printed or written to a file."""

from pathlib import Path

from bot.app import App, opened
from bot.commands.analyzing import how_it_goes
from bot.commands.finding import in_version, of_arxiv
from bot.once.status import status
from bot.settings import Settings
from formatters.catalogue import say
from formatters.compose.analysis import AnalysisPages, html_file, markdown_file, pages
from formatters.compose.cards import Frame
from formatters.document import Document, Text
from jobs.arxiv_ids import parse_paper_id
from storage.errors import UserError
from storage.models import Analysis, Lang, Paper

FORMS = {".md": markdown_file, ".markdown": markdown_file, ".html": html_file, ".htm": html_file}


async def show_analysis(
    settings: Settings, typed: str, lang: Lang, out: Path | None, *, anew: bool
) -> None:
    """Analyze one paper, with progress on standard error.

    Raises UserError for what is no paper or no file that can be written, SourceError and
    RetryLater when arXiv can't be asked, SummaryError when no engine could do it.
    """
    if out is not None and out.suffix.casefold() not in FORMS:
        raise UserError("once.bad_file", path=out)
    async with opened(settings) as app:
        paper = await _paper(app, typed)
        made = None if anew else await app.analyses.cached(paper, lang)
        made = made or await _made(app, paper, lang, anew=anew)
        form = pages(made, paper, Frame(lang, app.desk.site))
        if out is None:
            app.terminal.show(form.whole)
        else:
            _write(out, form)
            app.terminal.write(say("once.written", settings.lang, path=out) + "\n")


async def _paper(app: App, typed: str) -> Paper:
    named = parse_paper_id(typed)
    if named is None:
        raise UserError("paper.bad_id", typed=typed)
    ident, version = named
    found = await of_arxiv(app.source, [ident], app.desk.site)
    return in_version(found[ident], version)


async def _made(app: App, paper: Paper, lang: Lang, *, anew: bool) -> Analysis:
    with status() as show:
        async for word in app.analyses.directly(paper, lang, anew=anew):
            if isinstance(word, Analysis):
                return word
            show(_text_of(how_it_goes(paper.id, word, app.settings.lang)))
    raise AssertionError("the last word is the analysis")


def _text_of(document: Document) -> str:
    texts = (block.text for block in document.blocks if isinstance(block, Text))
    return " ".join("".join(span.text for span in text) for text in texts)


def _write(out: Path, form: AnalysisPages) -> None:
    file = FORMS[out.suffix.casefold()](form)
    try:
        out.write_text(file.content, encoding="utf-8")
    except OSError as error:
        raise UserError("once.not_written", path=out, reason=error.strerror or "") from error
