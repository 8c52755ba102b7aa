"""What a person has said no to, and what may still be done (art. 7.3, 18, 21)."""
