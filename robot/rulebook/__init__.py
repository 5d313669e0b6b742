"""The rule language: load, check, compile, evaluate, test.

A rule file is YAML, read as text and typed by the field catalogue. A block maps fields to
conditions, all of which must hold; `any_of`, `all_of` and `none_of` hold lists of blocks; `unless`
is the exception to `when`.

    every field     missing, present
    flag            yes, no
    money, number   below, at_most, above, at_least, is, between [low, high]  (ends included)
    date            before, on_or_before, after, on_or_after, is, between, within_days
    code, text      is, is_not, in, not_in, in_list, not_in_list, starts_with, matches (whole, RE2)
    choice          is, is_not, in, not_in
    bank account    is
    most            same_as, differs_from another field of the same type
    lines           any, all, none: a block on each line
                    count: {where: block, at_least: 2}
                    sum: {field: net, where: block, above: 5000 DKK}

Dates are written `2026-12-31`, or count from the decision's day: `today`, `today - 30 days`.
`within_days: 14` means at most 14 days before or after that day, `next 14` from it on, `last 14`
up to it; both ends count. Amounts carry their currency; one in another currency is unknown. Texts
are compared exactly, capitals and leading zeros included. `$name` stands for a parameter of
standard.yaml, which customers tune with `set`.

What is missing (known not to be there) or unknown (not known) makes every comparison unknown, by
Kleene's logic; only `missing` and `present` tell the two apart. Whatever is asked of no lines is
unknown; `lines: missing` asks for that itself. Unknown never posts: a rule that posts and is
unknown does not apply, one that blocks and is unknown holds with `cannot-check`.

Findings are put aside when one of the types that hide them (`suppressed-by`, also through others)
was met; one on a line hides only what is on that line, and what is about security is never hidden.
"""
