# SPDX-License-Identifier: Apache-2.0
"""Faults of encryption. In each the assertion is signed, then encrypted, and the response has no signature of its own.

The twins are encrypted for the proxy in the ways it reads: AES-GCM and RSA-OAEP (saml2int SDP-ALG01).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import xmlsec
from lxml import etree

from idp_simulators.faults.fault import Change, Fault, Scene, only_assertion_signed
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.messages import ASSERTION_NAMESPACE

_AES: Final = xmlsec.constants.KeyDataAes
_GCM: Final = xmlsec.constants.TransformAes256Gcm
_OAEP: Final = xmlsec.constants.TransformRsaOaep
_ALGORITHM: Final = "saml2int SDP-ALG01"
_CIPHER_VALUE: Final = re.compile(r"(<xenc:CipherValue>)([^<]+)(</xenc:CipherValue>)")

_FOR_THE_PROXY: Final = "The assertion is encrypted for the proxy by AES-256-GCM and RSA-OAEP."


def _for_proxy(scene: Scene) -> Any:  # noqa: ANN401 -- xmlsec ships no types
    return scene.proxy.keys[0].xmlsec


def _for_stranger(scene: Scene) -> Any:  # noqa: ANN401 -- xmlsec ships no types
    return scene.stranger().key


def _encrypted(
    by: Any = _GCM,  # noqa: ANN401 -- xmlsec ships no types
    key_by: Any = _OAEP,  # noqa: ANN401 -- xmlsec ships no types
    bits: int = 256,
    recipient: Callable[[Scene], Any] = _for_proxy,
) -> Change:
    def change(answer: Answer, scene: Scene) -> Answer:
        key = recipient(scene)
        alone = replace(only_assertion_signed(answer), encryption_key=None)
        return alone.with_edit(lambda text: _with_encrypted_assertion(text, by, key_by, bits, key))

    return change


def _with_encrypted_assertion(text: str, by: Any, key_by: Any, bits: int, recipient: Any) -> str:  # noqa: ANN401 -- xmlsec
    """Return the response with its assertion encrypted for `recipient` (saml-core-2.0-os 2.3.4)."""
    root = etree.fromstring(text.encode())
    assertion = next(root.iterchildren(f"{{{ASSERTION_NAMESPACE}}}Assertion"))
    holder = etree.Element(f"{{{ASSERTION_NAMESPACE}}}EncryptedAssertion", nsmap={"saml": ASSERTION_NAMESPACE})
    root.replace(assertion, holder)
    data = xmlsec.template.encrypted_data_create(holder, by, type=xmlsec.constants.TypeEncElement, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    key_info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    xmlsec.template.encrypted_data_ensure_cipher_value(xmlsec.template.add_encrypted_key(key_info, key_by))
    holder.append(data)
    manager = xmlsec.KeysManager()
    manager.add_key(recipient)
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(_AES, bits, xmlsec.constants.KeyDataTypeSession)
    context.encrypt_binary(data, etree.tostring(assertion, with_tail=False))
    return etree.tostring(root, encoding="unicode")


def _last_cipher_value(text: str, change: Callable[[str], str]) -> str:
    """Change the data's CipherValue, which stands after the key's."""
    *_, last = _CIPHER_VALUE.finditer(text)
    return text[: last.start(2)] + change(last[2]) + text[last.end(2) :]


def _changed(answer: Answer, scene: Scene) -> Answer:
    def first_letter_changed(value: str) -> str:
        return ("B" if value[0] == "A" else "A") + value[1:]

    return _encrypted()(answer, scene).with_edit(lambda text: _last_cipher_value(text, first_letter_changed))


def _on_one_line(answer: Answer, scene: Scene) -> Answer:
    encrypted = _encrypted()(answer, scene)
    return encrypted.with_edit(lambda text: _last_cipher_value(text, lambda value: "".join(value.split())))


def _unsigned(answer: Answer, scene: Scene) -> Answer:
    return replace(_encrypted()(answer, scene), signings=())


def _key_twice(answer: Answer, scene: Scene) -> Answer:
    return _encrypted()(answer, scene).with_edit(
        lambda text: re.sub(r"(<xenc:EncryptedKey.*?</xenc:EncryptedKey>)", r"\1\1", text, flags=re.DOTALL)
    )


def _key_beside(answer: Answer, scene: Scene) -> Answer:
    return _encrypted()(answer, scene).with_edit(_with_key_beside)


def _with_key_beside(text: str) -> str:
    root = etree.fromstring(text.encode())
    data = next(root.iter("{*}EncryptedData"))
    key_info = next(data.iterchildren("{*}KeyInfo"))
    data.addnext(next(key_info.iterchildren("{*}EncryptedKey")))
    data.remove(key_info)
    return etree.tostring(root, encoding="unicode")


FAULTS: Final = (
    Fault(
        "encrypted-for-another",
        "The assertion is encrypted with a key that is not the proxy's.",
        "saml-core-2.0-os 6",
        "assertion-not-decryptable",
        _encrypted(recipient=_for_stranger),
        _FOR_THE_PROXY,
        _encrypted(),
    ),
    Fault(
        "encrypted-and-changed",
        "One letter of the encrypted assertion was changed.",
        "saml-core-2.0-os 6",
        "assertion-not-decryptable",
        _changed,
        "The encrypted assertion stands on one line.",
        _on_one_line,
    ),
    Fault(
        "encrypted-by-cbc",
        "The assertion is encrypted by AES-256-CBC in a response without a signature: anybody on the way can change it.",
        _ALGORITHM,
        "encryption-algorithm",
        _encrypted(by=xmlsec.constants.TransformAes256Cbc),
        "The assertion is encrypted for the proxy by AES-128-GCM.",
        _encrypted(by=xmlsec.constants.TransformAes128Gcm, bits=128),
    ),
    Fault(
        "encrypted-by-pkcs1",
        "The key of the encrypted assertion is transported by RSA with PKCS#1 v1.5, which can be guessed by asking.",
        "saml2int IIP-ALG08",
        "encryption-algorithm",
        _encrypted(key_by=xmlsec.constants.TransformRsaPkcs1),
        _FOR_THE_PROXY,
        _encrypted(),
    ),
    Fault(
        "encrypted-and-unsigned",
        "The assertion is encrypted for the proxy, and nothing is signed.",
        "saml2int IIP-SP13",
        "response-signature-missing",
        _unsigned,
        _FOR_THE_PROXY,
        _encrypted(),
    ),
    Fault(
        "encrypted-with-two-keys",
        "The encrypted assertion holds its key twice.",
        "saml-core-2.0-os 2.3.4",
        "encryption-form",
        _key_twice,
        "The key stands beside the encrypted data instead of inside.",
        _key_beside,
    ),
)
