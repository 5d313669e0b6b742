"""A proposed set tried on the past of its customer, for who approves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from robot.domain.answer import Answer, refusal
from robot.domain.calendar import COPENHAGEN
from robot.domain.decision import RuleSet
from robot.domain.fields import FieldSpec
from robot.errors import RuleChangeError
from robot.flow.past import Narrowing, Past
from robot.flow.ports import Clock
from robot.flow.records import Lease
from robot.flow.rule_records import TRIED_WEEKS, KeptBacktest, Proposal
from robot.flow.store_port import Store
from robot.rulebook.approval import SHOWN
from robot.rulebook.backtest.comparison import Comparison
from robot.rulebook.backtest.preparing import out_of_force, prepare, sheets_untried
from robot.rulebook.backtest.told import as_json
from robot.rulebook.backtest.work import CompareParts
from robot.rulebook.versions import loaded_from_text

#: Changed documents that are kept, the most pressing first.
KEPT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Tries proposed sets.

    Args:
        store: Where proposals are, and where results are kept.
        in_force: The set in force of a customer; KeyError when it has none.
        past: Opens the history.
        catalogue: Every field that rules may use.
        clock: The day from which is looked back.
        lease: Under which the result is kept; renewed with each part of the past.
    """

    store: Store
    in_force: Callable[[str], RuleSet]
    past: Callable[[], Past]
    catalogue: Mapping[str, FieldSpec]
    clock: Clock
    lease: Lease | None = None

    def run(self, ruleset: str, person: str) -> KeptBacktest:
        """Decide the customer's last months by the set, and keep what comes out otherwise.

        Raises:
            RuleChangeError: The set was not proposed, or decides for nobody with a past.
            HistoryError: There is no history, or it can't be read.
            LeaseLostError: Somebody else took over; nothing was kept.
        """
        proposal = self._proposed(ruleset)
        now = self.clock.now()
        which = Narrowing(
            customer=proposal.customer,
            since=now.astimezone(COPENHAGEN).date() - timedelta(weeks=TRIED_WEEKS),
        )
        before = self._in_force(proposal.customer)
        past = self.past()
        parts = past.parts(which)
        if not parts:
            raise refusal(RuleChangeError, "no-past", customer=proposal.customer)
        old = loaded_from_text(before.text, "(in force)", self.catalogue)
        new = loaded_from_text(self._text(ruleset), "(proposed)", self.catalogue)
        job = prepare(old, new, customer=proposal.customer)
        compare = CompareParts(past, which, job)
        total = Comparison()
        for part in parts:
            if self.lease is not None:
                self.store.renew(self.lease)
            total.take_in(compare(part), KEPT)
        total.sheets_untried = sheets_untried(job, total)
        kept = KeptBacktest(
            ruleset=ruleset,
            against=before.hash,
            customer=proposal.customer,
            made_by=person,
            made_at=now,
            since=which.since,
            until=None,
            result=as_json(total, list(out_of_force(old, new, parts[-1].month))),
        )
        with self.store.writing(actor=person, lease=self.lease) as unit:
            unit.rules.keep_backtest(kept)
        return kept

    def _proposed(self, ruleset: str) -> Proposal:
        for found in self.store.rules.proposals():
            if found.ruleset == ruleset:
                return found
        raise refusal(RuleChangeError, "not-proposed", ruleset=ruleset[:SHOWN])

    def _text(self, ruleset: str) -> str:
        return self.store.rules.kept_texts(ruleset)[ruleset]

    def _in_force(self, customer: str) -> RuleSet:
        if not customer:
            raise refusal(RuleChangeError, "standard-alone")
        try:
            return self.in_force(customer)
        except KeyError:
            raise refusal(RuleChangeError, "nothing-in-force", customer=customer) from None


def told(kept: KeptBacktest) -> Answer:
    """The result in one sentence."""
    result = kept.result
    return Answer(
        code="rules-tried",
        values={
            "documents": str(result["documents"]),
            "changed": str(result["changed"]["documents"]),
            "posted": str(result["newly_posted"]["documents"]),
        },
    )
