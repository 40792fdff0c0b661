from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_blocks import in_view
from slack_form import judge, read
from slack_texts import Reading, mrkdwn

from formatters.catalogue import say
from formatters.compose.digest import Pages, Shared
from formatters.document import (
    Bullets,
    Button,
    Buttons,
    Code,
    Document,
    Facts,
    Heading,
    Lead,
    PaperCard,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.slack import (
    Post,
    SlackRenderer,
    from_payload,
    home,
    merged,
    one_post,
    posts,
    read_tap,
    tap_value,
    to_payload,
)
from formatters.text import strip_controls
from storage.models import Chat, ChatKey, DraftPart, Lang, PaperId, Platform

JOINER = "\u2060"
CARD = PaperCard(
    paper="2602.00103",
    title="Looking Twice: Models That Re-read <Their> *Own* R&D Evidence",
    href="https://arxiv.org/abs/2602.00103",
    translated_title=None,
    byline="Ada Lindqvist, Boris Okonjo, Carla Weng +4",
    label="arXiv:2602.00103v1 · cs.CV, cs.LG · 2026-02-06",
    tldr="A second look, guided by the first answer, needs only 38% of the tokens.",
    tldr_label="TL;DR",
    findings=("Accuracy rises by 4.1 points.", "It costs 0.7× as much."),
    links=(
        ("PDF", "https://arxiv.org/pdf/2602.00103v1"),
        ("Code", "https://github.com/made-up/two"),
    ),
)
ABSTRACT = "We look twice. Accuracy rises by 4.1 points. The rest is told in the paper."
CHINESE = replace(
    CARD,
    translated_title="再看一眼：回答之前重新审视证据的模型",
    byline="Ada Lindqvist、Boris Okonjo、Carla Weng 等 7 人",
    tldr="第二次查看图像时只用 38% 的视觉 token，准确率不变。",
    tldr_label="速读",
    findings=("平均提升 4.1 个百分点。",),
    notice="作者已撤稿",
)
CHAT = Chat(ChatKey(1), Platform.SLACK, "C0123", Lang.EN, "UTC")


def paper(number: int, **fields: object) -> PaperCard:
    ident = f"2602.{number:05}"
    return replace(CARD, paper=ident, href=f"https://arxiv.org/abs/{ident}", **fields)


def entries(count: int, **fields: object) -> tuple[Lead | PaperCard, ...]:
    return tuple(
        block
        for number in range(1, count + 1)
        for block in (Lead(number, plain("new"), "matched ti: evidence"), paper(number, **fields))
    )


def left_over(count: int, start: int = 9) -> Titles:
    titles = tuple(
        (Span(f"A Title among Many, Number {n}", href=f"https://arxiv.org/abs/2602.{n:05}"),)
        for n in range(count)
    )
    return Titles(f"{count} more papers", titles, start)


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


def bare(text: str) -> str:
    """Text without white space, joiners, and the signs that stand between parts."""
    return "".join(
        "".join(text.split()).translate(dict.fromkeys(map(ord, f"{JOINER}·:："))).split()
    )


TITLE = "**Looking Twice: Models That Re-read <Their> *Own* R&D Evidence**"
READ_ON = "[PDF](https://arxiv.org/pdf/2602.00103v1) · [Code](https://github.com/made-up/two)"


def test_a_paper_alone_is_told_whole_and_links_where_it_should():
    assert shown(one(replace(CARD, abstract=ABSTRACT))) == (
        f"[{TITLE}](https://arxiv.org/abs/2602.00103)\n\n"
        "~ Ada Lindqvist, Boris Okonjo, Carla Weng +4"
        " · arXiv:2602.00103v1 · cs.CV, cs.LG · 2026-02-06\n\n"
        "**TL;DR**: A second look, guided by the first answer, needs only 38% of the tokens.\n"
        "• Accuracy rises by 4.1 points.\n"
        "• It costs 0.7× as much.\n"
        f"> {ABSTRACT}\n"
        f"{READ_ON}"
    )


def test_a_withdrawn_paper_says_so_in_bold_in_chinese():
    said = shown(one(CHINESE))
    assert f"\n{CHINESE.translated_title}\n**⚠️ 作者已撤稿**\n\n" in said
    assert "\n\n**速读**：第二次" in said


def test_a_paper_in_a_list_stands_under_its_number_above_its_buttons():
    first, *_ = posts(Document((*entries(2), Buttons((Button("More", "/more"),)))), Lang.ZH)
    head, *_ = shown(first).split("\n\n[收藏]")
    assert head.startswith("**1. **[**Looking Twice")
    assert "\n\n~ new · matched ti: evidence · Ada Lindqvist" in head
    assert head.endswith(READ_ON)
    actions = [block for block in first.blocks if block["type"] == "actions"]
    assert [sketched(row) for row in actions] == ["[收藏] [👍] [👎] [论文摘要]"] * 2 + ["[More]"]
    values = [tap["value"] for tap in actions[0]["elements"]]
    ident = "2602.00001"
    assert values == [f"/save {ident}", f"/up {ident}", f"/down {ident}", f"/paper {ident}"]
    names = [tap["action_id"] for row in actions for tap in row["elements"]]
    assert names == [f"command-{n}" for n in range(9)]


def test_a_document_is_set_airily():
    document = (
        Title(plain("Status")),
        Text((Span("as of today", Style.FAINT),)),
        Text((Span("arXiv was late", Style.FAINT),)),
        Text(plain("Try /subscribe multimodal")),
        Heading(plain("Service")),
        Facts((("Queue", plain("0 waiting")), ("帮助", plain("全部命令")))),
        Text((Span("Peft", Style.STRONG),)),
        Bullets((plain("one"), plain("two")), start=4),
        Code("multimodal AND (\n               ^"),
        Text(plain("For example")),
        Code("/pause 7d"),
        left_over(2),
        Text((Span("/more", Style.FAINT),)),
        Buttons((Button("Help", "/help"), Button("Back", "/start", turns=True))),
    )
    link = "[A Title among Many, Number {0}](https://arxiv.org/abs/2602.0000{0})"
    assert shown(one(*document)) == (
        "# Status\n\n~ as of today\narXiv was late\n\nTry /subscribe multimodal\n\n"
        "**Service**\n**Queue**: 0 waiting\n**帮助**：全部命令\n\n"
        "**Peft**\n4. one\n5. two\n\n"
        "```multimodal AND (\n               ^```\n\n"
        "For example\n`/pause 7d`\n\n"
        f"**2 more papers**\n9. {link.format(0)}\n10. {link.format(1)}\n\n~ /more\n\n[Help] [Back]"
    )


HOSTILE = (
    "<!channel> <!here|x> <@U0123> <#C0123|x> <!subteam^S1> <https://evil.example|PDF> </x> "
    "*bold* _italic_ ~gone~ `code` ```box``` :smile: &lt;!here&gt; &amp; @channel @here @ada "
    "http://evil.example > quote - item node.js | #general"
)


def test_a_paper_mentions_nobody_links_nothing_and_formats_nothing():
    text = HOSTILE
    card = replace(
        CARD, title=text, byline=text, label=text, tldr=text, tldr_label=text, notice=text,
        translated_title=text, findings=(text,), abstract=text, links=((text, CARD.href),),
    )  # fmt: skip
    blocks = (
        card, Lead(1, plain(text), text), card, Titles(text, (plain(text),)), Title(plain(text)),
        Lead(2, plain(text), text), Bullets((plain(text),)), Facts(((text, plain(text)),)),
        Text((Span(text, Style.FAINT),)), Heading(plain(text)), Buttons((Button(text, "/x"),)),
    )  # fmt: skip
    made = posts(Document(blocks))
    for post in made:
        found = read(post)
        assert not found.mentions
        assert {link.url for link in found.links} <= {CARD.href}
        assert {name for name, _ in found.styles} == {"bold"}
        assert ":smile:" not in found.plain + mrkdwn(post.text).plain
    assert sum(read(post).plain.count("<!channel>") for post in made) > 15


def test_code_is_copied_as_it_was_written():
    found = read(one(Code("ti::smile: AND <b>\n\n  ^"), Text((Span(":x:", Style.CODE),))))
    assert found.plain.split("\n", 1)[0] == "ti::smile: AND <b>"
    assert JOINER not in found.plain


def test_a_headline_that_is_too_long_or_leads_elsewhere_is_a_bold_line():
    assert shown(one(Title(plain("x" * 150)))) == "# " + "x" * 150
    assert shown(one(Title(plain("x" * 151)))) == f"**{'x' * 151}**"
    linked = Title((Span("here", href="https://a.org"),))
    assert shown(one(linked)) == "[**here**](https://a.org)"


@pytest.mark.parametrize(
    "href",
    ["javascript:x", "slack://x", "https://", "https:///x", "https://a.org/" + "x" * 1000, "/abs"],
)
def test_a_link_to_nowhere_stays_text(href):
    assert shown(one(Text((Span("word", href=href),)))) == "word"


def test_an_address_may_hold_every_sign():
    href = 'https://a.org:8080/it\'s?q="<x>|y"&r=1#(y)[模]'
    [link] = read(one(Text((Span("here", href=href),)))).links
    assert unquote(link.url) == href
    assert not set('<>|" ') & set(link.url)


def test_a_long_document_is_split_between_papers():
    made = posts(Document((Title(plain("Many")), *entries(30))))
    assert len(made) > 2
    for post in made:
        assert shown(post).removeprefix("# Many\n\n").startswith("**")
        assert post.blocks[-1]["type"] == "actions"
    listed = [line for post in made for line in shown(post).split("\n") if ". **[**" in line]
    assert [line.split(".")[0] for line in listed] == [f"**{n}" for n in range(1, 31)]


def test_a_long_paragraph_is_split_between_sentences():
    text = " ".join(f"This is sentence number {n} of a long story." for n in range(300))
    made = posts(Document((Text(plain(text)),)))
    assert len(made) == 2
    told = [block for post in made for block in shown(post).split("\n\n")]
    assert all(block.endswith("story.") for block in told)
    assert " ".join(told) == text


def test_an_item_that_goes_on_in_another_block_keeps_its_number():
    long = plain("word " * 700)
    found = shown(one(Bullets((plain("short"), long, plain("last")), start=3)))
    assert [line[:8] for line in found.split("\n") if line] == [
        "3. short", "4. word ", "word wor", "5. last",
    ]  # fmt: skip


def test_buttons_stand_five_in_a_row_under_what_is_before_them():
    document = (
        Text(plain("one")),
        Buttons(tuple(Button(str(n), f"/x {n}") for n in range(7))),
        Text(plain("two")),
        Buttons((Button("y" * 80, "/y"), Button("", "/z"))),
    )
    assert shown(one(*document)) == (
        f"one\n\n[0] [1] [2] [3] [4]\n\n[5] [6]\n\ntwo\n\n[{'y' * 74}…] [/z]"
    )


def test_a_button_that_slack_can_not_keep_is_left_out():
    novel, empty = Button("long", "/" + "x" * 2000), Button("none", "")
    assert shown(one(Text(plain("x")), Buttons((novel, empty)))) == "x"


def test_nothing_makes_no_post():
    assert posts(Document(())) == []
    assert posts(Document((Text(plain(" \n")), Bullets((plain(""),)), Code("\n")))) == []
    assert shown(one_post(Document(()))) == "~ …"


# What is said without blocks


def test_the_plain_text_says_what_the_post_says():
    post = one(Title(plain("R&D")), Bullets((plain("a <b>"), plain("c")), 3), replace(CARD))
    assert post.text.startswith("R&amp;D\n3. a &lt;b&gt;\n4. c\nLooking Twice: Models")
    assert mrkdwn(post.text).plain.endswith("• It costs 0.7× as much.\nPDF · Code")


def test_the_plain_text_ends_where_slack_would_cut_it():
    rows = tuple(plain(f"第 {n} 行，很长很长很长很长很长的一行") for n in range(200))
    post = one(Bullets(rows))
    assert read(post).plain.count("很长的") == 200
    assert post.text.endswith("行\n…")
    assert 2_800 < len(post.text.encode()) < 2_910
    long = one(Text(plain("<" * 2_000)))
    assert long.text == "&lt;" * 449 + "…"


# In one post


def test_papers_are_told_shorter_before_any_is_left_out():
    document = Document((*entries(9, findings=("A finding of some length. " * 24,)),))
    assert len(posts(document)) == 2
    said = shown(one_post(document))
    assert "A finding" not in said
    assert said.count("**TL;DR**") == said.count("[Abstract]") == 9


def test_then_they_are_titles_with_the_other_buttons_together():
    blocks = tuple(
        block
        for n in range(40)
        for block in (Text(plain(f"Room {n}")), Buttons((Button(f"Deny {n}", f"/deny {n}"),)))
    )
    post = one_post(Document((*entries(12), *blocks)))
    said = shown(post)
    assert "**12. **" in said
    assert "TL;DR" not in said
    assert "Room 39" in said
    assert [len(b["elements"]) for b in post.blocks if b["type"] == "actions"] == [25, 15]


@pytest.mark.parametrize("lang", Lang)
def test_at_last_the_end_is_left_out_and_that_is_said(lang):
    more = Buttons((Button("More", "/more"),))
    said = shown(one_post(Document((left_over(300), more)), lang))
    assert said.endswith(f"\n\n~ {say('slack.cut', lang)}\n\n[More]")
    assert 90 < said.count("A Title among") < 300


def test_a_home_tab_has_room_for_more():
    rows = tuple(Text(plain(f"Row {n}")) for n in range(90))
    assert len(home(Document(rows))) == 90
    assert len(one_post(Document(rows)).blocks) < 40
    cut = home(Document(tuple(Text(plain("word " * 500)) for _ in range(50))))
    assert sketch(cut[-1:]) == f"~ {say('slack.cut', Lang.EN)}"
    for blocks in (cut, home(Document(rows))):
        assert in_view({"type": "home", "blocks": list(blocks)}, "home") == []


# Digests

OVERVIEW = Document(
    (
        Title(plain("paperround · Friday 6 February 2026")),
        Text((Span("announced 812 → matched 14", Style.FAINT),)),
        Bullets((plain("A theme of the day."),)),
    )
)
ENGINE = Text((Span("Summaries are quoted.", Style.FAINT),))
HINT = Text((Span("/more shows them", Style.FAINT),))


def digest(count: int, *tail, lang: Lang = Lang.EN, thread: bool = True) -> list[Post]:
    blocks = entries(count)
    shared = {PaperId(card.paper): Shared(f"card {card.paper}", card) for card in blocks[1::2]}
    leads = tuple(zip(blocks[::2], shared, strict=True))
    more = PaperId("2602.00099") if tail[1:] else None
    pages = Pages(OVERVIEW, leads, Document(tail), lang, more)
    renderer = SlackRenderer()
    root, *rest = renderer.digest(pages, shared, replace(CHAT, thread=thread))
    assert root == DraftPart(root.payload)
    assert [(part.parent, part.card) for part in rest] == [
        (0, shared[paper].name) for _, paper in leads[: len(rest)]
    ]
    bodies = [renderer.card(shared[paper].card) for _, paper in leads[: len(rest)]]
    replies = [merged(part.payload, body) for part, body in zip(rest, bodies, strict=True)]
    return [from_payload(root.payload), *replies]


def test_a_digest_is_one_message_and_a_thread_of_its_papers():
    root, first, second = digest(2, left_over(3), HINT, ENGINE)
    title = "Looking Twice: Models That Re-read <Their> *Own* R&D Evidence"
    assert shown(root) == (
        "# paperround · Friday 6 February 2026\n\n~ announced 812 → matched 14\n\n"
        "• A theme of the day.\n\n"
        "**2 papers, summarized in the thread**\n"
        f"1. [{title}](https://arxiv.org/abs/2602.00001)\n"
        f"2. [{title}](https://arxiv.org/abs/2602.00002)\n\n"
        "~ 3 more papers\nSummaries are quoted.\n\n[More]"
    )
    assert root.blocks[-1]["elements"][0]["value"] == "/more 2602.00099"
    assert root.text.startswith("paperround · Friday 6 February 2026\nannounced 812 → matched 14\n")
    said = shown(first)
    assert said.startswith(f"~ 1. new · matched ti: evidence\n\n[{TITLE}]")
    assert said.endswith(f"{READ_ON}\n\n[Save] [👍] [👎] [Abstract]")
    assert first.text.startswith("1. Looking Twice: ")
    assert second.blocks[-1]["elements"][3]["value"] == "/paper 2602.00002"


def test_a_chat_without_threads_gets_the_one_message():
    [root] = digest(1, ENGINE, lang=Lang.ZH, thread=False)
    assert "\n\n**本期 1 篇**\n1. [Looking Twice" in shown(root)
    assert shown(root).endswith("~ Summaries are quoted.")


def test_fifty_papers_fit_into_the_root():
    root, *replies = digest(50, left_over(20), HINT, ENGINE)
    assert "50. [Looking Twice" in shown(root)
    assert shown(root).endswith("[More]")
    assert len(replies) == 50


def test_a_lead_without_end_leaves_room_for_its_card():
    lead = Lead(1, plain("new " * 4_000), "why " * 4_000)
    card = Shared("card", replace(CARD, abstract="word " * 4_000))
    pages = Pages(OVERVIEW, ((lead, PaperId("x")),), Document(()), Lang.EN)
    renderer = SlackRenderer()
    _, reply = renderer.digest(pages, {PaperId("x"): card}, CHAT)
    read(merged(reply.payload, renderer.card(card.card)))


def test_a_notice_is_finished_posts():
    renderer = SlackRenderer()
    assert renderer.name == "slack"
    [part] = renderer.notice(Document((Text(plain("arXiv is late.")),)))
    assert from_payload(part.payload).text == "arXiv is late."
    assert shown(merged(part.payload, None)) == "arXiv is late."


def test_a_payload_is_the_post():
    post = one(*entries(2), Text(plain("模态")))
    assert from_payload(to_payload(post)) == post
    assert "模态" in to_payload(post)
    assert to_payload(Post("x", ({"type": "divider"},))) == (
        '{"text":"x","blocks":[{"type":"divider"}]}'
    )


def test_a_button_says_its_command_and_whether_it_turns():
    assert tap_value(Button("3", "/paper 2602.06043")) == "/paper 2602.06043"
    assert tap_value(Button("▶", "/more 2602.1", turns=True)) == "=/more 2602.1"
    back = read_tap("=/more 2602.1")
    assert (back.command, back.turns) == ("/more 2602.1", True)
    assert read_tap("/more").turns is False


# Any document

WORD = st.sampled_from(
    [
        "word", "模态，", "（注）", "<!channel>", "<@U0123>", "<#C1|x>", "<https://e.org|x>",
        "@here", "*b*", "_i_", "~s~", "`c`", "```", ":smile:", ":", "::", "&lt;", "&", "<", ">",
        "|", "> q", "- item", "e\u0301", "👩‍🔬", "𝔸𝔹", "שלום", "\u202e", "\x1b[2J", "\n", "  ", "http://a.io",
        "x" * 90, "end.", "Then, so;", "\t", "\ud800",
    ]
)  # fmt: skip
WORDS = st.lists(WORD, max_size=12).map(" ".join)
LONG = st.tuples(WORDS, st.integers(1, 400)).map(lambda found: (found[0] + " ") * found[1])
ANY = WORDS | st.text(max_size=30) | LONG
HREF = st.sampled_from([None, "https://a.org/x?a=1&b=<2>", "http://a.org/" + "p" * 300, "nowhere"])
INLINE = st.lists(st.builds(Span, ANY, st.sampled_from(Style), HREF), max_size=4).map(tuple)
MANY = st.lists(INLINE, max_size=3) | st.tuples(INLINE, st.integers(1, 300)).map(
    lambda found: [found[0]] * min(found[1], 1 + 20_000 // (1 + sum(len(s.text) for s in found[0])))
)
CARDS = st.builds(
    PaperCard,
    paper=st.sampled_from(["2602.00103", "hep-th/9901001"]),
    title=ANY,
    href=st.just(CARD.href),
    translated_title=st.none() | WORDS,
    byline=WORDS,
    label=WORDS,
    tldr=ANY,
    tldr_label=WORDS,
    findings=st.lists(ANY, max_size=3).map(tuple),
    links=st.just((("PDF", "https://a.org/x"), ("<&>", "https://b.org/"))),
    abstract=st.none() | ANY,
    notice=st.none() | WORDS,
)
LEADS = st.builds(Lead, st.integers(1, 200), INLINE, st.none() | WORDS)
COMMANDS = st.text(max_size=80).map("/{}".format)
BLOCKS = st.one_of(
    st.builds(Title, INLINE),
    st.builds(Heading, INLINE),
    st.builds(Text, INLINE),
    st.builds(Bullets, MANY.map(tuple), st.none() | st.integers(1, 200)),
    st.builds(Facts, st.lists(st.tuples(WORDS, INLINE), max_size=3).map(tuple)),
    st.builds(Code, ANY),
    LEADS,
    CARDS,
    st.builds(Titles, WORDS, MANY.map(tuple), st.integers(1, 200)),
    st.builds(
        Buttons,
        st.lists(st.builds(Button, WORDS, COMMANDS, st.booleans()), max_size=20).map(tuple),
    ),
)
DOCUMENTS = st.lists(BLOCKS.map(lambda block: (block,)) | st.tuples(LEADS, CARDS), max_size=5).map(
    lambda blocks: Document(tuple(block for group in blocks for block in group))
)
LINKS = {CARD.href, "https://a.org/x", "https://b.org/", "http://a.org/" + "p" * 300}
LINKS |= {"https://a.org/x?a=1&b=%3C2%3E"}


def inline(text) -> str:
    return "".join(strip_controls(span.text) for span in text)


def card_told(card: PaperCard, lead: Lead | None) -> list[str]:
    title = strip_controls(card.title).strip() or card.paper
    notice = f"⚠️ {card.notice}" if strip_controls(card.notice or "").strip() else ""
    above = [inline(lead.text), lead.why or ""] if lead else []
    tldr = strip_controls(card.tldr).strip()
    return [
        f"{lead.number}. " if lead else "", title, card.translated_title or "", notice, *above,
        card.byline, card.label, card.tldr_label + tldr if tldr else "", *card.findings,
        card.abstract or "", *(label for label, _ in card.links),
    ]  # fmt: skip


def told(document: Document) -> str:
    """All that a document says, told once more."""
    out: list[str] = []
    blocks = (None, *document.blocks, None)
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        match block:
            case Lead() if not isinstance(after, PaperCard):
                out += [f"{block.number}. {inline(block.text)}", block.why or ""]
            case Title() | Heading() | Text():
                out.append(inline(block.text))
            case Bullets(items=items):
                out += map(inline, items)
            case Titles(caption=caption, items=items):
                out += [caption, *map(inline, items)]
            case Facts(pairs=pairs):
                out += [name + inline(value) for name, value in pairs]
            case Code(text=text):
                out.append(text)
            case PaperCard():
                out += card_told(block, before if isinstance(before, Lead) else None)
    return bare("".join(strip_controls(part) for part in out))


def harmless(found: Reading) -> bool:
    """Nobody is called, and there is no link or style but those that a document has."""
    styles = {name for name, _ in found.styles}
    return (
        not found.mentions
        and {link.url for link in found.links} <= LINKS >= set()
        and (styles <= {"bold", "code"})
    )


@given(DOCUMENTS)
@settings(deadline=None)
def test_every_document_is_told_whole_within_slacks_limits(document):
    found = [read(post) for post in posts(document)]
    assert all(map(harmless, found))
    assert bare("".join(one.plain for one in found)) == told(document)
    assert values(document) <= {tap["value"] for post in posts(document) for tap in taps(post)}


def values(document: Document) -> set[str]:
    """What the document's own buttons say."""
    rows = (block.buttons for block in document.blocks if isinstance(block, Buttons))
    return {tap_value(button) for row in rows for button in row}


def taps(post: Post) -> list[dict]:
    rows = (block["elements"] for block in post.blocks if block["type"] == "actions")
    return [tap for row in rows for tap in row]


@given(DOCUMENTS, st.sampled_from(Lang))
@settings(deadline=None)
def test_every_document_fits_into_one_post_and_into_a_home_tab(document, lang):
    post = one_post(document, lang)
    assert harmless(read(post))
    kept = {tap["value"] for tap in taps(post)}
    assert values(document) <= kept or len(taps(post)) == 50
    blocks = home(document, lang)
    assert 0 < len(blocks) <= 100
    judge(blocks)
