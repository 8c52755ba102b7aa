"""Retention that runs: every row leaves on its day, and nothing leaves before (art. 5.1 e)."""
