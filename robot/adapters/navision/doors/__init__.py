"""NAV's own doors: the ways in which NAV is asked to post, one `PostingBackend` each.

Never by SQL. Whichever door it is, the unique document key is kept by the robot's own small app in
NAV (`config/navision/`), and both ways out of a document go through it.
"""
