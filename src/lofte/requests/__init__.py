"""What a person asks under art. 15-22, from receipt to answer (art. 12.3)."""
