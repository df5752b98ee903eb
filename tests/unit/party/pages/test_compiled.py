# SPDX-License-Identifier: Apache-2.0
"""Templates are compiled once for all languages, and anew where their source is another."""

from __future__ import annotations

from jinja2 import DictLoader, Environment

from party.pages.compiled import CompiledTemplates


def environment(compiled: CompiledTemplates, source: str, word: str) -> Environment:
    """Return an environment with one template, which says `word`."""
    made = Environment(loader=DictLoader({"page.html": source}), bytecode_cache=compiled, autoescape=True)
    made.globals["word"] = word
    return made


def test_two_environments_share_the_code_and_keep_their_own_words():
    """What a language says is given to the code, and does not stand in it."""
    compiled = CompiledTemplates()
    finnish, swedish = (environment(compiled, "<p>{{ word }}</p>", word) for word in ("koulu", "skola"))

    pages = [each.get_template("page.html") for each in (finnish, swedish)]

    assert [page.render() for page in pages] == ["<p>koulu</p>", "<p>skola</p>"]
    assert pages[0].root_render_func.__code__ is pages[1].root_render_func.__code__


def test_another_source_of_the_same_name_is_another_template():
    """Two parties may have a page of one name."""
    compiled = CompiledTemplates()
    environment(compiled, "<p>{{ word }}</p>", "koulu").get_template("page.html")

    other = environment(compiled, "<h1>{{ word }}</h1>", "koulu").get_template("page.html")

    assert other.render() == "<h1>koulu</h1>"
