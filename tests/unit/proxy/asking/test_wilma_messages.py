# SPDX-License-Identifier: Apache-2.0
"""Wilma's addresses, and which answer is accepted (home-protocols 2)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from federation.endpoints import WilmaEndpoints
from federation.reasons import Refusal
from proxy.asking.parties import Wilma
from proxy.asking.wilma_messages import WilmaAnswer, data_url, sign_in_url, verify_answer
from tests.builders.home_answers import NONCE, RETURN_URL, SECRET, SOURCE, checksum, wilma_query

WILMA = Wilma(WilmaEndpoints(SOURCE), SECRET)
RETURN_TO = "https%3A%2F%2Fmpass.localhost%2Flogin%2F0123456789abcdefghijkl%2Fwilma%3Fnonce%3DAbCdEfGhIjKlMnOpQrStUv-_"
SAID = f"nonce={NONCE}&username=virtavee"


def answered(query: str) -> WilmaAnswer | str:
    """Return what an answer says, or the id of the reason it is refused for."""
    answer = verify_answer(query, RETURN_URL, NONCE, SECRET)
    return answer.reason_id if isinstance(answer, Refusal) else answer


def test_asks_by_an_address_that_vouches_for_itself():
    """The checksum is the last parameter, over everything before it as it is sent."""
    asked = f"{SOURCE}/mpass/login?returnUrl={RETURN_TO}"

    assert sign_in_url(WILMA, RETURN_URL, NONCE, is_forced=False) == f"{asked}&h={checksum(asked)}"
    forced = f"{asked}&forcedLogin=true"
    assert sign_in_url(WILMA, RETURN_URL, NONCE, is_forced=True) == f"{forced}&h={checksum(forced)}"


def test_asks_for_data_with_a_fresh_nonce_each_time():
    """The user name is percent-encoded, so that it can hold nothing of the address."""
    first, second = data_url(WILMA, "a&h=b ä"), data_url(WILMA, "a&h=b ä")

    asked, _, sent = first.rpartition("&h=")
    assert sent == checksum(asked)
    assert re.fullmatch(rf"{SOURCE}/external/mpass\?username=a%26h%3Db%20%C3%A4&nonce=[A-Za-z0-9_-]{{24}}", asked)
    assert parse_qs(urlsplit(first).query)["nonce"] != parse_qs(urlsplit(second).query)["nonce"]


@pytest.mark.parametrize(
    ("said", "user_name"),
    [
        pytest.param(SAID, "virtavee", id="a user name"),
        pytest.param(f"nonce={NONCE}&username=%C3%A4l%26y%3D%2B", "äl&y=+", id="a user name percent-encoded"),
        pytest.param(f"nonce={NONCE}&cancelled=true", None, id="nobody, who turned back"),
    ],
)
def test_accepts_an_answer_that_holds(said: str, user_name: str | None):
    """Whoever signed in is who Wilma says, and nobody where they turned back."""
    assert answered(wilma_query(said)) == WilmaAnswer(user_name)


@pytest.mark.parametrize(
    ("query", "because"),
    [
        pytest.param(wilma_query(f"nonce={NONCE[::-1]}&username=virtavee"), "home-nonce-mismatch", id="the nonce of another login"),
        pytest.param(wilma_query(secret=b"o" * 32), "home-checksum-invalid", id="a checksum with another provider's secret"),
        pytest.param(wilma_query().replace("virtavee", "rehtori1"), "home-checksum-invalid", id="a user name swapped after the checksum"),
        pytest.param(wilma_query().replace("username=virtavee", "cancelled=true"), "home-checksum-invalid", id="a user name turned into a cancellation"),
        pytest.param(wilma_query(url=RETURN_URL.replace("0123", "3210")), "home-checksum-invalid", id="the address of another login"),
        pytest.param(f"{SAID}&h={checksum(SAID)}", "home-checksum-invalid", id="a checksum over the query alone"),
        pytest.param(f"{SAID}&h={'0' * 64}", "home-checksum-invalid", id="no checksum at all, in its form"),
        pytest.param(f"{SAID}&h={wilma_query()[-64:].upper()}", "home-answer-malformed", id="a checksum in capitals"),
        pytest.param(f"{SAID}&h={wilma_query()[-64:-1]}", "home-answer-malformed", id="a checksum cut short"),
        pytest.param(SAID, "home-answer-malformed", id="no checksum"),
        pytest.param(wilma_query("username=virtavee"), "home-answer-malformed", id="no nonce"),
        pytest.param(wilma_query(f"nonce={NONCE}"), "home-answer-malformed", id="no user name"),
        pytest.param(wilma_query(f"nonce={NONCE}&username="), "home-answer-malformed", id="an empty user name"),
        pytest.param(wilma_query(f"nonce={NONCE}&username={'a' * 301}"), "home-answer-malformed", id="a user name without end"),
        pytest.param(wilma_query(f"username=virtavee&nonce={NONCE}"), "home-answer-malformed", id="parameters in another order"),
        pytest.param(wilma_query(f"{SAID}&username=rehtori1"), "home-answer-malformed", id="a user name twice"),
        pytest.param(wilma_query(f"nonce={NONCE}&{SAID}"), "home-answer-malformed", id="a nonce twice"),
        pytest.param(f"{wilma_query()}&h={'0' * 64}", "home-answer-malformed", id="a checksum twice"),
        pytest.param(wilma_query(f"{SAID}&role=teacher"), "home-answer-malformed", id="a parameter in excess"),
        pytest.param(f"{wilma_query()}&lang=fi", "home-answer-malformed", id="a parameter after the checksum"),
        pytest.param(wilma_query(f"{SAID}&cancelled=true"), "home-answer-malformed", id="signed in and turned back"),
        pytest.param(wilma_query(f"nonce={NONCE}&username=%FF"), "home-answer-malformed", id="a user name that is no text"),
        pytest.param(wilma_query(f"nonce={NONCE}&username=%2"), "home-answer-malformed", id="half a character"),
        pytest.param(f"{wilma_query()}\n", "home-answer-malformed", id="a line break at the end"),
        pytest.param("", "home-answer-malformed", id="nothing"),
    ],
)  # fmt: skip
def test_refuses(query: str, because: str):
    """Each with the id of its own check."""
    assert answered(query) == because


def test_keeps_the_secret_out_of_what_is_printed():
    """A traceback or a log line that shows the party shows no key."""
    assert repr(SECRET) not in repr(WILMA)
