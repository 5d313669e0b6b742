"""The small Navision's own posting: checks in NAV's order, entries, and the door's unique keys."""
