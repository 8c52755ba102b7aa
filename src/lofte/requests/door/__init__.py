"""Who is asking, and what they do by themselves: codes, contacts, sign-in, choices (art. 12.2, 12.6)."""
