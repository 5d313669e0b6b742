"""The dashboard that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.site import Site, build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard over the store of a real run; tests write commands to it at most."""
    found = build(tmp_path_factory.mktemp("site"))
    try:
        yield found
    finally:
        found.dashboard.close()
