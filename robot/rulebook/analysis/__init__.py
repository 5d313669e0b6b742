r"""What can be known of rules without running them: contradictions, dead rules, expiry, leftovers.

`domains` and `translation` turn conditions into sets of values, `solver` decides whether a
document exists that makes several of them come out a certain way, `example` writes that document
down and the compiled evaluator confirms it. A claim is made only when the sets prove it; where
they can't, nothing is claimed.

**Exact**, which means that what no document can show is found: `missing` and `present`; flags and
choices; amounts of each currency; numbers, those that are counts as whole ones; days, on the day
that is asked about; codes and texts by `is`, `in`, lists, `starts_with`, and `matches` by patterns
of letters, sets, `\d \w \s`, groups, alternatives, repeats and `(?i)`; `any`, `all` and `none`
of the lines; `any_of`, `all_of`, `none_of` and `unless` of these; each by Kleene's three values.

**In part**, so that some of it is missed: a count beyond one is compared with counts of the same
lines and with `any`, `all`, `none`, not with how many different lines other conditions need; a sum
with the same sum and with what is missing, not with its amounts; fields that are compared with
each other by whether their values can be the same, not through the document's lines; for every
day at once, days from today on and rows of lists apart from everything else.

**Not looked at**: patterns with `\b`, anchors inside or classes of Unicode; how fields depend on
each other (the age of an invoice on its date, the total on its lines); days other than the one
that is asked about and those on which a rule begins; what `move-posting-date` does; bounces that
are held because another rule that bounces can't be checked; more than the search's budget.
"""
