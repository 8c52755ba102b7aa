"""Doing it so that a power cut loses nothing: the journal of steps, and noting in the ledger."""
