"""The fault tests find faults: a robot with a bug in it does not come through them.

Each bug is put into robots that are killed or whose store is restored, as in the other tests.
"""

from __future__ import annotations

import pytest

from tests.faults.bugs import BUGS
from tests.faults.conftest import Tally
from tests.faults.site import Site
from tests.faults.world import EndState, Orders

pytestmark = pytest.mark.faults

#: Which invariant, or the end itself, gives each bug away.
FOUND_BY = {
    "a key of each attempt": "I",
    "a mail of each attempt": "I8",
    "forgotten postings stay forgotten": "what was posted",
    "a rejection forgets its notice": "I8",
    "a trail without its hash": "I11",
    "a mark is lost": "the end",
}


def test_every_bug_has_its_finder() -> None:
    assert set(FOUND_BY) == set(BUGS)


@pytest.mark.parametrize("bug", BUGS)
def test_a_robot_with_this_bug_does_not_come_through(
    site: Site, undisturbed: EndState, tally: Tally, bug: str
) -> None:
    buggy = Orders(bug=bug)
    before = site.backup()
    for point in ("called:3", "mail-after"):
        site.run(Orders(point=point, bug=bug))
        site.engine.let_leases_run_out(site.store)
    if bug.startswith("forgotten"):
        site.restore(before)
    for _ in range(2):
        site.run(buggy)
    found = site.breaches(restored=bug.startswith("forgotten"))
    end = site.end()
    if end != undisturbed:
        found.append("the end differs")
    if (
        not {document for document in undisturbed.documents if "posted" in document}
        <= end.documents
    ):
        found.append("what was posted is not called so")
    assert any(words.startswith(FOUND_BY[bug]) for words in found), found
    tally("bug found by the harness", site.engine.name)
