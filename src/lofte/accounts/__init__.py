"""The people who work here: who they are, their roles, what each may do (art. 29, 32.4)."""
