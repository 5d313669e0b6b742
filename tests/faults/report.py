"""The table of what was run: kill points × effects × engines, and every class of fault."""

TALLY_VARIABLE = "ROBOT_TEST_TALLY"
