"""Who is let in, who decides, and commands under short names: what is stored of them."""

from datetime import timedelta

import pytest
import sqlite_utils
from posting import NOW

from storage import access, shorthand
from storage.access import Grant
from storage.migrations import migrations
from storage.models import Platform

LATER = NOW + timedelta(minutes=1)
HERE = Platform.TELEGRAM
LAB, SCHOOL = "-1001000000001", "-1001000000002"


@pytest.fixture
def tx():
    db = sqlite_utils.Database(memory=True)
    migrations.apply(db)
    yield db
    db.close()


def decide(tx, room, *, allowed, title="The lab", now=NOW):
    access.decide(tx, HERE, room, allowed=allowed, title=title, now=now)


def test_a_room_is_a_stranger_until_somebody_decides(tx):
    assert access.decision(tx, HERE, LAB) is None
    decide(tx, LAB, allowed=False)
    assert access.decision(tx, HERE, LAB) is False
    decide(tx, LAB, allowed=True)
    assert access.decision(tx, HERE, LAB) is True
    assert access.decision(tx, Platform.TERMINAL, LAB) is None
    access.revoke(tx, HERE, LAB)
    assert access.decision(tx, HERE, LAB) is None


def test_the_rooms_that_were_let_in_are_listed_as_they_came(tx):
    decide(tx, LAB, allowed=True, title="The lab", now=LATER)
    decide(tx, SCHOOL, allowed=True, title="暑期学校", now=NOW)
    decide(tx, "-1001000000003", allowed=False)
    assert access.granted(tx) == [Grant(HERE, SCHOOL, "暑期学校"), Grant(HERE, LAB, "The lab")]


def test_a_decision_moves_with_its_room(tx):
    decide(tx, LAB, allowed=True)
    access.move(tx, HERE, LAB, SCHOOL)
    assert access.granted(tx) == [Grant(HERE, SCHOOL, "The lab")]
    assert access.decision(tx, HERE, LAB) is None
    access.move(tx, HERE, SCHOOL, SCHOOL)
    assert access.decision(tx, HERE, SCHOOL) is True
    access.move(tx, HERE, LAB, "nowhere")
    assert access.decision(tx, HERE, "nowhere") is None


def test_what_was_decided_of_the_new_room_itself_counts_more(tx):
    decide(tx, LAB, allowed=True)
    decide(tx, SCHOOL, allowed=False)
    access.move(tx, HERE, LAB, SCHOOL)
    assert access.decision(tx, HERE, SCHOOL) is False
    assert access.decision(tx, HERE, LAB) is None


def test_an_admin_is_made_once(tx):
    access.make_admin(tx, "telegram:42", LATER)
    access.make_admin(tx, "telegram:7", NOW)
    access.make_admin(tx, "telegram:7", LATER + timedelta(1))
    assert access.admins(tx) == ["telegram:7", "telegram:42"]


def test_a_short_name_stands_for_its_command_for_ever(tx):
    assert shorthand.find(tx, "abc") is None
    shorthand.keep(tx, {"abc": "/subscribe cs.CV", "def": "/paper 2602.00001"}, NOW)
    shorthand.keep(tx, {"abc": "/unsubscribe all"}, LATER)
    assert shorthand.find(tx, "abc") == "/subscribe cs.CV"
    assert shorthand.find(tx, "def") == "/paper 2602.00001"
