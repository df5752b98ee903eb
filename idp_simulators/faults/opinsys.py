# SPDX-License-Identifier: Apache-2.0
"""Faults of Opinsys's token: how it is signed, what it claims, when, for whom, and how often it is posted."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from idp_simulators.faults.opinsys_fault import OpinsysFault, OpinsysScene
from idp_simulators.opinsys.answers import OpinsysAnswer
from idp_simulators.opinsys.tokens import Token, base64url, by_hmac, by_nobody, by_rsa, compact

_JWT: Final = "RFC 8725 3.1"
_JWS: Final = "RFC 7515 5.2"
_PROTOCOL: Final = "home-protocols 3"
_SIGNATURE: Final = "home-token-signature-invalid"
_ALGORITHM: Final = "home-token-algorithm"
_MALFORMED: Final = "home-token-malformed"
_CLAIM: Final = "home-token-claim-missing"
_OUTSIDE: Final = 190
_INSIDE: Final = 170
"""Seconds beside the three minutes of skew that are allowed."""

_Change: TypeAlias = Callable[[OpinsysAnswer, OpinsysScene], OpinsysAnswer]

_NAMED_KEY: Final = "The token is signed rightly, and its header names a key that nobody knows."
_ESCAPED: Final = "The letters of the claims are spelled as JSON escapes, before signing."
_MORE: Final = "The token claims one thing more, which nobody reads."


def _token(change: Callable[[Token], Token]) -> _Change:
    return lambda answer, _scene: replace(answer, token=change(answer.token))


def _claims(**changes: object) -> _Change:
    return lambda answer, _scene: answer.with_claims(**changes)


def _shifted(**seconds: int) -> _Change:
    """Set claims to so many seconds from now."""

    def change(answer: OpinsysAnswer, scene: OpinsysScene) -> OpinsysAnswer:
        now = int(scene.now.timestamp())
        return answer.with_claims(**{name: now + shift for name, shift in seconds.items()})

    return change


def _by_hmac_with_public_key(answer: OpinsysAnswer, scene: OpinsysScene) -> OpinsysAnswer:
    public = scene.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return replace(answer, token=answer.token.signed("HS256", by_hmac(public)))


def _by_sha512(answer: OpinsysAnswer, scene: OpinsysScene) -> OpinsysAnswer:
    return replace(answer, token=answer.token.signed("RS512", by_rsa(scene.key, hashes.SHA512())))


def _by_stranger(answer: OpinsysAnswer, scene: OpinsysScene) -> OpinsysAnswer:
    return replace(answer, token=replace(answer.token, sign=by_rsa(_stranger(scene))))


def _by_stranger_in_header(answer: OpinsysAnswer, scene: OpinsysScene) -> OpinsysAnswer:
    """Sign by a strange key and bring it along, for whoever takes the key from the token."""
    key = _stranger(scene)
    numbers = key.public_key().public_numbers()
    words = {"n": numbers.n, "e": numbers.e}
    jwk = {name: base64url(value.to_bytes((value.bit_length() + 7) // 8, "big")) for name, value in words.items()}
    return replace(answer, token=replace(answer.token.with_header(jwk={"kty": "RSA", **jwk}), sign=by_rsa(key)))


def _stranger(scene: OpinsysScene) -> RSAPrivateKey:
    key = load_pem_private_key(scene.stranger().private_key_pem, password=None)
    if not isinstance(key, RSAPrivateKey):
        message = "a stranger's key is an RSA key"
        raise TypeError(message)
    return key


def _nonce_of_another_login(answer: OpinsysAnswer, scene: OpinsysScene) -> OpinsysAnswer:
    return answer.with_claims(nonce=scene.another_nonce)


def _wrong_nonce(answer: OpinsysAnswer, _scene: OpinsysScene) -> OpinsysAnswer:
    return answer.with_claims(nonce=secrets.token_urlsafe(18))


def _payload_changed(token: str) -> str:
    """Put another person into the signed claims, and leave the signature as it is."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["sub"] = claims["sub"][::-1]
    return ".".join((header, base64url(compact(claims).encode()), signature))


def _signature_changed(token: str) -> str:
    content, _, signature = token.rpartition(".")
    return f"{content}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def _escaped(claims: Mapping[str, object]) -> str:
    """Return the claims as JSON in which each letter of each value is an escape (RFC 8259 7)."""
    text = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'(?<=:")[^"]*(?=")', lambda value: "".join(f"\\u{ord(letter):04x}" for letter in value[0]), text)


def _posted(times: int) -> _Change:
    return lambda answer, _scene: replace(answer, deliveries=times)


_named_key: Final = _token(lambda token: token.with_header(kid="nobody"))
_spelled_with_escapes: Final = _token(lambda token: replace(token, written=_escaped))
_with_one_more: Final = _claims(acr="urn:mpass.id:authnsource:nothing")


def _fault(
    fault_id: str, sentence: str, clause: str, because: str, change: _Change, twin_sentence: str, twin: _Change
) -> OpinsysFault:
    return OpinsysFault(f"opinsys-{fault_id}", sentence, clause, because, change, twin_sentence, twin)


