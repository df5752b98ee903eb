# SPDX-License-Identifier: Apache-2.0
"""Faults of the signatures: missing, by the wrong key, over something else, with a weak algorithm."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from idp_simulators.faults.certificates import certificate_like
from idp_simulators.faults.fault import Fault, Scene, only_assertion_signed, only_response_signed
from idp_simulators.faults.person_attributes import sent_instead, written
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.signing import Hash, Signer

_LONG_AGO: Final = timedelta(days=3650)
_SIGNED: Final = "saml-core-2.0-os 5.4"
_TRUSTED_KEY: Final = "saml-profiles-2.0-os 4.1.4.3"
# The response's own values come first in the text; the assertion's lie within what the response's signature covers.
_SIGNATURE_VALUE: Final = re.compile(r"(<ds:SignatureValue>)([^<]+)(</ds:SignatureValue>)")
_DIGEST_VALUE: Final = re.compile(r"(<ds:DigestValue>)([^<]+)(</ds:DigestValue>)")


def _unsigned(answer: Answer, _scene: Scene) -> Answer:
    return replace(answer, signings=())


def _response_signed(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer)


def _assertion_signed(answer: Answer, _scene: Scene) -> Answer:
    return only_assertion_signed(answer)


def _by(answer: Answer, signer: Signer) -> Answer:
    """Return the answer signed by `signer`, KeyInfo naming the key that really signed."""
    certificate = signer.certificate_base64
    return replace(
        answer, signings=tuple(replace(s, signer=signer, certificate_base64=certificate) for s in answer.signings)
    )


def _by_stranger(answer: Answer, scene: Scene) -> Answer:
    return _by(answer, scene.stranger())


def _by_stranger_with_our_certificate(answer: Answer, scene: Scene) -> Answer:
    stranger = scene.stranger()
    return replace(answer, signings=tuple(replace(s, signer=stranger) for s in answer.signings))


def _by_another_provider(answer: Answer, scene: Scene) -> Answer:
    return _by(answer, scene.another_provider.signer)


def _response_by_stranger(answer: Answer, scene: Scene) -> Answer:
    return _by_stranger(only_response_signed(answer), scene)


def _assertion_by_stranger(answer: Answer, scene: Scene) -> Answer:
    return _by_stranger(only_assertion_signed(answer), scene)


def _by_new_key(answer: Answer, scene: Scene) -> Answer:
    """Sign with a key whose certificate looks like the right one: whoever goes by names accepts it."""
    return _claiming(
        _by_stranger(answer, scene), certificate_like(scene.answering.signer, scene.stranger(), scene.answering.now)
    )


def _with_expired_certificate(answer: Answer, scene: Scene) -> Answer:
    signer = scene.answering.signer
    return _claiming(answer, certificate_like(signer, signer, scene.answering.now - _LONG_AGO))


def _claiming(answer: Answer, certificate: str) -> Answer:
    return replace(answer, signings=tuple(replace(s, certificate_base64=certificate) for s in answer.signings))


def _without_key_info(answer: Answer, _scene: Scene) -> Answer:
    return replace(answer, signings=tuple(replace(s, certificate_base64=None) for s in answer.signings))


def _with_certificate_of_another_provider(answer: Answer, scene: Scene) -> Answer:
    certificate = scene.another_provider.signer.certificate_base64
    return replace(answer, signings=tuple(replace(s, certificate_base64=certificate) for s in answer.signings))


def _renamed(answer: Answer, scene: Scene) -> Answer:
    """Give the person another nickname, before anything is signed."""
    return sent_instead(answer, written(answer, scene.names["nickname"], "Allekirjoitettu"))


def _renamed_after_signing(answer: Answer, scene: Scene) -> Answer:
    return _renamed(answer, scene).with_edit(lambda text: text.replace(">Allekirjoitettu<", ">Muutettu<"))


def _first_letter_changed(match: re.Match[str]) -> str:
    changed = ("B" if match[2][0] == "A" else "A") + match[2][1:]
    return f"{match[1]}{changed}{match[3]}"


def _digest_changed(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: _DIGEST_VALUE.sub(_first_letter_changed, text, count=1))


def _digests_by_sha512(answer: Answer, _scene: Scene) -> Answer:
    return replace(answer, signings=tuple(replace(s, digest_hash=Hash.SHA512) for s in answer.signings))


def _signature_value_changed(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: _SIGNATURE_VALUE.sub(_first_letter_changed, text, count=1))


def _signature_value_on_one_line(answer: Answer, _scene: Scene) -> Answer:
    def on_one_line(match: re.Match[str]) -> str:
        return match[1] + "".join(match[2].split()) + match[3]

    return answer.with_edit(lambda text: _SIGNATURE_VALUE.sub(on_one_line, text, count=1))


def _hashed_by(answer: Answer, chosen: Hash) -> Answer:
    return replace(
        answer, signings=tuple(replace(s, signature_hash=chosen, digest_hash=chosen) for s in answer.signings)
    )


def _sha1(answer: Answer, _scene: Scene) -> Answer:
    return _hashed_by(answer, Hash.SHA1)


def _sha512(answer: Answer, _scene: Scene) -> Answer:
    return _hashed_by(answer, Hash.SHA512)


FAULTS: Final = (
    Fault(
        "unsigned",
        "Neither the response nor the assertion is signed.",
        _TRUSTED_KEY,
        "response-signature-missing",
        _unsigned,
        "The response is signed, its assertion has no signature of its own.",
        _response_signed,
    ),
    Fault(
        "foreign-key-on-response",
        "A key that nobody knows signed the response; the assertion has no signature of its own.",
        _TRUSTED_KEY,
        "response-signature-invalid",
        _response_by_stranger,
        "The right key signed the response; the assertion has no signature of its own.",
        _response_signed,
    ),
    Fault(
        "foreign-key-on-assertion",
        "A key that nobody knows signed the assertion; the response has no signature.",
        _TRUSTED_KEY,
        "response-signature-invalid",
        _assertion_by_stranger,
        "The right key signed the assertion; the response has no signature.",
        _assertion_signed,
    ),
    Fault(
        "foreign-key",
        "A key that nobody knows signed response and assertion, its certificate stands in KeyInfo.",
        "saml2int IIP-MD06",
        "response-signature-invalid",
        _by_stranger,
        "The right key signed, and KeyInfo is left out.",
        _without_key_info,
    ),
    Fault(
        "foreign-key-own-certificate",
        "A key that nobody knows signed, and KeyInfo claims the identity provider's certificate.",
        "saml2int IIP-MD06",
        "response-signature-invalid",
        _by_stranger_with_our_certificate,
        "The right key signed, and KeyInfo claims another identity provider's certificate.",
        _with_certificate_of_another_provider,
        needs_another_provider=True,
    ),
    Fault(
        "key-of-another-idp",
        "Another identity provider's key signed, the issuer is the one that was asked.",
        _TRUSTED_KEY,
        "response-signature-invalid",
        _by_another_provider,
        "The right key signed, and KeyInfo claims another identity provider's certificate.",
        _with_certificate_of_another_provider,
        needs_another_provider=True,
    ),
    Fault(
        "key-rolled-over",
        "A new key signed, and its certificate, with the old one's name, is not in the metadata yet.",
        "saml2int IIP-MD12",
        "response-signature-invalid",
        _by_new_key,
        "The right key signed, and KeyInfo claims a certificate of it that expired long ago.",
        _with_expired_certificate,
    ),
    Fault(
        "value-changed",
        "The nickname was changed after signing.",
        _SIGNED,
        "response-signature-invalid",
        _renamed_after_signing,
        "The nickname was changed before signing.",
        _renamed,
    ),
    Fault(
        "digest-changed",
        "One letter of the response's DigestValue was changed after signing.",
        _SIGNED,
        "response-signature-invalid",
        _digest_changed,
        "The digests are by SHA-512, the signatures by SHA-256.",
        _digests_by_sha512,
    ),
    Fault(
        "signature-value-changed",
        "One letter of the response's SignatureValue was changed.",
        _SIGNED,
        "response-signature-invalid",
        _signature_value_changed,
        "The response's SignatureValue stands on one line.",
        _signature_value_on_one_line,
    ),
    Fault(
        "sha1",
        "Signatures and digests are by SHA-1.",
        "saml2int SDP-ALG01",
        "response-signature-algorithm",
        _sha1,
        "Signatures and digests are by SHA-512.",
        _sha512,
    ),
)
