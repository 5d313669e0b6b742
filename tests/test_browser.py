"""The tests' own browser: it finds barriers, and leaves no trace for the next test."""

import asyncio

from tests.support.browser import TELEPHONE, Chromium, Visitor, barriers, overflows

GOOD = (
    "<!DOCTYPE html><html lang='da'><head><title>Sag</title></head>"
    "<body><main><h1>Sag</h1><p>Tekst</p></main></body></html>"
)


def test_a_page_without_barriers_gives_none(visitor: Visitor) -> None:
    assert barriers(visitor.shown(GOOD)) == []


def test_grey_on_grey_is_a_barrier(visitor: Visitor) -> None:
    page = visitor.shown(GOOD.replace("<p>", "<p style='color:#777;background:#888'>"))
    assert any(line.startswith("color-contrast (serious)") for line in barriers(page))


def test_a_page_that_is_wider_than_a_telephone_is_seen(visitor: Visitor) -> None:
    wide = GOOD.replace("<p>", "<p style='width:600px'>")
    assert overflows(visitor.shown(wide, width=TELEPHONE))
    assert not overflows(visitor.shown(GOOD, width=TELEPHONE))


def test_tests_run_loops_of_their_own_beside_the_browser(chromium: Chromium) -> None:
    async def answer() -> int:
        return 42

    assert chromium.browser.is_connected()
    assert asyncio.run(answer()) == 42