FAULTS: Final = (
    _fault(
        "unsigned",
        "The token says that it is not signed (`none`), and is not.",
        _JWT,
        _ALGORITHM,
        _token(lambda token: token.signed("none", by_nobody)),
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "hmac-with-public-key",
        "The token is signed with HS256, and the secret is Opinsys's public key.",
        _JWT,
        _ALGORITHM,
        _by_hmac_with_public_key,
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "rs512",
        "The token is signed with RS512, by the right key.",
        _PROTOCOL,
        _ALGORITHM,
        _by_sha512,
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "foreign-key",
        "A key that nobody knows signed the token.",
        _JWS,
        _SIGNATURE,
        _by_stranger,
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "foreign-key-in-header",
        "A key that nobody knows signed the token, and stands in its header.",
        "RFC 8725 3.10",
        _SIGNATURE,
        _by_stranger_in_header,
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "subject-changed",
        "The person in the token was changed after signing.",
        _JWS,
        _SIGNATURE,
        _token(lambda token: token.with_edit(_payload_changed)),
        _ESCAPED,
        _spelled_with_escapes,
    ),
    _fault(
        "signature-value-changed",
        "One letter of the token's signature was changed.",
        _JWS,
        _SIGNATURE,
        _token(lambda token: token.with_edit(_signature_changed)),
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "signature-cut-off",
        "The token's signature is missing, and its header says RS256.",
        _JWS,
        _SIGNATURE,
        _token(lambda token: replace(token, sign=by_nobody)),
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "cut-off",
        "The token ends after its claims.",
        "RFC 7515 7.1",
        _MALFORMED,
        _token(lambda token: token.with_edit(lambda text: text.rpartition(".")[0])),
        _NAMED_KEY,
        _named_key,
    ),
    _fault(
        "critical-header",
        "The token's header demands an extension that nobody knows.",
        "RFC 7515 4.1.11",
        _MALFORMED,
        _token(lambda token: token.with_header(crit=["unknown"], unknown=True)),
        "The token's header has a word that nobody knows, and demands nothing.",
        _token(lambda token: token.with_header(unknown=True)),
    ),
    _fault(
        "wrong-issuer",
        "The token says that another source issued it.",
        _PROTOCOL,
        "home-token-wrong-issuer",
        _claims(iss="https://opinsys.example.org/another"),
        _ESCAPED,
        _spelled_with_escapes,
    ),
    _fault(
        "wrong-audience",
        "The token is addressed to another service.",
        _PROTOCOL,
        "home-token-wrong-audience",
        _claims(aud="https://another-service.example.org/shibboleth"),
        _ESCAPED,
        _spelled_with_escapes,
    ),
    _fault(
        "audience-missing",
        "The token is addressed to nobody.",
        _PROTOCOL,
        _CLAIM,
        _claims(aud=None),
        _MORE,
        _with_one_more,
    ),
    _fault(
        "subject-missing",
        "The token does not say who signed in.",
        _PROTOCOL,
        _CLAIM,
        _claims(sub=None),
        _MORE,
        _with_one_more,
    ),
    _fault(
        "nonce-missing",
        "The token has no nonce.",
        _PROTOCOL,
        _CLAIM,
        _claims(nonce=None),
        _MORE,
        _with_one_more,
    ),
    _fault(
        "expiry-missing",
        "The token does not say when it ends.",
        _PROTOCOL,
        _CLAIM,
        _claims(exp=None),
        _MORE,
        _with_one_more,
    ),
    _fault(
        "wrong-nonce",
        "The token has a nonce that nobody sent.",
        _PROTOCOL,
        "home-nonce-mismatch",
        _wrong_nonce,
        _ESCAPED,
        _spelled_with_escapes,
    ),
    _fault(
        "nonce-of-another-login",
        "The token has the nonce of the last other login there.",
        _PROTOCOL,
        "home-nonce-mismatch",
        _nonce_of_another_login,
        _ESCAPED,
        _spelled_with_escapes,
    ),
    _fault(
        "expired",
        "The token ended 190 seconds ago.",
        _PROTOCOL,
        "home-token-expired",
        _shifted(iat=-_OUTSIDE - 60, exp=-_OUTSIDE),
        "The token ended 170 seconds ago.",
        _shifted(iat=-_INSIDE - 60, exp=-_INSIDE),
    ),
    _fault(
        "long-lived",
        "The token was issued 250 seconds ago and says that it lives for an hour.",
        _PROTOCOL,
        "home-token-expired",
        _shifted(iat=-_OUTSIDE - 60, exp=3600),
        "The token was issued 230 seconds ago and says that it lives for an hour.",
        _shifted(iat=-_INSIDE - 60, exp=3600),
    ),
    _fault(
        "not-yet-valid",
        "The token is issued in 190 seconds.",
        _PROTOCOL,
        "home-token-not-yet-valid",
        _shifted(iat=_OUTSIDE, exp=_OUTSIDE + 60),
        "The token is issued in 170 seconds.",
        _shifted(iat=_INSIDE, exp=_INSIDE + 60),
    ),
    _fault(
        "replayed",
        "The token is posted a second time, with the cookies of the first.",
        _PROTOCOL,
        "response-replayed",
        _posted(2),
        "The token is posted once, and says more than one does.",
        _with_one_more,
    ),
)
