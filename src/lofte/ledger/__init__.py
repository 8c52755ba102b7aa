"""What was done: entries without personal data, in a chain that cannot be changed unseen (art. 5.2)."""
