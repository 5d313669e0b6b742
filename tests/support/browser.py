"""Debian's Chromium for the tests: pages as a person sees them, checked for accessibility by axe.

One browser a test process, started where it is first asked for; each test has a context of its
own, so that no cookie and no page of another test is there. Without Chromium or Playwright the
tests skip with the package that they need; in CI (`CI=true`), where nothing may be skipped, they
fail.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.servers import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

#: Chromium's own sandbox can't be had by root in a container; the rest keeps it off the network.
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
_PROGRAMS: Final = ("chromium", "chromium-browser")
#: What a page of this project is held to: WCAG 2.2 at level AA and axe's best practices.
WCAG: Final = (
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
)
#: How wide a page is shown, in CSS pixels: a desk's screen, and a telephone's (WCAG 2.2, 1.4.10).
DESK: Final = 1024
TELEPHONE: Final = 320
_HEIGHT: Final = 900


class Visitor:
    """Somebody who looks at pages in the test process's browser.

    Between tests Playwright leaves its event loop marked as running in this thread, where other
    tests could no longer run loops of their own; so the mark is taken away with each visitor.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def page(self, *, width: int = DESK, language: str = "da-DK", **context: Any) -> Page:  # noqa: ANN401 - Playwright's own options
        """A fresh page without cookies; `context` takes what Playwright's `new_context` takes."""
        options = {
            "viewport": {"width": width, "height": _HEIGHT},
            "locale": language,
            "timezone_id": "Europe/Copenhagen",
            "reduced_motion": "reduce",
        }
        opened = self._browser.new_context(**{**options, **context})
        self._contexts.append(opened)
        return opened.new_page()

    def shown(self, html: str, *, width: int = DESK) -> Page:
        """A page that shows this HTML, with nothing to be had from any network."""
        page = self.page(width=width, offline=True)
        page.set_content(html)
        return page

    def leave(self) -> None:
        """Close all that was opened."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()


def barriers(page: Page, *, rules: Sequence[str] = WCAG, within: str = "html") -> list[str]:
    """What axe finds wrong with a page, one line a place; a page without barriers gives none.

    Args:
        page: Shown in the browser.
        rules: Axe's tags of the rules that are run.
        within: CSS selector of the part that is looked at.
    """
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(_axe())
    options = {"runOnly": {"type": "tag", "values": list(rules)}, "resultTypes": ["violations"]}
    found = page.evaluate(
        "([within, options]) => axe.run(within, JSON.parse(options))",
        [within, json.dumps(options)],
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page is wider than the window, so that it has to be moved about sideways."""
    wider: bool = page.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wider


class Chromium:
    """The test process's browser, and the event loop that Playwright runs it by."""

    def __init__(self, program: str) -> None:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- may be missing

        self._playwright = sync_playwright().start()
        self.browser = self._playwright.chromium.launch(executable_path=program, args=[*_FLAGS])
        self._loop = asyncio.get_running_loop()
        self.sleep()

    def wake(self) -> None:
        """Mark the loop as running, as Playwright leaves and wants it."""
        asyncio._set_running_loop(self._loop)

    def sleep(self) -> None:
        """Let other tests run event loops in this thread."""
        asyncio._set_running_loop(None)

    def stop(self) -> None:
        self.wake()
        try:
            self.browser.close()
            self._playwright.stop()
        finally:
            self.sleep()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The test process's own Chromium; tests take `visitor`."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        missing("Chromium", "chromium")
    if find_spec("playwright") is None or find_spec("axe_core_python") is None:
        missing("Playwright or axe", "nothing, but `make` installs the tests' packages")
    started = Chromium(program)
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def visitor(chromium: Chromium) -> Iterator[Visitor]:
    """Opens pages in Chromium; closes them after the test."""
    chromium.wake()
    visitor = Visitor(chromium.browser)
    try:
        yield visitor
    finally:
        visitor.leave()
        chromium.sleep()


@cache
def _axe() -> str:
    return files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
