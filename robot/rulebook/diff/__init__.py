"""`rules diff`: what changes between two sets of rules, in words, and which way it turns."""
