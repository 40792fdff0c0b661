import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from html import unescape
from itertools import pairwise
from unicodedata import normalize

import pytest
from fakes import chat_at
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_texts import Text as Shown
from telegram_texts import check_text, parse, units

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
from formatters.telegram import (
    Key,
    Message,
    TelegramRenderer,
    callback_data,
    from_payload,
    long_commands,
    messages,
    one_message,
    read_callback,
    to_payload,
    toast,
)
from formatters.text import strip_controls
from formatters.text.clauses import cut_at_clause
from storage.models import Lang, Operation, PaperId

JOINER = "\u2060"
CARD = PaperCard(
    paper="2602.00103",
    title="Looking Twice: Models That Re-read <Their> Own R&D Evidence",
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
    abstract="We look twice. Accuracy rises by 4.1 points. The rest is told in the paper.",
)
CHINESE = replace(
    CARD,
    translated_title="再看一眼：回答之前重新审视证据的模型",
    byline="Ada Lindqvist、Boris Okonjo、Carla Weng 等 7 人",
    tldr="第二次查看图像时只用 38% 的视觉 token，准确率不变。",
    tldr_label="速读",
    findings=("平均提升 4.1 个百分点。",),
    notice="作者已撤稿",
)


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


def labels(message: Message) -> list[list[str]]:
    return [[key.label for key in row] for row in message.rows]


def shown(message: Message) -> Shown:
    """The message as TDLib shows it, once it is sure that Telegram takes it whole."""
    text = parse(message.text, "html")
    check_text(text)
    assert text.plain == unescape(re.sub(r"<[^>]*>", "", message.text)).strip()
    assert units(text.plain) <= 3_800
    assert len(text.entities) <= text.weight <= 90
    keys = [key for row in message.rows for key in row]
    assert len(keys) <= 100
    assert all(len(row) <= 8 and row for row in message.rows)
    assert all(key.label.strip() for key in keys)
    assert all(1 <= len(key.data.encode()) <= 64 for key in keys)
    return text


def kinds(text: Shown) -> set[str]:
    return {entity["type"] for entity in text.entities}


def covered(text: Shown, entity: dict) -> str:
    wide = text.plain.encode("utf-16-le")
    start = 2 * entity["offset"]
    return wide[start : start + 2 * entity["length"]].decode("utf-16-le")


def bare(text: str) -> str:
    """Text without white space, joiners, and the signs that stand between parts."""
    return normalize("NFC", "".join(re.sub(f"[{JOINER}·:：]", "", text).split()))


def test_a_paper_alone_is_told_whole_with_its_abstract_folded():
    [message] = messages(Document((CARD,)))
    assert message.text.replace(JOINER, "") == (
        '<b><a href="https://arxiv.org/abs/2602.00103">'
        "Looking Twice: Models That Re-read &lt;Their&gt; Own R&amp;D Evidence</a></b>\n"
        "<i>Ada Lindqvist, Boris Okonjo, Carla Weng +4</i>\n"
        "<i>arXiv:2602.00103v1 · cs.CV, cs.LG · 2026-02-06</i>\n\n"
        "<b>TL;DR</b>: A second look, guided by the first answer, needs only 38% of the tokens.\n\n"
        "• Accuracy rises by 4.1 points.\n"
        "• It costs 0.7× as much.\n\n"
        "<blockquote expandable>We look twice. Accuracy rises by 4.1 points. "
        "The rest is told in the paper.</blockquote>\n\n"
        '<a href="https://arxiv.org/pdf/2602.00103v1">PDF</a> · '
        '<a href="https://github.com/made-up/two">Code</a>'
    )
    assert "url" not in kinds(shown(message))


def test_a_withdrawn_paper_says_so_in_bold_in_chinese():
    [message] = messages(Document((CHINESE,)))
    text = shown(message).plain
    assert "<b>⚠️ 作者已撤稿</b>\n\n<b>速读</b>：第二次" in message.text
    assert text.splitlines()[1] == "再看一眼：回答之前重新审视证据的模型"


