"""What can be known of rules without running them: contradictions, dead rules, expiry, leftovers.

`domains` and `formulas` turn conditions into sets of values, `solver` decides whether a document
exists that makes several of them come out a certain way, `example` writes that document down and
the compiled evaluator confirms it. A claim is made only when the sets prove it; where they can't
(patterns, sums, comparisons of fields) nothing is claimed.
"""
