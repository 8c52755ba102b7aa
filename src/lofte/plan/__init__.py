"""What shall be done, and what is left and why: plans as data, made by pure functions."""
