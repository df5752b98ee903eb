# SPDX-License-Identifier: Apache-2.0
"""Which token of an Opinsys is accepted (home-protocols 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certs.keys import make_key_pair
from federation.reasons import Refusal
from proxy.asking.opinsys_token import ExpectedToken, verify_token
from proxy.asking.parties import read_certificate
from tests.builders.home_answers import (
    NONCE,
    NOW,
    PROXY,
    SOURCE,
    SUBJECT,
    base64url,
    claims,
    hmac_token,
    opinsys_pair,
    token,
    unsigned_token,
)

OTHER = make_key_pair("idp-other", NOW)
ISSUED = int(NOW.timestamp())
KEY = read_certificate(opinsys_pair().certificate_pem, "here")
PUBLIC_PEM = KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(key: RSAPublicKey) -> dict[str, str]:
    """Return a public key as a token's header may carry it."""
    numbers = key.public_numbers()
    return {
        "kty": "RSA",
        "n": base64url(numbers.n.to_bytes(256, "big")),
        "e": base64url(numbers.e.to_bytes(3, "big")),
    }


def other_key() -> RSAPublicKey:
    """Return the public key of another provider."""
    key = x509.load_pem_x509_certificate(OTHER.certificate_pem).public_key()
    assert isinstance(key, RSAPublicKey)
    return key


def verified(presented: str, seconds_later: float = 0) -> str:
    """Return who signed in by a token, or the id of the reason it is refused for."""
    expected = ExpectedToken(issuer=SOURCE, audience=PROXY, nonce=NONCE, key=KEY)
    said = verify_token(presented, expected, NOW + timedelta(seconds=seconds_later))
    return said.reason_id if isinstance(said, Refusal) else said


def test_accepts_a_token_that_holds():
    """Whoever signed in is known by the opaque id."""
    assert verified(token()) == SUBJECT


@pytest.mark.parametrize(
    ("presented", "because"),
    [
        pytest.param(unsigned_token(), "home-token-algorithm", id="no signature, and none promised"),
        pytest.param(hmac_token(PUBLIC_PEM), "home-token-algorithm", id="HS256 with the public key"),
        pytest.param(token(header={"alg": "PS256"}), "home-token-algorithm", id="another algorithm of the same key"),
        pytest.param(token(header={"alg": "rs256"}), "home-token-algorithm", id="the algorithm in other letters"),
        pytest.param(token(pair=OTHER), "home-token-signature-invalid", id="another provider's key"),
        pytest.param(token(header={"jwk": jwk(other_key())}, pair=OTHER), "home-token-signature-invalid", id="a key in its header"),
        pytest.param(token(header={"jku": "https://evil.example/keys"}, pair=OTHER), "home-token-signature-invalid", id="an address of keys in its header"),
        pytest.param(token(header={"x5u": "https://evil.example/crt"}, pair=OTHER), "home-token-signature-invalid", id="an address of a certificate in its header"),
        pytest.param(token(header={"x5c": [OTHER.certificate_base64]}, pair=OTHER), "home-token-signature-invalid", id="a certificate in its header"),
        pytest.param(token(header={"kid": "../../dev/null"}, pair=OTHER), "home-token-signature-invalid", id="the id of a key in its header"),
        pytest.param(token().rpartition(".")[0] + "." + token({"x": 1}).rpartition(".")[2], "home-token-signature-invalid", id="the signature of another token"),
        pytest.param(token()[:-6], "home-token-signature-invalid", id="a signature cut short"),
        pytest.param(token(header={"crit": ["b64"], "b64": True}), "home-token-malformed", id="an extension that it demands"),
        pytest.param(token(header={"crit": ["exp"], "exp": 1}), "home-token-malformed", id="an extension nobody knows"),
        pytest.param(token(header={"b64": False}), "home-token-malformed", id="a payload that is no base64"),
        pytest.param(token([claims()]), "home-token-malformed", id="a list of claims"),
        pytest.param(token("text"), "home-token-malformed", id="a text in the place of claims"),
        pytest.param(token(header={"x": "a" * 9_000}), "home-token-malformed", id="a token without end"),
        pytest.param("a.b", "home-token-malformed", id="two parts"),
        pytest.param("", "home-token-malformed", id="nothing"),
        pytest.param("ä.ö.å", "home-token-malformed", id="letters that are no base64"),
        pytest.param(token(claims(sub=None)), "home-token-claim-missing", id="nobody"),
        pytest.param(token(claims(nonce=None)), "home-token-claim-missing", id="no nonce"),
        pytest.param(token(claims(jti=None)), "home-token-claim-missing", id="no id"),
        pytest.param(token(claims(exp=None)), "home-token-claim-missing", id="no end"),
        pytest.param(token(claims(iat=None)), "home-token-claim-missing", id="no beginning"),
        pytest.param(token(claims(exp=str(ISSUED + 60))), "home-token-claim-missing", id="an end that is text"),
        pytest.param(token(claims(exp=True)), "home-token-claim-missing", id="an end that is a truth"),
        pytest.param(token(claims(exp=float("inf"))), "home-token-claim-missing", id="an end that never comes"),
        pytest.param(token(claims(aud=[PROXY])), "home-token-claim-missing", id="a list of audiences"),
        pytest.param(token(claims(iss="https://idp.localhost/other")), "home-token-wrong-issuer", id="another source's name"),
        pytest.param(token(claims(aud="https://mpass.localhost/idp/shibboleth")), "home-token-wrong-audience", id="another party's token"),
        pytest.param(token(claims(nonce=NONCE[::-1])), "home-nonce-mismatch", id="the nonce of another login"),
        pytest.param(token(claims(iss="x", aud="x", nonce="x")), "home-token-wrong-issuer", id="everything wrong: the issuer comes first"),
    ],
)  # fmt: skip
def test_refuses(presented: str, because: str):
    """Each with the id of its own check."""
    assert verified(presented) == because


@pytest.mark.parametrize(
    ("seconds_later", "said"),
    [
        pytest.param(59 + 180, SUBJECT, id="in the last second that skew allows"),
        pytest.param(60 + 180, "home-token-expired", id="when skew is used up"),
        pytest.param(-180, SUBJECT, id="as early as skew allows"),
        pytest.param(-181, "home-token-not-yet-valid", id="a second earlier"),
    ],
)
def test_takes_a_token_in_its_time(seconds_later: float, said: str):
    """A token lives a minute, and clocks may be three minutes apart, as for SAML."""
    assert verified(token(), seconds_later) == said


def test_takes_no_token_that_gave_itself_a_longer_life():
    """What a token says of its own end shortens its life only."""
    assert verified(token(claims(exp=ISSUED + 3600)), 240) == "home-token-expired"
    assert verified(token(claims(exp=ISSUED - 300)), 0) == "home-token-expired"


@pytest.mark.parametrize("name", ["kid", "jku", "x5u", "jwk"])
def test_does_not_look_at_keys_that_a_header_names(name: str):
    """A header that names another key changes nothing of a token signed with the right one."""
    named = {"kid": "other", "jku": "https://evil.example", "x5u": "https://evil.example", "jwk": jwk(other_key())}

    assert verified(token(header={name: named[name]})) == SUBJECT
