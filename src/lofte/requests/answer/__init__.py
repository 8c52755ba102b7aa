"""What the person gets, and who else is told: package, letter, correction (art. 12, 15-16, 19-20, 22)."""
