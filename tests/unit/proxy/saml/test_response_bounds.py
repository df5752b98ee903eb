# SPDX-License-Identifier: Apache-2.0
"""What is refused before anybody looks at a signature: size, encoding, document types, depth, IDs."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from federation.reasons import Refusal
from proxy.saml.post import read_posted
from proxy.saml.response import VerifiedAssertion, verify_response
from tests.builders.saml_response import BOTH, DOCUMENT, NOW, assertion_first, edited, expected, message, signed

ENTITY_BOMB = (
    "<!DOCTYPE r [<!ENTITY a0 'lol'>"
    + "".join(f"<!ENTITY a{level} '{f'&a{level - 1};' * 10}'>" for level in range(1, 10))
    + "]>"
)
EXTENSIONS = "<samlp:Extensions>{}</samlp:Extensions><samlp:Status>"


def outcome_of(document: str | bytes) -> str | None:
    """Return the reason that a document is refused for, or `None` where it is accepted."""
    outcome = verify_response(message(document), expected(), NOW)
    return outcome.reason_id if isinstance(outcome, Refusal) else None


def with_extensions(content: str) -> str:
    """Return the signed document with `content` in its Extensions."""
    return signed(edited(DOCUMENT, [("<samlp:Status>", EXTENSIONS.format(content))]))


def many_attributes(count: int) -> str:
    """Return so many XML attributes."""
    return "".join(f" a{number}=''" for number in range(count))


DOCUMENTS = [
    ("nothing", b"", "response-missing"),
    ("no XML", b"hello", "response-not-xml"),
    ("two roots", b"<a/><a/>", "response-not-xml"),
    ("an entity that nobody declared", b"<a>&x;</a>", "response-not-xml"),
    ("bytes that are not UTF-8", b"<a>\xe4</a>", "response-not-xml"),
    ("UTF-16", "<a/>".encode("utf-16"), "response-not-xml"),
    ("a NUL", b"<a>\0</a>", "response-not-xml"),
    ("a declaration of another encoding", b'<?xml version="1.0" encoding="latin-1"?><a/>', "response-not-xml"),
    ("XML 1.1's control characters", b'<?xml version="1.1"?><a>&#1;</a>', "response-not-xml"),
    ("a document type", f"<!DOCTYPE r>{DOCUMENT}".encode(), "response-doctype"),
    ("a document type behind a comment", f"<!--x--><?y z?>\n<!DOCTYPE r>{DOCUMENT}".encode(), "response-doctype"),
    ("a document type behind a mark", f"\ufeff<!DOCTYPE r>{DOCUMENT}".encode(), "response-doctype"),
    (
        "an external entity",
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{DOCUMENT}'.replace("Testi", "&x;").encode(),
        "response-doctype",
    ),
    ("an entity bomb", f"{ENTITY_BOMB}{DOCUMENT}".replace("Testi", "&a9;").encode(), "response-doctype"),
    (
        "default attributes",
        f"<!DOCTYPE r [<!ATTLIST saml:Attribute FriendlyName CDATA 'x'>]>{DOCUMENT}".encode(),
        "response-doctype",
    ),
    ("33 levels", f"{'<a>' * 33}{'</a>' * 33}".encode(), "response-too-deep"),
    ("10,000 levels", f"{'<a>' * 10_000}{'</a>' * 10_000}".encode(), "response-too-deep"),
    ("8,001 elements", f"<a>{'<b/>' * 8_000}</a>".encode(), "response-too-many-elements"),
    ("256 kB and a byte", b" " * (256 * 1024 + 1), "response-too-large"),
    ("10 MB", b"<a>" + b"x" * 10_000_000 + b"</a>", "response-too-large"),
    ("20,000 attributes on one element", f"<a{many_attributes(20_000)}/>".encode(), "response-element-too-wide"),
    ("65 attributes on one element", f"<a{many_attributes(65)}/>".encode(), "response-element-too-wide"),
    ("a duplicate attribute", b"<a b='1' b='2'/>", "response-not-xml"),
    ("one ID in two namespaces", b'<a ID="x"><b xmlns:y="urn:y" y:id="x"/></a>', "response-duplicate-id"),
    ("one xml:id", b'<a ID="x"><b xml:id="x"/></a>', "response-duplicate-id"),
]


@pytest.mark.parametrize(("document", "because"), [pytest.param(*row[1:], id=row[0]) for row in DOCUMENTS if row[1]])
def test_refuses_a_document_of(document: bytes, because: str):
    """Each is refused for what it is, within a second."""
    started = time.perf_counter()

    assert outcome_of(document) == because
    assert time.perf_counter() - started < 1


TWINS = [
    ("a comment in front", "<!-- <!DOCTYPE r> -->" + signed()),
    ("a declaration of UTF-8", '<?xml version="1.0" encoding="utf-8"?>' + signed()),
    ("a byte order mark", "\ufeff" + signed()),
    ("32 levels", with_extensions('<x:a xmlns:x="urn:x">' + "<x:a>" * 29 + "</x:a>" * 29 + "</x:a>")),
    ("7,000 elements", with_extensions('<x:a xmlns:x="urn:x">' + "<x:b/>" * 7_000 + "</x:a>")),
    ("250 kB", with_extensions('<x:a xmlns:x="urn:x">' + "y" * 240_000 + "</x:a>")),
    ("a document type in CDATA", signed(edited(DOCUMENT, [(">Testi<", "><![CDATA[<!DOCTYPE r>]]><")]))),
    ("64 attributes on an element nobody reads", with_extensions(f'<x:a xmlns:x="urn:x"{many_attributes(64)}/>')),
    ("CRLF for line ends", signed().replace("\n", "\r\n")),
    ("an extension with an ID of its own", with_extensions('<x:a xmlns:x="urn:x" ID="_own"/>')),
]


@pytest.mark.parametrize("document", [pytest.param(row[1], id=row[0]) for row in TWINS])
def test_accepts_a_document_with(document: str):
    """The twins, inside the bounds, are accepted."""
    assert outcome_of(document) is None


def test_refuses_one_id_twice():
    """Two elements with one ID are refused before anything is looked up by it."""
    text = edited(DOCUMENT, [("<samlp:Status>", EXTENSIONS.format('<x:a xmlns:x="urn:x" Id="_assertion"/>'))])

    assert outcome_of(signed(text, ["response"])) == "response-duplicate-id"


def test_refuses_one_id_twice_where_only_white_space_differs():
    """An ID is compared as the schema reads it, without the white space around it."""
    text = assertion_first([('ID="_assertion"', 'ID=" _response "')])

    assert outcome_of(text) == "response-schema-invalid"


VALUES = [
    ("line breaks", lambda value: "\r\n".join(value[i : i + 76] for i in range(0, len(value), 76)), None),
    ("blanks", lambda value: " ".join(value[i : i + 76] for i in range(0, len(value), 76)), None),
    ("the alphabet for URLs", lambda value: value[:40] + "-_" + value[42:], "response-not-decodable"),
    ("junk behind", lambda value: value + "!", "response-not-decodable"),
    ("a second value behind", lambda value: base64.b64encode(b"<a/>x").decode() + value, "response-not-decodable"),
    ("characters that are not ASCII", lambda value: value + "ä", "response-not-decodable"),
    ("a length that is no length", lambda value: value[:41], "response-not-decodable"),
    ("too many characters", lambda value: value + "\n" * 400_000, "response-too-large"),
]


@pytest.mark.parametrize(("change", "because"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
def test_reads_base64_with(change: Callable[[str], str], because: str | None):
    """Line breaks and blanks are read, anything that is not base64 is not."""
    outcome = verify_response(change(message(signed())), expected(), NOW)

    assert (outcome.reason_id if isinstance(outcome, Refusal) else None) == because


FORMS = [
    ("one field", b"SAMLResponse=PGE%2B&RelayState=x%20y", None),
    ("other fields, twice", b"a=1&SAMLResponse=PGE%2B&a=2", None),
    ("no field", b"", "response-missing"),
    ("an empty field", b"SAMLResponse=&RelayState=x", "response-missing"),
    ("only a request", b"SAMLRequest=PGE%2B", "response-missing"),
    ("a request beside the response", b"SAMLResponse=PGE%2B&SAMLRequest=PGE%2B", "response-not-alone"),
    ("two responses", b"SAMLResponse=PGE%2B&SAMLResponse=PGE%2B", "response-parameter-repeated"),
    ("two responses, one name encoded", b"SAMLResponse=PGE%2B&SAML%52esponse=PGE%2B", "response-parameter-repeated"),
    ("two relay states", b"SAMLResponse=PGE%2B&RelayState=a&RelayState=b", "response-parameter-repeated"),
    ("21 fields", b"a=1&" * 20 + b"SAMLResponse=PGE%2B", "response-not-decodable"),
    ("bytes that are not ASCII", b"SAMLResponse=\xe4", "response-not-decodable"),
    ("percent-encoding that is not UTF-8", b"SAMLResponse=%e4", "response-not-decodable"),
    ("a body of 1 MB", b"SAMLResponse=" + b"A" * 1_000_000, "response-too-large"),
]


@pytest.mark.parametrize(("body", "because"), [pytest.param(*row[1:], id=row[0]) for row in FORMS])
def test_reads_a_form_with(body: bytes, because: str | None):
    """A field that stands twice, or a body that is no form, is refused."""
    outcome = read_posted(body, "SAMLResponse")

    assert (outcome.reason_id if isinstance(outcome, Refusal) else None) == because


def test_gives_relay_state_and_message_as_the_form_holds_them():
    """The values are decoded from the form's encoding and not further."""
    posted = read_posted(b"SAMLResponse=PGE%2B&RelayState=x+%C3%A4", "SAMLResponse")

    assert not isinstance(posted, Refusal)
    assert (posted.message, posted.relay_state) == ("PGE+", "x ä")


def test_fetches_nothing_that_a_document_points_at():
    """Schema locations and inclusions are text like any other."""
    text = edited(
        DOCUMENT,
        [
            (
                "<samlp:Response ",
                (
                    '<samlp:Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
                    ' xsi:schemaLocation="urn:x http://127.0.0.1:1/x.xsd" '
                ),
            ),
            (
                "<samlp:Status>",
                EXTENSIONS.format('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
            ),
        ],
    )

    outcome = verify_response(message(signed(text, BOTH)), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion)


def test_says_nothing_of_the_person_in_a_refusal():
    """What the schema or the parser complains about is named by place and kind, never by its value."""
    text = assertion_first(
        [
            (
                "<saml:Assertion ",
                (
                    '<saml:Assertion xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
                    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" '
                ),
            ),
            ("<saml:AttributeValue>Testi<", '<saml:AttributeValue xsi:type="xs:integer">Testi<'),
        ]
    )

    outcome = verify_response(message(text), expected(), NOW)

    assert outcome == Refusal(
        "response-schema-invalid", "SCHEMAV_CVC_DATATYPE_VALID_1_2_1 in line 21", "the schema of SAML 2.0"
    )
