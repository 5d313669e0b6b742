"""Asks git about the rule files; every question is one call of the git command."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from robot.errors import RuleChangeError

#: A local question that takes longer has gone wrong.
_SECONDS: Final = 30
_GOOD_SIGNATURE: Final = "G"
#: git's letters for what is not a good signature (git-log(1), `%G?`).
_SIGNATURES: Final = {
    "N": "it is not signed",
    "B": "its signature is bad",
    "U": "nobody has said whose the key is",
    "X": "its signature has expired",
    "Y": "its key has expired",
    "R": "its key was revoked",
    "E": "its signature can't be checked (is the key, or gpg.ssh.allowedSignersFile, known here?)",
}


class GitRepository:
    """The repository around one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._git = shutil.which("git")

    @property
    def there(self) -> bool:
        """Whether the folder lies in a git working tree, and git is installed."""
        return self._git is not None and self._ask("rev-parse", "--is-inside-work-tree")[0] == 0

    def authors(self, names: Iterable[str]) -> frozenset[str]:
        """Names and mail addresses of who last changed each file; names are inside the folder."""
        found: set[str] = set()
        for name in names:
            code, out = self._ask("log", "-1", "--format=%an%n%ae", "--", f"./{name}")
            found |= {line for line in out.splitlines() if line} if code == 0 else set()
        return frozenset(found)

    def myself(self) -> frozenset[str]:
        """Name and mail address under which whoever is at the keyboard commits."""
        asked = (self._ask("config", "--get", key) for key in ("user.name", "user.email"))
        return frozenset(out.strip() for code, out in asked if code == 0 and out.strip())

    def signed_commit(self) -> str:
        """The id of HEAD when it carries a good signature and the folder is as it was committed.

        Raises:
            RuleChangeError: There is no such commit, in words.
        """
        if not self.there:
            raise RuleChangeError(f"{self._folder} is not in a git repository")
        code, changed = self._ask("status", "--porcelain", "--", ".")
        if code != 0 or changed.strip():
            raise RuleChangeError(
                f"{self._folder} has changes that are not committed", hint="commit and sign them"
            )
        code, out = self._ask("log", "-1", "--format=%H %G?")
        commit, _, letter = out.strip().partition(" ")
        if code != 0 or letter != _GOOD_SIGNATURE:
            why = _SIGNATURES.get(letter, "there is no commit")
            raise RuleChangeError(
                f"the commit {commit[:12]} may not stand for the rules: {why}",
                hint="sign it with `git commit --amend -S`",
            )
        return commit

    def files_at(self, reference: str) -> dict[str, bytes]:
        """The folder's files as they were at a commit, branch or tag, by their name inside it.

        Raises:
            RuleChangeError: There is no such commit, or the folder was not in it.
        """
        code, out = self._ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}"
        )
        if code != 0:
            raise RuleChangeError(f"git knows no commit '{reference}' in {self._folder}")
        # Without a path, git archives the folder that it is called in.
        done = self._call("archive", "--format=tar", out.strip())
        if done is None or done.returncode != 0:
            raise RuleChangeError(f"{self._folder} is not in the commit '{reference}'")
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            members = [member for member in archive if member.isfile()]
            opened = ((member.name, archive.extractfile(member)) for member in members)
            return {name: file.read() for name, file in opened if file is not None}

    def _ask(self, *arguments: str) -> tuple[int, str]:
        done = self._call(*arguments)
        return (1, "") if done is None else (done.returncode, done.stdout.decode(errors="replace"))

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
        if self._git is None or not self._folder.is_dir():
            return None
        try:
            return subprocess.run(  # noqa: S603 - a fixed program, arguments as a list, no shell
                [self._git, "-C", str(self._folder), *arguments],
                capture_output=True,
                check=False,
                timeout=_SECONDS,
                env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