def test_a_paper_in_a_list_is_short_and_its_number_opens_it():
    [message] = messages(Document((*entries(2), Buttons((Button("More", "/more"),)))))
    first, second = message.text.replace(JOINER, "").split("\n\n")
    assert first == (
        '1. <b><a href="https://arxiv.org/abs/2602.00001">'
        "Looking Twice: Models That Re-read &lt;Their&gt; Own R&amp;D Evidence</a></b>\n"
        "<i>new · Ada Lindqvist, Boris Okonjo, Carla Weng +4 · cs.CV, cs.LG</i>\n"
        "A second look, guided by the first answer, needs only 38% of the tokens.\n"
        '<a href="https://arxiv.org/pdf/2602.00103v1">PDF</a> · '
        '<a href="https://github.com/made-up/two">Code</a>'
    )
    assert second.startswith("2. <b>")
    numbers = (Key("1", "/paper 2602.00001"), Key("2", "/paper 2602.00002"))
    assert message.rows == (numbers, (Key("More", "/more"),))
    assert "abstract" not in message.text
    assert "matched" not in message.text


def test_a_document_is_set_airily():
    document = Document(
        (
            Title(plain("Status")),
            Text((Span("as of today", Style.FAINT),)),
            Text(plain("Try /subscribe multimodal")),
            Heading(plain("Service")),
            Facts((("Queue", plain("0 waiting")), ("/help", plain("全部命令")))),
            Bullets((plain("one"), plain("two")), start=4),
            Code("multimodal AND (\n               ^"),
            Code("/pause 7d"),
            Buttons((Button("Help", "/help"),)),
        )
    )
    [message] = messages(document)
    assert message.text == (
        "<b>Status</b>\n<i>as of today</i>\nTry /subscribe multimodal\n\n"
        "<b>Service</b>\nQueue: 0 waiting\n/help：全部命令\n\n"
        "4. one\n5. two\n\n"
        "<pre>multimodal AND (\n               ^</pre>\n\n"
        "<code>/pause 7d</code>"
    )
    assert [e["type"] for e in shown(message).entities] == [
        "bold", "italic", "bot_command", "bold", "bot_command", "pre", "code",
    ]  # fmt: skip


def test_left_over_titles_are_folded_and_numbered_on():
    [message] = messages(Document((left_over(2), Text((Span("/more", Style.FAINT),)))))
    assert message.text == (
        "<b>2 more papers</b>\n<blockquote expandable>"
        '9. <a href="https://arxiv.org/abs/2602.00000">A Title among Many, Number 0</a>\n'
        '10. <a href="https://arxiv.org/abs/2602.00001">A Title among Many, Number 1</a>'
        "</blockquote>\n<i>/more</i>"
    )


HOSTILE = (
    "@durov #ad $TON /start cs.CV tg://join <b>&amp; {a,b}@mail.org C# x@b.co https://a.org/@b#c"
)


@pytest.mark.parametrize("sign", ["", "。", "\u200e", "é", "(", "https://x.org/", "https://x.org,"])
def test_a_paper_mentions_nobody_and_offers_no_command(sign):
    text = " ".join(sign + word for word in HOSTILE.split())
    card = replace(
        CARD, title=text, byline=text, tldr=text, tldr_label=text, findings=(text,), abstract=text
    )
    blocks = (card, Lead(1, plain(text)), card, Titles(text, (plain(text),)), Title(plain(text)))
    for message in messages(Document(blocks)):
        found = shown(message)
        assert not kinds(found) & {"mention", "hashtag", "cashtag", "bot_command"}
        linked = {covered(found, entity) for entity in found.entities if entity["type"] == "url"}
        assert not [link for link in linked if re.match(r"\W?(?!https).*(?:cs|tg)\W", link)]


def test_two_runs_of_text_make_no_mention_together():
    for parts in (("@", "durov"), ("see #", "ad"), ("$", "TON")):
        [message] = messages(Document((Text(tuple(map(Span, parts))),)))
        assert not kinds(shown(message)) & {"mention", "hashtag", "cashtag"}


@pytest.mark.parametrize(
    "title", ["שלום עולם: כותרת", "𝔸𝔹 𝒞 of 👩‍🔬", "<b>x</b> & y", "", "\u202e"]
)
def test_odd_titles_and_five_hundred_authors_are_taken_as_they_are(title):
    byline = ", ".join(f"Ada Nordholm-{n} 𝔸" for n in range(500))
    card = replace(CARD, title=title, byline=byline)
    parts = messages(Document((card, Lead(1, plain("new")), card)))
    said = bare("".join(shown(part).plain for part in parts))
    name = strip_controls(title) or CARD.paper
    assert said.startswith(bare(name + byline))
    assert bare("1. " + name + "new" + byline) in said
    shown(one_message(Document((card,))))


