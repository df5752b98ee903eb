# SPDX-License-Identifier: Apache-2.0
"""What a new password must be."""

import pytest

from idp_simulators.password_hashes import hash_password, is_password_of_hash
from idp_simulators.password_rules import Fault, NewPasswordProblem, new_password_problems

GOOD = "kolme keltaista kirjaa"
SALT = bytes(range(16))


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("abcdefghijk", "too-short", id="eleven characters"),
        pytest.param("abcdefghij" * 13, "too-long", id="a hundred and thirty characters"),
        pytest.param("abcdabcdabcd", "too-simple", id="four different characters"),
        pytest.param("demo_u0001pwd", "holds-user-name", id="the documented password"),
        pytest.param("xx DEMO_U0001 yy", "holds-user-name", id="the user name in capitals"),
    ],
)
def test_refuses_a_password_that_is(password: str, fault: Fault):
    """Each rule has its own message."""
    assert new_password_problems("demo_u0001", password, password) == (NewPasswordProblem("new-password", fault),)


def test_refuses_a_password_that_is_not_repeated():
    """The problem is the second field's."""
    assert new_password_problems("demo_u0001", GOOD, GOOD + "!") == (
        NewPasswordProblem("repeated-password", "not-repeated"),
    )


@pytest.mark.parametrize("password", [GOOD, "abcdeabcdeab", "ä" * 8 + "öåüß", "abcdefgh" * 16])
def test_takes_a_password_that_follows_the_rules(password: str):
    """Twelve characters, five of them different, up to 128."""
    assert new_password_problems("demo_u0001", password, password) == ()


def test_takes_the_same_letters_written_otherwise_for_the_same():
    """A letter and its accent as two characters are the letter with the accent."""
    assert new_password_problems("demo_u0001", "päivänpaiste", "pa\u0308iva\u0308npaiste") == ()
    assert is_password_of_hash(hash_password("päivänpaiste", SALT), "pa\u0308iva\u0308npaiste") is True


def test_knows_the_password_of_a_hash():
    """The right one and no other."""
    kept = hash_password(GOOD, SALT)

    assert (is_password_of_hash(kept, GOOD), is_password_of_hash(kept, GOOD + " ")) == (True, False)


def test_keeps_nothing_of_the_password_itself():
    """The text that is kept names the scheme, the salt and the key."""
    assert hash_password(GOOD, SALT).startswith("scrypt$14$8$1$AAECAwQFBgcICQoLDA0ODw==$")
    assert "keltaista" not in hash_password(GOOD, SALT)


@pytest.mark.parametrize("kept", ["", "$", "plain", "scrypt$14$8$1$AAEC$", "md5$1$1$1$AAEC$AAEC", "scrypt$14$8$1$?$?"])
def test_opens_to_nobody_for_what_is_no_hash(kept: str):
    """A row that somebody altered signs nobody in."""
    assert is_password_of_hash(kept, GOOD) is False
    assert is_password_of_hash(kept, "") is False
