# SPDX-License-Identifier: Apache-2.0
"""The page of what the home organisation sent: words for every rule that may hold a value back."""

from __future__ import annotations

import pytest

from federation.drop_rules import DROP_RULES
from federation.model import LANGUAGES, Language
from tests.builders.proxy_gallery import PAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", sorted(set(DROP_RULES) - {"value-missing"}))
def test_has_words_for(rule: str, language: Language):
    """A rule without words would be an error before a person; that nothing was sent is seen without."""
    assert PAGES.pages.message(language, f"proxy.home-values.rule.{rule}")