def test_a_link_to_nowhere_stays_text():
    spans = tuple(
        Span(f"word{n} ", href=href)
        for n, href in enumerate(("javascript:x", "tg://user?id=5", "https://a.org/" + "x" * 2000))
    )
    [message] = messages(Document((Text(spans),)))
    assert message.text == "word0 word1 word2"


def test_an_address_may_hold_every_sign():
    href = 'https://a.org/it\'s?q="<x>"&r=1#(y)'
    [message] = messages(Document((Text((Span("here", href=href),)),)))
    [entity] = shown(message).entities
    assert unescape(message.text) == f'<a href="{href}">here</a>'
    assert entity["url"].startswith("https://a.org/it's?q=")


def test_a_bare_ring_is_not_lost():
    [message] = messages(Document((Text(plain("A\u030angstro\u0308m")),)))
    assert message.text == "\u00c5ngstr\u00f6m"


def test_a_long_document_is_split_between_papers():
    parts = messages(Document((Title(plain("Many")), *entries(30))))
    assert len(parts) > 1
    assert [part.silent for part in parts] == [False] + [True] * (len(parts) - 1)
    for part in parts[1:]:
        assert re.match(r"\d+\. <b>", part.text)
        shown(part)
    assert all(part.text.endswith("Code</a>") for part in parts)
    assert [part.rows != () for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [len(row) for row in parts[-1].rows] == [8, 8, 8, 6]


def test_a_long_paragraph_is_split_between_sentences():
    text = " ".join(f"This is sentence number {n} of a long story." for n in range(300))
    parts = messages(Document((Text(plain(text)),)))
    assert len(parts) == 4
    assert all(shown(part).plain.endswith("story.") for part in parts)
    assert " ".join(shown(part).plain for part in parts) == text


def test_buttons_stand_under_the_message_that_holds_what_is_before_them():
    long = plain("word " * 700)
    document = Document(
        (
            Text(long), Buttons((Button("one", "/one"),)),
            Text(long), Buttons(tuple(Button(str(n), f"/x {n}") for n in range(9))),
            Buttons((Button("last", "/last", turns=True),)),
        )
    )  # fmt: skip
    first, second = messages(document)
    assert labels(first) == [["one"]]
    assert labels(second) == [list("01234567"), ["8"], ["last"]]
    assert second.rows[-1][0].data == "=/last"


def test_buttons_before_any_text_wait_for_it():
    buttons = Buttons((Button("Help", "/help"),))
    [message] = messages(Document((buttons, Text(plain("Hello")))))
    assert (message.text, labels(message)) == ("Hello", [["Help"]])
    assert labels(one_message(Document((buttons,)))) == [["Help"]]
    assert messages(Document(())) == []


def test_more_keys_than_telegram_takes_keep_the_other_buttons():
    numbers = [b for n in range(150) for b in (Lead(n, ()), replace(paper(n), tldr="", links=()))]
    message = one_message(Document((*numbers, Buttons((Button("More", "/more"),)))))
    shown(message)
    assert sum(map(len, message.rows)) == 100
    assert message.rows[-1] == (Key("More", "/more"),)


# In a given number of messages


def test_room_is_made_by_cutting_summaries_first():
    long = "A clause that says something, and another clause of about the same length. " * 3
    document = Document(entries(12, tldr=long))
    whole, short = messages(document), messages(document, 1)
    assert len(whole) == 2
    assert len(short) == 1
    said = shown(short[0]).plain
    assert said.count("about the same length.\n") == 12
    assert [len(row) for row in short[0].rows] == [8, 4]


@pytest.mark.parametrize("lang", Lang)
def test_then_titles_alone_and_then_fewer_of_the_left_over_ones(lang):
    document = Document((*entries(16), left_over(60), Text(plain("The end."))))
    message = one_message(document, lang)
    said = shown(message).plain
    assert "16. Looking Twice" in said
    assert "second look" not in said
    listed = re.findall(r"A Title among Many", said)
    assert 0 < len(listed) < 60
    assert say("telegram.left_out", lang, n=60 - len(listed)) in said
    assert said.endswith("The end.")
    assert [len(row) for row in message.rows] == [8, 8]
    assert len(shown(messages(document, 2, lang)[0]).plain) > 2_000


def test_at_last_papers_are_left_out_but_their_keys_stay():
    message = one_message(Document(entries(90)))
    said = shown(message).plain
    listed = said.count("Looking Twice")
    assert said.endswith(f"… and {90 - listed} more")
    assert sum(map(len, message.rows)) == 90


def test_a_card_that_is_too_long_loses_what_its_abstract_says_too_and_then_the_abstracts_end():
    told = [f"Sentence {n} of the abstract tells a little more." for n in range(70)]
    card = replace(CARD, findings=(*told[:8], "In other words."), abstract=" ".join(told))
    once = shown(one_message(Document((card,)))).plain
    assert "• Sentence" not in once
    assert "• In other words." in once
    assert "Sentence 69" in once
    card = replace(card, abstract=card.abstract * 3)
    cut = shown(one_message(Document((card,)))).plain
    assert re.search(r"a little more\. …\n\nPDF · Code\Z", cut)
    assert len(cut) > 3_600


def test_what_has_no_list_to_cut_ends_early():
    message = one_message(Document(tuple(Text(plain("word " * 99)) for _ in range(50))))
    assert shown(message).plain.endswith("word\n…")
    assert len(shown(message).plain) > 3_000


def test_a_clause_is_cut_where_it_may_end():
    text = "One short claim. Then a longer one, which goes on; and on without an end in sight"
    assert cut_at_clause(text, 100) == text
    assert cut_at_clause(text, 40) == "One short claim."
    assert cut_at_clause(text[17:], 45) == "Then a longer one, which goes on…"
    assert cut_at_clause("没有句号的一句话，后面还有很长很长的半句", 12) == "没有句号的一句话…"
    assert cut_at_clause("no mark anywhere in these words", 12) == "no mark…"


# Digests

OVERVIEW = Document((Title(plain("paperround")), Bullets((plain("A theme of the day. " * 40),))))
ENGINE = Text((Span("Summaries are quoted.", Style.FAINT),))


def digest(
    count: int, tail: Document, address: str, more: str | None = None, **fields: object
) -> list[Message]:
    blocks = entries(count, **fields)
    shared = {PaperId(card.paper): Shared(f"card {card.paper}", card) for card in blocks[1::2]}
    leads = tuple(zip(blocks[::2], shared, strict=True))
    pages = Pages(OVERVIEW, leads, tail, Lang.ZH, PaperId(more) if more else None)
    parts = TelegramRenderer().digest(pages, shared, chat_at(address))
    assert all(part.card is None and part.operation is Operation.POST for part in parts)
    made = [from_payload(part.payload) for part in parts]
    assert [message.silent for message in made] == [False] + [True] * (len(made) - 1)
    for message in made:
        shown(message)
    return made


def test_a_small_digest_is_one_message():
    [message] = digest(2, Document((left_over(3), ENGINE)), "4711", more="2602.00009")
    text = message.text
    assert text.index("paperround") < text.index("1. <b>") < text.index("<blockquote expandable>")
    assert text.endswith("<i>Summaries are quoted.</i>")
    assert message.rows[-1] == (Key("更多", "/more 2602.00009"),)
    assert labels(message)[0] == ["1", "2"]


def test_a_larger_one_begins_with_the_overview_alone():
    overview, papers = digest(14, Document((left_over(12), ENGINE)), "4711", more="2602.00099")
    assert shown(overview).plain.endswith("A theme of the day.")
    assert overview.rows == ()
    assert papers.text.startswith("1. <b>")
    assert [len(row) for row in papers.rows] == [8, 6, 1]
    assert labels(papers)[-1] == ["更多"]


@pytest.mark.parametrize(("address", "most"), [("-1004711", 2), ("4711", 3), ("-1004711/7", 2)])
def test_a_digest_costs_a_group_two_messages_and_a_private_chat_three(address, most):
    long = "A clause that says something, and another clause of about the same length. " * 4
    made = digest(20, Document((left_over(20, 21), ENGINE)), address, "2602.00100", tldr=long)
    assert len(made) == most
    opening = [key.data for row in made[-1].rows for key in row if key.label.isdigit()]
    assert len(opening) == 20 or most == 3


def test_papers_follow_the_overview_before_a_summary_is_cut():
    long = "A clause that says something, and another clause of about the same length. " * 3
    first, second = digest(14, Document((ENGINE,)), "-100", tldr=long)
    assert "1. Looking" in shown(first).plain
    assert (first.text + second.text).count("same length.\n") == 14


def test_a_remark_never_stands_alone():
    for count in range(8, 14):
        made = digest(count, Document((ENGINE,)), "4711")
        assert all("1" in shown(message).plain for message in made[1:])


def test_a_notice_and_a_card_are_finished_messages():
    renderer = TelegramRenderer()
    assert renderer.name == "telegram"
    [part] = renderer.notice(Document((Text(plain("arXiv is late.")),)))
    assert from_payload(part.payload) == Message("arXiv is late.")
    assert from_payload(renderer.card(CARD)) == one_message(Document((CARD,)))


# Buttons


def test_a_button_says_its_command_and_whether_it_turns():
    assert callback_data(Button("3", "/paper 2602.06043")) == "/paper 2602.06043"
    assert callback_data(Button("▶", "/more 2602.1", turns=True)) == "=/more 2602.1"
    back = read_callback("=/more 2602.1")
    assert (back.text, back.is_short, back.turns) == ("/more 2602.1", False, True)


def test_a_long_command_goes_by_a_name_that_is_kept():
    button = Button("ok", "/offer 大语言模型的持续学习与参数高效微调 at 08:30 lang zh", turns=True)
    document = Document((Buttons((button, Button("no", "/help"))),))
    data = callback_data(button)
    back = read_callback(data)
    assert data == f"=~{back.text}"
    assert (back.is_short, back.turns) == (True, True)
    assert len(urlsafe_b64decode(back.text + "==")) == 16
    assert long_commands(document) == {back.text: button.command}


COMMANDS = st.text(max_size=80) | st.sampled_from(
    ["", "=x", "~x", "/p" + "x" * 62, "/" + "值" * 21]
)


@given(COMMANDS, st.booleans())
def test_every_button_finds_its_command_again(command, turns):
    button = Button("x", command, turns=turns)
    data = callback_data(button)
    assert 1 <= len(data.encode()) <= 64
    back = read_callback(data)
    kept = long_commands(Document((Buttons((button,)),)))
    assert back.turns is turns
    assert (kept[back.text] if back.is_short else back.text) == command


def test_a_number_of_a_list_with_a_long_id_is_kept_too():
    odd = replace(CARD, paper="x" * 80)
    document = Document((Lead(1, plain("new")), odd))
    assert list(long_commands(document).values()) == ["/paper " + "x" * 80]


@pytest.mark.parametrize(
    "message",
    [
        Message("<b>多模态</b> 𝔸"),
        Message("x", ((Key("1", "/paper 1"), Key("🔗", href="https://t.me/x")), (Key("a"),)), True),
    ],
)
def test_a_payload_is_the_message(message):
    assert from_payload(to_payload(message)) == message
    assert ": " not in to_payload(message)


def test_a_short_answer_can_be_a_toast():
    link = Span("A Title", href="https://arxiv.org/abs/2602.00001")
    saved = Document((Text((Span("Saved: "), link)), Buttons((Button("Undo", "/unsave"),))))
    assert toast(saved) == "Saved: A Title"
    assert toast(Document((Text(plain("wrong")), Code("a (\n  ^")))) == "wrong\na (\n  ^"
    assert toast(Document((Text(plain("x" * 201)),))) is None
    assert toast(Document((CARD,))) is None
    assert toast(Document(())) is None


# Any document

WORD = st.sampled_from(
    [
        "word", "模态，", "（注）", "@durov", "#tag", "$TON", "/start", "cs.CV", "<b>", "&amp;",
        "e\u0301", "👩‍🔬", "𝔸𝔹", "שלום", "مرحبا", "\u202e", "\x1b[2J", "\n", "  ", "tg://x", "a.io",
        "https://a.org/x_(y)?z=1#q", "x" * 90, "4111111111111111", "end.", "Then, so;",
    ]
)  # fmt: skip
WORDS = st.lists(WORD, max_size=12).map(" ".join)
LONG = st.tuples(WORDS, st.integers(1, 400)).map(lambda found: (found[0] + " ") * found[1])
ANY = WORDS | st.text(max_size=30) | LONG
HREF = st.sampled_from([None, "https://a.org/x?a=1&b=2", "http://a.org/" + "p" * 300, "nowhere"])
INLINE = st.lists(st.builds(Span, ANY, st.sampled_from(Style), HREF), max_size=4).map(tuple)
MANY = st.lists(INLINE, max_size=3) | st.tuples(INLINE, st.integers(1, 300)).map(
    lambda found: [found[0]] * min(found[1], 1 + 20_000 // (1 + sum(len(s.text) for s in found[0])))
)
CARDS = st.builds(
    PaperCard,
    paper=st.sampled_from(["2602.00103", "hep-th/9901001", ""]),
    title=ANY,
    href=st.just("https://arxiv.org/abs/2602.00103"),
    translated_title=st.none() | WORDS,
    byline=WORDS,
    label=WORDS.map(lambda text: text.replace(", ", "，")),
    tldr=ANY,
    tldr_label=WORDS,
    findings=st.lists(ANY, max_size=3).map(tuple),
    links=st.just((("PDF", "https://a.org/x"), ("<&>", "https://b.org/"))),
    abstract=st.none() | ANY,
    notice=st.none() | WORDS,
)
LEADS = st.builds(Lead, st.integers(1, 200), INLINE, st.none() | WORDS)
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
    st.builds(Buttons, st.lists(st.builds(Button, WORDS, COMMANDS), max_size=20).map(tuple)),
)
DOCUMENTS = st.lists(BLOCKS.map(lambda block: (block,)) | st.tuples(LEADS, CARDS), max_size=5).map(
    lambda blocks: Document(tuple(block for group in blocks for block in group))
)


def inline(text) -> str:
    return "".join(strip_controls(span.text) for span in text)


def listed(items, mark) -> list[str]:
    said = enumerate(map(inline, items))
    return [mark(number) + item for number, item in said if item.strip()]


def card_told(card: PaperCard, lead: Lead | None) -> list[str]:
    title, tldr = strip_controls(card.title).strip(), strip_controls(card.tldr).strip()
    above = [title or card.paper or "…", card.translated_title or ""]
    notice = f"⚠️ {card.notice}" if strip_controls(card.notice or "").strip() else ""
    links = "".join(label for label, _ in card.links)
    if lead:
        beneath = [inline(lead.text), card.byline, card.label]
        return [f"{lead.number}. ", *above, *beneath, notice, tldr, links]
    findings = [f"• {found}" for found in card.findings if strip_controls(found).strip()]
    summary = card.tldr_label + tldr if tldr else ""
    said = [*above, card.byline, card.label, notice, summary, *findings, card.abstract or "", links]
    return [strip_controls(part) for part in said]


def told(document: Document) -> str:
    """All that a document says, told once more."""
    out: list[str] = []
    blocks = (None, *document.blocks, None)
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        match block:
            case Lead() if not isinstance(after, PaperCard):
                said = inline(block.text) + strip_controls(block.why or "")
                out += [f"{block.number}. {said}"] * bool(said.strip())
            case Title() | Heading() | Text():
                out.append(inline(block.text))
            case Bullets(items=items, start=None):
                out += listed(items, lambda _: "• ")
            case Bullets(items=items, start=start):
                out += listed(items, lambda n, start=start: f"{n + start}. ")
            case Titles(caption=caption, items=items, start=start):
                out += [caption, *listed(items, lambda n, start=start: f"{n + start}. ")]
            case Facts(pairs=pairs):
                out += [name + inline(value) for name, value in pairs]
            case Code(text=text):
                out.append(text)
            case PaperCard():
                out += card_told(block, before if isinstance(before, Lead) else None)
    return bare("".join(strip_controls(part) for part in out))


@given(DOCUMENTS)
@settings(deadline=None)
def test_every_document_is_told_whole_within_telegrams_limits(document):
    made = messages(document)
    said = "".join(shown(message).plain for message in made)
    assert bare(said) == told(document) or (said == "…" and not told(document))


@given(DOCUMENTS, st.integers(1, 3), st.sampled_from(Lang))
@settings(deadline=None)
def test_every_document_fits_into_the_messages_that_it_is_given(document, most, lang):
    made = messages(document, most, lang)
    assert len(made) <= most
    assert bool(made) == bool(messages(document))
    for message in made:
        shown(message)
    numbers = sum(
        isinstance(b, PaperCard) and isinstance(a, Lead) for a, b in pairwise(document.blocks)
    )
    opening = [key for m in made for row in m.rows for key in row if key.data.startswith("/paper ")]
    assert len(opening) >= numbers
