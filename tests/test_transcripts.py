"""The documents that show commands show what these print."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.transcripts.__main__ import DOCUMENTS, current
from examples.transcripts.script import Block, parts, renewed

RENEW = "renew it: python -m examples.transcripts"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_current(name: str) -> None:
    assert Path(name).read_text(encoding="utf-8") == current(name), RENEW


def test_commands_are_run_and_their_output_is_renewed(tmp_path: Path) -> None:
    text = "# T\n\n```console\nada$ tell 'a b' | head -1\nold\n$ tell c\n```\nend\n"

    def run(who: str, command: list[str]) -> str:
        return f"\n{who or 'anybody'}: {command}\nmore\n"

    assert renewed(text, tmp_path, run) == (
        "# T\n\n```console\n"
        "ada$ tell 'a b' | head -1\nada: ['tell', 'a b']\n"
        "$ tell c\nanybody: ['tell', 'c']\nmore\n"
        "```\nend\n"
    )


def test_files_are_written_and_added_to_before_the_next_command(tmp_path: Path) -> None:
    text = "```yaml file=a/b.yaml\nx: 1\n```\n```yaml append=a/b.yaml\ny: 2\n```\n"
    assert renewed(text, tmp_path, lambda *_: "") == text
    assert (tmp_path / "a" / "b.yaml").read_text(encoding="utf-8") == "x: 1\ny: 2\n"


def test_a_block_that_is_not_closed_is_refused() -> None:
    assert list(parts("a\n```x\nb\n```\n")) == ["a", Block(info="x", lines=("b",))]
    with pytest.raises(ValueError, match="the block 'x' is not closed"):
        list(parts("```x\nb\n"))
