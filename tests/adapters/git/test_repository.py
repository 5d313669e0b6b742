"""What git says of the rule files, asked of a real repository with a throw-away key."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.adapters.git.repository import GitRepository
from robot.errors import RuleChangeError
from tests.support.repository import Repository, needs_git

pytestmark = needs_git


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository", tmp_path)
    made.commit("standard.yaml", "rules: []\n")
    return made


def refusal(repository: Repository) -> str:
    with pytest.raises(RuleChangeError) as refused:
        GitRepository(repository.rules).signed_commit()
    return str(refused.value)


def test_a_signed_commit_is_known_by_its_id(repository: Repository) -> None:
    commit = repository.commit("a.yaml", "1", sign=True)
    assert GitRepository(repository.rules).signed_commit() == commit


def test_a_commit_without_a_signature_does_not_count(repository: Repository) -> None:
    assert "it is not signed" in refusal(repository)


def test_a_signature_of_somebody_unknown_does_not_count(repository: Repository) -> None:
    repository.commit("a.yaml", "1", sign=True)
    repository.trust("")
    assert "nobody has said whose the key is" in refusal(repository)


def test_a_signature_under_what_was_changed_since_does_not_count(repository: Repository) -> None:
    repository.commit("a.yaml", "1", sign=True)
    (repository.rules / "a.yaml").write_text("2")
    assert "has changes that are not committed" in refusal(repository)


def test_a_file_that_git_does_not_know_does_not_count_either(repository: Repository) -> None:
    repository.commit("a.yaml", "1", sign=True)
    (repository.rules / "new.yaml").write_text("2")
    assert "has changes that are not committed" in refusal(repository)


def test_a_change_outside_the_folder_does_not_matter(repository: Repository) -> None:
    commit = repository.commit("a.yaml", "1", sign=True)
    (repository.root / "README").write_text("x")
    assert GitRepository(repository.rules).signed_commit() == commit


def test_a_forged_commit_does_not_count(repository: Repository) -> None:
    repository.commit("a.yaml", "1", sign=True)
    raw = repository.git("cat-file", "commit", "HEAD").replace("change", "forged")
    (repository.root / "forged").write_text(raw + "\n")
    forged = repository.git("hash-object", "-t", "commit", "-w", "forged")
    (repository.root / "forged").unlink()
    repository.git("update-ref", "HEAD", forged)
    assert "its signature is bad" in refusal(repository)


def test_the_authors_of_a_file_are_those_of_its_last_change(repository: Repository) -> None:
    repository.commit("a.yaml", "1")
    repository.become("Eva")
    repository.commit("customers/x.yaml", "2")
    known = GitRepository(repository.rules)
    assert known.authors(["a.yaml"]) == {"Ada", "ada@example.test"}
    assert known.authors(["customers/x.yaml"]) == {"Eva", "eva@example.test"}
    assert known.authors(["not-there.yaml"]) == frozenset()
    assert {"Eva", "eva@example.test"} <= known.myself()


def test_the_files_of_an_earlier_commit(repository: Repository) -> None:
    first = repository.commit("customers/x.yaml", "old")
    repository.commit("customers/x.yaml", "new")
    files = GitRepository(repository.rules).files_at(first)
    assert files == {"customers/x.yaml": b"old", "standard.yaml": b"rules: []\n"}


@pytest.mark.parametrize("reference", ["no-such-branch", "--output=/etc/passwd", "-1", ""])
def test_what_is_no_commit_is_refused(repository: Repository, reference: str) -> None:
    with pytest.raises(RuleChangeError, match="git knows no commit"):
        GitRepository(repository.rules).files_at(reference)


def test_a_folder_outside_any_repository(tmp_path: Path) -> None:
    outside = GitRepository(tmp_path)
    assert not outside.there
    assert outside.authors(["a"]) == frozenset()
    with pytest.raises(RuleChangeError, match="is not in a git repository"):
        outside.signed_commit()
