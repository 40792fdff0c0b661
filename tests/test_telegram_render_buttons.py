"""Buttons under Telegram's messages: where they stand, and what they say of their command."""

from base64 import urlsafe_b64decode
from dataclasses import replace

from documents import CARD, paper
from telegram_form import labels, shown

from formatters.document import Button, Buttons, Document, Lead, Text, plain
from formatters.telegram import (
    Key,
    callback_data,
    long_commands,
    messages,
    one_message,
    read_callback,
)


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


def test_a_number_of_a_list_with_a_long_id_is_kept_too():
    odd = replace(CARD, paper="x" * 80)
    document = Document((Lead(1, plain("new")), odd))
    assert list(long_commands(document).values()) == ["/paper " + "x" * 80]
