"""`rules format` gives every file one look and changes nothing that it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from robot.errors import RuleFileError
from robot.rulebook.format import formatted, meaning
from robot.rulebook.layout import WIDTH, comments
from robot.rulebook.source import RuleFile, rule_file
from tests.rulebook.generated import blocks

SHIPPED = sorted(Path("rules").rglob("*.yaml"))
SLOW = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def a_file(text: str) -> RuleFile:
    return rule_file("customers/x.yaml", "rules/customers/x.yaml", text.encode())


def look(text: str) -> str:
    return formatted(a_file(text))


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_the_shipped_files_have_the_look(path: Path) -> None:
    assert formatted(rule_file(path.name, str(path), path.read_bytes())) == path.read_text()


def test_indentation_quotes_and_blanks_become_the_usual_ones() -> None:
    text = "rules:\n- id:   a\n  when:  { lines.account: {is: '0450'} }\n\n\n\n- id: b   \n"
    assert look(text) == (
        'rules:\n  - id: a\n    when: {lines.account: {is: "0450"}}\n\n  - id: b\n'
    )


def test_a_pattern_keeps_its_single_quotes() -> None:
    assert look("matches: '\\d{8}'\n") == "matches: '\\d{8}'\n"


def test_a_long_list_is_broken_after_a_comma() -> None:
    words = ", ".join(f"supplier-{number:02}" for number in range(20))
    lines = look(f"suppressed-by: [{words}]\n").splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[1].startswith("  supplier-")


def test_a_long_text_is_broken_between_words() -> None:
    lines = look(f"why: {'et ord ' * 40}\n").splitlines()
    assert max(map(len, lines)) <= WIDTH


def test_comments_stay_with_what_they_are_about() -> None:
    text = "# top\nrules:\n# about a\n- id: a # beside\n  post:\n# the end\n"
    assert look(text) == ("# top\nrules:\n  # about a\n  - id: a # beside\n    post:\n# the end\n")


def test_values_stay_as_they_are_written() -> None:
    text = "a: {b: 0450, c: NO, d: 2026-01-01, e: 5.000, f: ~, g: 12:30, h: 1_000, i: 0x1F}\n"
    assert look(text) == text


def test_a_text_block_is_not_touched() -> None:
    text = "text: |\n  one\n\n\n  # no comment\n    deeper   \n"
    assert look(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2\n", "rules/customers/x.yaml:2:2: "),
        ("a: 1\na: 2\n", "rules/customers/x.yaml:2:1: 'a' is written twice"),
        ("a: &x 1\nb: *x\n", "rules/customers/x.yaml:1:4: '&x' is an anchor"),
        ("a: !!int 1\n", "rules/customers/x.yaml:1:4: '!!int' is a tag"),
        ("a:\n\t- b\n", "rules/customers/x.yaml:2:1: "),
        ("a: 1\n---\nb: 1\n", "rules/customers/x.yaml:2:1: "),
    ],
)
def test_a_broken_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        look(text)
    assert str(refused.value).startswith(message)


def test_what_can_not_be_laid_out_the_same_is_refused() -> None:
    # ruamel.yaml writes '' for the nothing, which is another value.
    with pytest.raises(RuleFileError, match=r"x\.yaml:2:\d+: left as it is"):
        look("a: 1\nb: {c: }\n")


def test_a_file_of_comments_stays() -> None:
    assert look("# nothing yet\n") == "# nothing yet\n"


def test_a_change_of_value_is_a_change_of_meaning() -> None:
    assert meaning(a_file("a: 1\n")) != meaning(a_file("a: 2\n"))
    assert meaning(a_file("a: 1\n")) != meaning(a_file('a: "1"\n'))
    assert meaning(a_file("a: 1\nb: 2\n")) != meaning(a_file("b: 2\na: 1\n"))
    assert meaning(a_file("a: {b: '1'}\n")) == meaning(a_file('a:   # x\n   b: "1"\n'))


@SLOW
@given(when=blocks())
def test_a_generated_rule_means_the_same_after(when: str) -> None:
    text = f"rules:\n- id: a\n  why:   'x'\n  post:\n  when: {when}\n"
    fresh = look(text)
    assert meaning(a_file(fresh)) == meaning(a_file(text))
    assert look(fresh) == fresh


PLAIN = st.from_regex(r"[A-Za-zæøå0-9$][A-Za-zæøå0-9_./$%-]{0,12}", fullmatch=True)
WORDS = st.lists(PLAIN, min_size=1, max_size=30).map(" ".join)
TEXTS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Co"]), max_size=40
)
SCALARS = st.one_of(
    PLAIN,
    WORDS,
    st.sampled_from(["0450", "NO", "yes", "~", "null", "2026-01-01", "1.50 DKK", "-3", "5.000"]),
    TEXTS.map(lambda text: "'" + text.replace("'", "''") + "'"),
    TEXTS.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
)
FLOW = st.one_of(
    st.lists(SCALARS, max_size=12).map(lambda items: f"[{', '.join(items)}]"),
    st.lists(SCALARS, max_size=6).map(
        lambda items: "{" + ", ".join(f"k{n}: {item}" for n, item in enumerate(items)) + "}"
    ),
)


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """YAML in any look: indentation, quotes, blank lines, comments."""

    def margin() -> list[str]:
        return draw(
            st.lists(st.sampled_from(["", "# about that", "      # far out", "#"]), max_size=3)
        )

    def block(column: int, depth: int) -> list[str]:
        pad, lines = " " * column, []
        for number in range(draw(st.integers(1, 4))):
            lines += margin()
            kind = draw(st.sampled_from(["scalar", "flow", "map", "list", "empty", "text"]))
            key = f"{pad}key-{number}:{' ' * draw(st.integers(1, 3))}"
            end = draw(st.sampled_from(["", "  ", " # beside"]))
            if kind == "empty" or (kind in {"map", "list"} and depth == 0):
                lines.append(key.rstrip())
            elif kind == "scalar":
                lines.append(key + draw(SCALARS) + end)
            elif kind == "flow":
                lines.append(key + draw(FLOW) + end)
            elif kind == "text":
                inner = " " * (column + draw(st.integers(1, 4)))
                lines += [f"{key}{draw(st.sampled_from(['|', '>-', '>']))}", inner + draw(WORDS)]
            elif kind == "map":
                lines += [key.rstrip() + end, *block(column + draw(st.integers(1, 5)), depth - 1)]
            else:
                inner = " " * (column + draw(st.integers(0, 4)))
                items = draw(st.lists(SCALARS, min_size=1, max_size=4))
                lines += [key.rstrip() + end, *(f"{inner}- {item}" for item in items)]
        return lines

    return "\n".join([*block(0, 2), *margin()]) + "\n"


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(text=layouts())
@example(text="a:\n   b:\n      c: 0\n      d: |\n       0\n\n      # far out\n")
def test_any_layout_keeps_meaning_comments_and_rest(text: str) -> None:
    before = a_file(text)
    fresh = formatted(before)
    assert not before.report.problems
    assert meaning(a_file(fresh)) == meaning(a_file(text))
    assert sorted(c.text for c in comments(fresh)) == sorted(c.text for c in comments(text))
    assert look(fresh) == fresh
