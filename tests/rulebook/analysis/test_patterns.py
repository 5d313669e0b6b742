"""Patterns as sets of words: the words are just those that RE2 matches."""

from __future__ import annotations

from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from robot.rulebook.analysis.languages import TooLargeError, both, has_no_word, word, words_of
from robot.rulebook.analysis.patterns import language_of
from robot.rulebook.literals import compiled_pattern

LETTERS = "abkKsåÅ1 .-{]é\n_ſÿh\u212a"
PARTS = st.sampled_from(
    (
        *("a", "b", "k", "å", "1", ".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "[ab]", "[^a1]"),
        *("[a-c1]", "[]a]", r"[a\d-]", "[-a]", r"[\]a]", r"\.", "(a|b)", "(?:ab|)", "(?P<n>a1?)"),
        *("(?i:ak)", "{", "(?i:[h-l])", "(?i:[^h-l])", "é", "[Å-æ]", r"\n", " "),
    )
)
TIMES = st.sampled_from(("", "", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{0,}", "{,2}"))
SEQUENCES = st.lists(st.tuples(PARTS, TIMES).map("".join), min_size=1, max_size=3).map("".join)
PATTERNS = st.tuples(
    st.sampled_from(("", "", "(?i)", "^")),
    st.lists(SEQUENCES, min_size=1, max_size=2).map("|".join),
    st.sampled_from(("", "$")),
).map("".join)


@given(pattern=PATTERNS, tried=st.lists(st.text(LETTERS, max_size=4), max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_pattern_has_the_words_that_re2_matches(pattern: str, tried: list[str]) -> None:
    language = language_of(pattern)
    compiled = compiled_pattern(pattern)
    if language is None:
        return
    for text in tried:
        found = not has_no_word(both((language, word(text))))
        assert found is (compiled.fullmatch(text) is not None), text
    try:
        shortest = list(islice(words_of(language), 4))
    except TooLargeError:
        return
    assert all(compiled.fullmatch(text) for text in shortest)
