"""A git repository with a folder of rules, and a throw-away key that may sign in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

GIT = shutil.which("git") or ""
SSH_KEYGEN = shutil.which("ssh-keygen") or ""
needs_git = pytest.mark.skipif(
    not (GIT and SSH_KEYGEN), reason="git and ssh-keygen are not installed here"
)


def run(*arguments: str) -> str:
    """Run a program away from this machine's own settings of git."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603 - a program of ours, arguments as a list, no shell
        arguments,
        check=True,
        capture_output=True,
        text=True,
        env={**clean, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )
    return done.stdout.strip()


class Repository:
    """A repository around a folder of rules, which is made when it is not there."""

    def __init__(self, root: Path, keys: Path) -> None:
        self.root = root
        self.rules = root / "rules"
        self.rules.mkdir(parents=True, exist_ok=True)
        self.signers = keys / "signers"
        self.key = keys / "key"
        run(SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(self.key))
        self.git("init", "-q", ".")
        self.become("Ada")
        for name, value in {
            "commit.gpgsign": "false",
            "gpg.format": "ssh",
            "user.signingkey": f"{self.key}.pub",
            "gpg.ssh.allowedSignersFile": str(self.signers),
        }.items():
            self.git("config", name, value)
        self.trust()

    def become(self, name: str) -> None:
        """Commit under this name from now on."""
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name.casefold()}@example.test")

    def commit_all(self, *, sign: bool = False) -> str:
        """Commit everything that is there; its id."""
        self.git("add", ".")
        self.git("commit", "-q", "-m", "change", *(["-S"] if sign else []))
        return self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        return run(GIT, "-C", str(self.root), *arguments)

    def trust(self, who: str = "ada@example.test") -> None:
        public = Path(f"{self.key}.pub").read_text()
        self.signers.write_text(f"{who} {public}" if who else "")

    def commit(self, name: str, text: str, *, sign: bool = False) -> str:
        (self.rules / name).parent.mkdir(exist_ok=True)
        (self.rules / name).write_text(text)
        return self.commit_all(sign=sign)
