"""Options and fixtures of all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.browser import chromium, visitor
from tests.support.mail_servers import dovecot, exim, mail_system

__all__ = ["chromium", "dovecot", "exim", "mail_system", "visitor"]

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and demo data beside the project; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the real documents in ../shared, which are not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    """The real e-invoices, with INDEX.tsv."""
    if not (shared / "corpus" / "INDEX.tsv").is_file():
        pytest.skip("needs ../shared/corpus with its INDEX.tsv")
    return shared / "corpus"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden anew from what the code gives now; look at the difference",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with `tests/golden/NAME`, or writes it when the option says so."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"no {path.name}; make it with --update-golden and read it"
        assert text == path.read_text(encoding="utf-8")

    return compare
