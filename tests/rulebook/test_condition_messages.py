"""What a condition that is wrong is told, word for word: place, reason and what was meant."""

from __future__ import annotations

import pytest

from tests.rulebook.world import messages

HEAD = """\
parameters:
  limit: {value: 5000 DKK}
  days: {value: 365}
  codes: {value: [A, B], type: code}
rules:
  - id: r
    hold: creditor-unknown
    when:
      """
#: The condition, and the message without the file's name.
CONDITIONS: list[tuple[str, str]] = [
    (
        "creditor.knwon: no",
        ("9:7: 'creditor.knwon' is not a field of a document; did you mean 'creditor.known'?"),
    ),
    (
        "knwon: no",
        "9:7: 'knwon' is not a field of a document; did you mean 'creditor.known'?",
    ),
    (
        "invoice.issue-date: missing",
        (
            "9:7: 'invoice.issue-date' is not a field of a document; did you mean "
            "'invoice.issue_date'?"
        ),
    ),
    (
        "account: missing",
        "9:7: 'account' belongs to a line; write 'lines: {any: {account: ...}}'",
    ),
    (
        "lines.account: missing",
        "9:7: 'account' belongs to a line; write 'lines: {any: {account: ...}}'",
    ),
    (
        "lines: {any: {invoice.total: missing}}",
        ("9:21: 'invoice.total' belongs to the document, not to a line; move it out of 'lines'"),
    ),
    (
        "lines: {any: {acount: missing}}",
        "9:21: 'acount' is not a field of a line; did you mean 'account'?",
    ),
    (
        "invoice.total: {under: 5000 DKK}",
        (
            "9:23: 'under' can't be used on 'invoice.total' (an amount); use below, "
            "at_most, above, at_least, is, between, same_as, differs_from; did you mean "
            "'below'?"
        ),
    ),
    (
        "invoice.total: {before: 5000 DKK}",
        (
            "9:23: 'before' can't be used on 'invoice.total' (an amount); use below, "
            "at_most, above, at_least, is, between, same_as, differs_from"
        ),
    ),
    (
        "invoice.total: {at_mots: 5000 DKK}",
        (
            "9:23: 'at_mots' can't be used on 'invoice.total' (an amount); use below, "
            "at_most, above, at_least, is, between, same_as, differs_from; did you mean "
            "'at_most'?"
        ),
    ),
    (
        "creditor.known: {is: yes}",
        (
            "9:24: 'is' can't be used on 'creditor.known' (yes or no); use yes, no, "
            "missing, present; write 'creditor.known: yes'"
        ),
    ),
    (
        "order.reference: {missing: yes}",
        (
            "9:25: 'order.reference' takes missing, present and nothing after it; write "
            "'order.reference: missing'"
        ),
    ),
    (
        "creditor.accounts: {is: x}",
        (
            "9:27: 'is' can't be used on 'creditor.accounts' (a set of bank accounts); use "
            "missing, present; write 'creditor.accounts: missing'"
        ),
    ),
    (
        "order.reference:",
        (
            "9:23: 'order.reference' has no condition; it needs missing, present or an "
            "operator (is, is_not, in, not_in, in_list, not_in_list, starts_with, matches, "
            "same_as, differs_from)"
        ),
    ),
    (
        "invoice.kind: invoice",
        (
            "9:21: 'invoice' is not a condition on 'invoice.kind'; it needs missing, "
            "present or an operator (is, is_not, in, not_in, same_as, differs_from); write "
            "'{is: invoice}'"
        ),
    ),
    (
        "creditor.known: true",
        (
            "9:23: 'true' is not a condition on 'creditor.known'; it needs yes, no, "
            "missing or present; write 'yes'"
        ),
    ),
    (
        "creditor.known: Yes",
        (
            "9:23: 'Yes' is not a condition on 'creditor.known'; it needs yes, no, missing "
            "or present; write 'yes'"
        ),
    ),
    (
        "creditor.known: ja",
        (
            "9:23: 'ja' is not a condition on 'creditor.known'; it needs yes, no, missing "
            "or present; write 'yes'"
        ),
    ),
    (
        "creditor.known: [yes]",
        "9:23: 'creditor.known' needs yes, no, missing or present, not a list",
    ),
    (
        "invoice.total: {below: 5.000 DKK}",
        ("9:30: '5.000 DKK' is ambiguous: write thousands without a separator, e.g. '5000 DKK'"),
    ),
    (
        'invoice.total: {below: "5,000 DKK"}',
        ("9:30: '5,000 DKK' is ambiguous: write thousands without a separator, e.g. '5000 DKK'"),
    ),
    (
        'invoice.total: {below: "5.000,00"}',
        "9:30: '5.000,00' has a thousands separator; write '5000.00 DKK'",
    ),
    (
        'invoice.total: {below: "5.000,00 kr."}',
        "9:30: '5.000,00 kr.' has a thousands separator; write '5000.00 DKK'",
    ),
    (
        'invoice.total: {below: "4200,50 DKK"}',
        "9:30: '4200,50 DKK' has a decimal comma; write '4200.50 DKK'",
    ),
    (
        "invoice.total: {below: 5000}",
        "9:30: '5000' has no currency; write '5000 DKK'",
    ),
    (
        "invoice.total: {below: 5000 kr}",
        "9:30: '5000 kr' is not written as an amount; write '5000 DKK'",
    ),
    (
        "invoice.total: {below: DKK 5000}",
        "9:30: 'DKK 5000' is not written as an amount; write '5000 DKK'",
    ),
    (
        "invoice.total: {below: 5000DKK}",
        "9:30: '5000DKK' is not written as an amount; write '5000 DKK'",
    ),
    (
        "invoice.total: {below: 5000 dkk}",
        "9:30: '5000 dkk' is not written as an amount; write '5000 DKK'",
    ),
    (
        "invoice.total: {below: 5000 DKR}",
        "9:30: 'DKR' is not a currency (ISO 4217); did you mean 'DKK'?",
    ),
    (
        "invoice.total: {below: many}",
        "9:30: 'many' is not an amount; write e.g. '5000 DKK'",
    ),
    (
        "invoice.total: {below: 5.12345 DKK}",
        "9:30: '5.12345 DKK' has more than two decimals",
    ),
    (
        "invoice.age_days: {below: 5.000}",
        "9:33: '5.000' is ambiguous: write thousands without a separator, e.g. '5000'",
    ),
    (
        'invoice.age_days: {below: "5,5"}',
        "9:33: '5,5' has a decimal comma; write '5.5'",
    ),
    (
        "invoice.age_days: {below: 25%}",
        "9:33: '25%' is not a number; write '25'",
    ),
    (
        "invoice.age_days: {below: 30 days}",
        "9:33: '30 days' is not a number; write '30'",
    ),
    (
        "invoice.due_date: {before: 31-12-2026}",
        "9:34: '31-12-2026' is not a date; write YYYY-MM-DD; did you mean '2026-12-31'?",
    ),
    (
        "invoice.due_date: {before: 31.12.2026}",
        "9:34: '31.12.2026' is not a date; write YYYY-MM-DD; did you mean '2026-12-31'?",
    ),
    (
        "invoice.due_date: {before: 2026-02-30}",
        "9:34: '2026-02-30' does not exist: February 2026 has 28 days",
    ),
    (
        "invoice.due_date: {before: 2026-13-01}",
        "9:34: '2026-13-01' does not exist: there is no month 13",
    ),
    (
        "invoice.due_date: {before: today minus 3}",
        ("9:34: 'today minus 3' is not a date; write 'today', 'today - 30 days' or YYYY-MM-DD"),
    ),
    (
        "invoice.due_date: {before: tomorrow}",
        "9:34: 'tomorrow' is not a date; write YYYY-MM-DD",
    ),
    (
        "invoice.due_date: {within_days: soon}",
        "9:39: 'soon' is not a number of days; write '14', 'next 14' or 'last 14'",
    ),
    (
        "invoice.total: {between: [1 DKK]}",
        "9:32: 'between' takes two values: [lowest, highest]",
    ),
    (
        "invoice.total: {between: [9 DKK, 1 DKK]}",
        "9:32: the lowest value stands first in 'between'; nothing lies in this range",
    ),
    (
        "invoice.total: {between: [1 DKK, 9 EUR]}",
        "9:32: 'between' has two currencies",
    ),
    (
        "order.reference: {in: A}",
        "9:29: 'in' takes a list of values, not 'A'; write '[A]'",
    ),
    (
        "order.reference: {in: []}",
        "9:29: 'in' has an empty list",
    ),
    (
        "order.reference: {in: [[A]]}",
        "9:30: a value is needed here, not a list",
    ),
    (
        "order.reference: {is: [A]}",
        "9:29: 'is' takes one value, not a list",
    ),
    (
        "invoice.kind: {is: creditnote}",
        (
            "9:26: 'creditnote' is not one of the choices of 'invoice.kind' (invoice, "
            "credit-note); did you mean 'credit-note'?"
        ),
    ),
    (
        "creditor.number: {in_list: aproved}",
        "9:34: there is no list 'aproved' (known lists: there are none)",
    ),
    (
        "creditor.number: {in_list: [A]}",
        ("9:34: 'in_list' takes the name of a list, not a list; for values written here use 'in'"),
    ),
    (
        "order.reference: {matches: '(?=a)'}",
        "9:34: '(?=a)' is not a pattern that RE2 takes: invalid perl operator: (?=",
    ),
    (
        "order.reference: {matches: '(a'}",
        "9:34: '(a' is not a pattern that RE2 takes: missing ): (a",
    ),
    (
        'order.reference: {matches: "\\d{8}"}',
        "9:35: a backslash in double quotes is an escape; use single quotes for patterns",
    ),
    (
        "invoice.total: {below: $limits}",
        ("9:30: '$limits' is not a parameter that standard.yaml declares; did you mean '$limit'?"),
    ),
    (
        "invoice.total: {below: $days}",
        (
            "9:30: 'below' on 'invoice.total' needs a parameter of type money; '$days' is "
            "of type number; declare it with 'type: money'"
        ),
    ),
    (
        "order.reference: {is: $codes}",
        "9:29: '$codes' is a list; 'is' on 'order.reference' takes one value",
    ),
    (
        "order.reference: {matches: $codes}",
        "9:34: a parameter can't stand after 'matches' on 'order.reference'",
    ),
    (
        "invoice.due_date: {within_days: $days}",
        (
            "9:39: 'within_days' on 'invoice.due_date' needs a parameter of type days; "
            "'$days' is of type number; declare it with 'type: days'"
        ),
    ),
    (
        "invoice.total: {same_as: invoice.payabel}",
        (
            "9:32: 'invoice.payabel' is not a field that 'invoice.total' can be compared "
            "with; did you mean 'invoice.payable'?"
        ),
    ),
    (
        "invoice.total: {same_as: invoice.number}",
        (
            "9:32: 'invoice.total' is an amount and 'invoice.number' is a code; only like "
            "can be compared with like"
        ),
    ),
    (
        "invoice.total: {same_as: invoice.total}",
        "9:32: 'invoice.total' is compared with itself",
    ),
    (
        "invoice.total: {same_as: 5 DKK}",
        "9:32: '5 DKK' is not a field that 'invoice.total' can be compared with",
    ),
    (
        "any_of: {creditor.known: no}",
        "9:15: 'any_of' takes a list of blocks, each beginning with '- ', not a mapping",
    ),
    (
        "any_of: []",
        "9:15: 'any_of' has no blocks",
    ),
    (
        "any_of: [{}]",
        "9:16: a block of 'any_of' is empty, so it would always hold",
    ),
    (
        "any_off: [{creditor.known: no}]",
        "9:7: 'any_off' is not a field of a document; did you mean 'any_of'?",
    ),
    (
        "lines: {some: {account: missing}}",
        (
            "9:15: 'some' can't be used on 'lines'; use any, all, none, count, sum; did "
            "you mean 'any'?"
        ),
    ),
    (
        "lines: {account: missing}",
        (
            "9:15: 'account' can't be used on 'lines'; use any, all, none, count, sum; "
            "write 'lines: {any: {account: ...}}'"
        ),
    ),
    (
        "lines: many",
        (
            "9:14: 'lines' needs any, all, none, count, sum with conditions inside, or "
            "missing or present, not 'many'"
        ),
    ),
    (
        "lines: {count: {where: {account: missing}}}",
        "9:22: 'count' needs a bound: below, at_most, above, at_least, is, between",
    ),
    (
        "lines: {count: {at_least: 2 DKK}}",
        "9:33: '2 DKK' is not a number",
    ),
    (
        "lines: {sum: {above: 2 DKK}}",
        "9:20: 'sum' needs 'field'",
    ),
    (
        "lines: {sum: {field: account, above: 2 DKK}}",
        "9:21: 'lines.account' is a code; only amounts and numbers add up",
    ),
    (
        "lines: {sum: {field: net, above: 2}}",
        "9:40: '2' has no currency; write '2 DKK'",
    ),
    (
        "lines: {any: {}}",
        "9:20: 'any' is empty, so it would always hold",
    ),
    (
        "lines: {any: {lines: {any: {account: missing}}}}",
        "9:21: 'lines' belongs to the document, not to a line; move it out of 'lines'",
    ),
]


@pytest.mark.parametrize(("condition", "message"), CONDITIONS)
def test_a_wrong_condition_is_told_where_and_why(condition: str, message: str) -> None:
    told = messages({"standard.yaml": f"{HEAD}{condition}\n"})
    assert told == [f"rules/standard.yaml:{message}"]
