"""The git repository that the rule files may lie in: who wrote them, and who signed for them."""
