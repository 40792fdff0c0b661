"""Posts as they look, in signs like Markdown's; and a paper with such signs in its title."""

from dataclasses import replace

import documents
from slack_form import read

from formatters.document import Document, Lead, PaperCard
from formatters.slack import Post, posts

CARD = replace(
    documents.CARD,
    title="Looking Twice: Models That Re-read <Their> *Own* R&D Evidence",
    abstract=None,
)
TITLE = "**Looking Twice: Models That Re-read <Their> *Own* R&D Evidence**"
READ_ON = "[PDF](https://arxiv.org/pdf/2602.00103v1) · [Code](https://github.com/made-up/two)"


def entries(count: int, **fields: object) -> tuple[Lead | PaperCard, ...]:
    return documents.entries(count, CARD, **fields)


def sketch(blocks) -> str:
    """Blocks as they look: `#` a header, `~` a remark, links and bold as in Markdown."""
    return "\n\n".join(map(sketched, blocks))


def sketched(block: dict) -> str:
    match block["type"]:
        case "header":
            return f"# {block['text']['text']}"
        case "context":
            return "~ " + block["elements"][0]["text"]
        case "actions":
            return " ".join(f"[{tap['text']['text']}]" for tap in block["elements"])
    return "\n".join(map(sketched_part, block["elements"]))


def sketched_part(part: dict) -> str:
    kind = part["type"].removeprefix("rich_text_")
    if kind == "list":
        first = part.get("offset", 0) + 1
        marks = "•" if part["style"] == "bullet" else "{}."
        rows = (sketched_part(item) for item in part["elements"])
        return "\n".join(f"{marks.format(n)} {row}" for n, row in enumerate(rows, first))
    said = "".join(map(sketched_run, part["elements"]))
    return {"preformatted": f"```{said}```", "quote": f"> {said}"}.get(kind, said)


def sketched_run(run: dict) -> str:
    text = run["text"]
    for name, mark in (("bold", "**"), ("code", "`")):
        text = f"{mark}{text}{mark}" if run.get("style", {}).get(name) else text
    return f"[{text}]({run['url']})" if run["type"] == "link" else text


def shown(post: Post) -> str:
    read(post)
    return sketch(post.blocks)


def one(*blocks) -> Post:
    [post] = posts(Document(blocks))
    return post
