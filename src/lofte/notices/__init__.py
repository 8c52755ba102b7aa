"""The published versions of the policy, and which of them is in force (art. 12-14)."""
